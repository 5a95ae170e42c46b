"""What this process counts, and Prometheus' text format for it."""

from __future__ import annotations

import bisect
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
Line = tuple[str, dict[str, str], float]
"""A name, its labels, a value."""


class Requests:
    """Requests by the kind of address and of answer, with how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self._seconds: dict[str, float] = defaultdict(float)

    def count(self, room: str, status: int, seconds: float) -> None:
        """Another request."""
        with self._lock:
            self._counts[room, f"{status // 100}xx" if status else "none"] += 1
            self._buckets[room][bisect.bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds[room] += seconds

    def lines(self) -> Iterator[Line]:
        """Counts, and the histogram of each room."""
        with self._lock:
            counts, seconds = dict(self._counts), dict(self._seconds)
            buckets = {room: list(found) for room, found in self._buckets.items()}
        for (room, status), number in sorted(counts.items()):
            yield "samsyn_requests_total", {"interface": room, "status": status}, number
        for room, found in sorted(buckets.items()):
            upto = 0
            for bound, number in zip((*BOUNDS_S, "+Inf"), found, strict=True):
                upto += number
                labels = {"interface": room, "le": str(bound)}
                yield "samsyn_request_seconds_bucket", labels, upto
            yield "samsyn_request_seconds_sum", {"interface": room}, seconds[room]
            yield "samsyn_request_seconds_count", {"interface": room}, upto


requests = Requests()
"""Those of this process."""
_KINDS = {"_total": "counter", "_seconds_bucket": "histogram"}


def text(lines: Iterable[Line]) -> str:
    """The lines in Prometheus' format, with the kind of each before its first."""
    told: list[str] = []
    known: set[str] = set()
    for name, labels, value in lines:
        kind = next((k for end, k in _KINDS.items() if name.endswith(end)), "gauge")
        family = name.removesuffix("_bucket") if kind == "histogram" else name
        if family not in known and not name.endswith(("_sum", "_count")):
            known.add(family)
            told.append(f"# TYPE {family} {kind}")
        inside = ",".join(f'{label}="{content}"' for label, content in labels.items())
        told.append(f"{name}{{{inside}}} {value:.15g}" if inside else f"{name} {value:.15g}")
    return "".join(f"{line}\n" for line in told)
