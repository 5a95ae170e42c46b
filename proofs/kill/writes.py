"""Our own record of what was written and acknowledged, and the check that nothing of it is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import msgspec

Place = tuple[str, str, str]
"""Table, code of the row, field."""


class Write(msgspec.Struct):
    """A value somebody wrote; uncertain until whoever took it said so."""

    no: int
    side: str
    place: Place
    token: str | None
    """None for a deletion, whose field is empty."""
    certain: bool = False
    refused: bool = False


class Writes:
    """All writes since the last rest, of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: list[Write] = []
        self._count = 0
        self.acknowledged = {"office": 0, "online": 0}

    def token(self, side: str) -> str:
        """A value that is written once."""
        with self._lock:
            self._count += 1
            return f"{side[1]}-{self._count}-"

    def begin(self, side: str, writes: Mapping[Place, str | None]) -> list[Write]:
        """They are about to be written, all or none."""
        with self._lock:
            begun = []
            for place, token in writes.items():
                self._count += 1
                begun.append(Write(self._count, side, place, token))
            self._all += begun
            return begun

    def acknowledge(self, writes: list[Write]) -> None:
        """Whoever took them said so."""
        with self._lock:
            for write in writes:
                self.acknowledged[write.side] += 1
                write.certain = True

    def refuse(self, writes: list[Write]) -> None:
        """They were refused: nothing of them may stand."""
        with self._lock:
            for write in writes:
                write.refused = True

    def settled(self, rows: Mapping[Place, str | None], known_online: str) -> list[str]:
        """What is missing at rest; then begins anew.

        `rows` is what stands at the office, the same as online; `known_online`
        everything that the service has logged, as text.
        """
        with self._lock:
            wrong = list(self._wrong(rows, known_online))
            self._all = []
            return wrong

    def _wrong(self, rows: Mapping[Place, str | None], known_online: str) -> Iterator[str]:
        places: dict[Place, list[Write]] = {}
        for write in self._all:
            places.setdefault(write.place, []).append(write)
        for place, writes in places.items():
            table, code, field = place
            deletions = places.get((table, code, ""), [])
            yield from _lost(writes, deletions, rows.get(place), known_online)
            if not field:
                continue
            if place not in rows:
                certain = any(write.certain for write in writes)
                if certain and not any(not d.refused for d in deletions):
                    yield f"{place}: the row is gone and nobody deleted it"
            else:
                yield from _went_back(place, writes, rows[place])


def _lost(
    writes: list[Write], deletions: list[Write], now: str | None, known_online: str
) -> Iterator[str]:
    """An acknowledged write is current, known to the service, or superseded at the office."""
    for write in writes:
        if not write.certain or write.token is None or write.token in (now, ""):
            continue
        if write.token in known_online:
            continue
        later = [w for w in (*writes, *deletions) if w.no > write.no and not w.refused]
        if write.side == "online" or not any(w.side == "office" for w in later):
            yield f"{write}: acknowledged, and nobody knows of it; now {now!r}"


def _went_back(place: Place, writes: list[Write], now: str | None) -> Iterator[str]:
    """What stands is the last acknowledged write of a side, or an uncertain one after it."""
    possible = set()
    for side in ("office", "online"):
        own = [w for w in writes if w.side == side and not w.refused]
        last = max((w.no for w in own if w.certain), default=0)
        possible |= {w.token for w in own if w.no >= last}
    if any(w.certain for w in writes) and now not in possible:
        yield f"{place}: holds {now!r}, not one of {sorted(map(str, possible))}"
