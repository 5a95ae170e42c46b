"""Work is done in turn, and no company has every thread."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial

import pytest

from samsyn.lanes.lane import LANE, Lane
from samsyn.lanes.pool import Pool

DEADLINE_S = 20
FLOOD, SMALL = Lane("flood"), Lane("small")


class Gate:
    """Work that is in hand until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def work(self) -> None:
        self.begun.set()
        assert self.let_go.wait(DEADLINE_S)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Let go at the end, so that nothing waits for ever."""
    made = Gate()
    yield made
    made.let_go.set()


def submitted(pool: Pool, lane: Lane, work: Callable[[], object]) -> Future[object]:
    """Work of a lane."""
    return contextvars.copy_context().run(lambda: (LANE.set(lane), pool.submit(work))[1])


def test_whoever_comes_late_waits_for_one_piece_of_each_other_lane(gate: Gate) -> None:
    pool, done = Pool(1, "test", 1), list[str]()
    submitted(pool, FLOOD, gate.work)
    assert gate.begun.wait(DEADLINE_S)
    for number in range(100):
        submitted(pool, FLOOD, partial(done.append, f"flood {number}"))
    submitted(pool, Lane("flood", "elsewhere"), lambda: done.append("elsewhere"))
    submitted(pool, SMALL, lambda: done.append("small"))
    gate.let_go.set()
    pool.close()
    assert done[:4] == ["flood 0", "elsewhere", "small", "flood 1"]
    assert done[4:] == [f"flood {number}" for number in range(2, 100)]


def test_no_company_has_every_thread(gate: Gate) -> None:
    pool = Pool(2, "test", 1)
    submitted(pool, FLOOD, gate.work)
    assert gate.begun.wait(DEADLINE_S)
    second = submitted(pool, Lane("flood", "elsewhere"), lambda: "second")
    assert submitted(pool, SMALL, lambda: "small").result(DEADLINE_S) == "small"
    assert not second.running()
    assert not second.done()
    gate.let_go.set()
    assert second.result(DEADLINE_S) == "second"
    pool.close()


def test_work_of_no_company_may_have_every_thread() -> None:
    pool, both = Pool(2, "test", 1), threading.Barrier(2, timeout=DEADLINE_S)
    waiting = [submitted(pool, Lane(asker="x"), both.wait) for _ in range(2)]
    assert sorted(str(one.result(DEADLINE_S)) for one in waiting) == ["0", "1"]
    pool.close()


def test_what_goes_wrong_is_told_to_who_asked_and_stops_nobody() -> None:
    pool = Pool(1, "test", 1)
    failed = submitted(pool, FLOOD, lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        failed.result(DEADLINE_S)
    assert submitted(pool, FLOOD, lambda: "next").result(DEADLINE_S) == "next"
    pool.close()


def test_work_that_nobody_waits_for_any_more_is_not_done(gate: Gate) -> None:
    pool, done = Pool(1, "test", 1), list[str]()
    submitted(pool, FLOOD, gate.work)
    given_up = submitted(pool, FLOOD, lambda: done.append("given up"))
    assert given_up.cancel()
    gate.let_go.set()
    pool.close()
    assert done == []


def test_a_thread_knows_the_request_that_it_works_for() -> None:
    pool = Pool(1, "test", 1)
    assert submitted(pool, SMALL, LANE.get).result(DEADLINE_S) == SMALL
    pool.close()


def test_closing_does_what_waits_and_says_farewell_in_each_thread() -> None:
    said, done, both = list[str](), list[int](), threading.Barrier(2, timeout=DEADLINE_S)
    pool = Pool(2, "test", 2, farewell=lambda: said.append(threading.current_thread().name))
    for _ in range(2):
        submitted(pool, SMALL, both.wait)
    for number in range(10):
        submitted(pool, SMALL, partial(done.append, number))
    pool.close()
    assert sorted(done) == list(range(10))
    assert sorted(said) == ["test-1", "test-2"]
    with pytest.raises(RuntimeError):
        submitted(pool, SMALL, lambda: None)
