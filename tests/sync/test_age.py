"""The agent tells how old the oldest change is that it has not sent."""

from __future__ import annotations

from samsyn.agent.age import UnsentAge


class Clock:
    """Stands where a test puts it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_age_counts_from_the_first_commit_that_was_not_sent() -> None:
    clock = Clock()
    age = UnsentAge(clock)
    assert age.ms() is None
    age.notice()
    clock.now = 101.2
    age.notice()
    assert age.ms() == 1_200
    age.all_sent(101.3)
    assert age.ms() is None


def test_what_is_noticed_while_the_rest_is_sent_counts_on() -> None:
    clock = Clock()
    age = UnsentAge(clock)
    began = clock.now
    clock.now = 100.5
    age.notice()
    age.all_sent(began)
    clock.now = 101.0
    assert age.ms() == 500
