"""Threads that take work from lanes in turn, and let no company have all of them at once."""

from __future__ import annotations

import contextvars
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from samsyn.lanes.lane import LANE, Lane

T = TypeVar("T")


class _Item:
    """A piece of work, and where its result goes."""

    def __init__(self, work: Callable[[], Any]) -> None:  # Any: whatever it gives
        self.work, self.result = work, Future[Any]()
        self.context = contextvars.copy_context()

    def do(self) -> None:
        if not self.result.set_running_or_notify_cancel():
            return
        try:
            self.result.set_result(self.context.run(self.work))
        except BaseException as error:  # noqa: BLE001 - it is for who waits for the result
            self.result.set_exception(error)


class Pool:
    """Up to `threads` threads; work of one company is done by at most `of_one` of them at once.

    Work waits for at most one piece of every other lane that waits, and for
    what was in hand when it came. `farewell` runs in each thread as it ends.
    """

    def __init__(
        self, threads: int, name: str, of_one: int, farewell: Callable[[], None] = lambda: None
    ) -> None:
        self._most, self._name, self._of_one, self._farewell = threads, name, of_one, farewell
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Lane, deque[_Item]] = OrderedDict()
        """By whose turn is next."""
        self._in_hand: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have work done for the lane of the request in hand."""
        item = _Item(work)
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._waiting.setdefault(LANE.get(), deque()).append(item)
            if self._idle == 0 and len(self._threads) < self._most:
                self._start()
            self._changed.notify()
        return item.result

    def close(self) -> None:
        """Do what is in hand and what waits, then end the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        name = f"{self._name}-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while (taken := self._take()) is not None:
            lane, item = taken
            item.do()
            del item, taken  # what it holds is not kept until there is other work
            with self._changed:
                self._in_hand[lane.company] -= 1
                self._changed.notify()
        self._farewell()

    def _take(self) -> tuple[Lane, _Item] | None:
        """The next piece of work, waited for; None when the pool is closed and all is done."""
        with self._changed:
            while (lane := self._next()) is None:
                if self._closed and not self._waiting:
                    return None
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            items = self._waiting[lane]
            item = items.popleft()
            if items:
                self._waiting.move_to_end(lane)
            else:
                del self._waiting[lane]
            self._in_hand[lane.company] += 1
            return lane, item

    def _next(self) -> Lane | None:
        for lane in self._waiting:
            if not lane.company or self._in_hand[lane.company] < self._of_one:
                return lane
        return None
