"""What takes long to reckon is kept for a while, so that reckoning it anew costs a hundredth of a processor at most."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
SHARE = 100
"""So many times as long as it took to reckon is it kept."""
LEAST_S, LONGEST_S = 0.05, 600.0
"""What is reckoned in less is always new; nothing is kept for longer."""
MOST = 500
"""Of one process; what was asked for longest ago goes."""


class Shelf(Generic[T]):
    """Results by key; each process has its own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._kept: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def kept(self, key: str) -> T | None:
        """What is kept and not too old."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or self._clock() >= found[1]:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def is_quick(self, key: str) -> bool:
        """Whether nobody has to wait: it is kept, or is not known to take long."""
        with self._lock:
            found = self._kept.get(key)
            return found is None or self._clock() < found[1]

    def get(self, key: str, reckon: Callable[[], T]) -> T:
        """What is kept, else what is reckoned now."""
        found = self.kept(key)
        if found is not None:
            return found
        began = self._clock()
        made = reckon()
        took = self._clock() - began
        if took >= LEAST_S:
            self._put(key, made, self._clock() + min(took * SHARE, LONGEST_S))
        return made

    def _put(self, key: str, made: T, until: float) -> None:
        with self._lock:
            self._kept[key] = (made, until)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
