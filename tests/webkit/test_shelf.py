"""What takes long is kept in proportion to what it took, and what is quick is always new."""

from __future__ import annotations

from samsyn.webkit.desktop.shelf import LEAST_S, LONGEST_S, MOST, SHARE, Shelf


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Reckoner:
    """Takes a time to reckon, and counts how often it did."""

    def __init__(self, clock: Clock, takes_s: float) -> None:
        self.clock, self.takes_s, self.times = clock, takes_s, 0

    def __call__(self) -> int:
        self.clock.now += self.takes_s
        self.times += 1
        return self.times


def test_what_is_quick_is_reckoned_each_time() -> None:
    clock = Clock()
    shelf, quick = Shelf[int](clock), Reckoner(clock, LEAST_S / 2)
    assert [shelf.get("a", quick) for _ in range(3)] == [1, 2, 3]
    assert shelf.kept("a") is None
    assert shelf.is_quick("a")


def test_what_takes_long_is_kept_a_hundred_times_as_long_and_then_known_to_be_slow() -> None:
    clock = Clock()
    shelf, slow = Shelf[int](clock), Reckoner(clock, 2)
    assert [shelf.get("a", slow) for _ in range(3)] == [1, 1, 1]
    clock.now += 2 * SHARE - 1
    assert (shelf.get("a", slow), shelf.is_quick("a")) == (1, True)
    clock.now += 1
    assert (shelf.kept("a"), shelf.is_quick("a")) == (None, False)
    assert shelf.get("a", slow) == 2


def test_nothing_is_kept_for_ever_nor_without_bound() -> None:
    clock = Clock()
    shelf, slow = Shelf[int](clock), Reckoner(clock, LONGEST_S)
    shelf.get("a", slow)
    clock.now += LONGEST_S
    assert shelf.kept("a") is None
    for number in range(MOST):
        shelf.get(str(number), Reckoner(clock, 1))
    assert shelf.is_quick("a"), "it is forgotten"
