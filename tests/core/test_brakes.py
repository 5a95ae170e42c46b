"""The brakes as a table: when a change of many records is held until a person has looked."""

from __future__ import annotations

import pytest

from samsyn.core.brakes import (
    Brake,
    BrakeLimits,
    Deletions,
    OneValue,
    on_deletions,
    on_one_value,
    tally,
)

DELETIONS = [
    ("one of many", Deletions(1000, 1), None),
    ("exactly a fifth", Deletions(1000, 200), None),
    ("one more than a fifth", Deletions(1000, 201), "MANY_DELETED"),
    ("twenty of a table of twenty", Deletions(20, 20), None),
    ("twenty of twenty-one", Deletions(21, 20), None),
    ("all of twenty-one", Deletions(21, 21), "TABLE_EMPTIED"),
    ("twenty-one of twenty-two", Deletions(22, 21), "MANY_DELETED"),
    ("all of a large table", Deletions(100_000, 100_000), "TABLE_EMPTIED"),
    ("the last ones, after many that went before", Deletions(100, 1, 20), "MANY_DELETED"),
    ("the last ones, after few that went before", Deletions(100, 1, 19), None),
    ("deleted and made again under other keys", Deletions(1000, 300, come=300), None),
    ("more deleted than made again", Deletions(1000, 401, come=200), "MANY_DELETED"),
    ("every one replaced by another", Deletions(100, 100, come=100), "TABLE_EMPTIED"),
    ("nothing", Deletions(0, 0), None),
    ("nothing more, after many that went before", Deletions(100, 0, 20), None),
]


@pytest.mark.parametrize(
    ("told", "code"), [row[1:] for row in DELETIONS], ids=[r[0] for r in DELETIONS]
)
def test_deletions_are_held_when_they_are_too_many_fm25(told: Deletions, code: str | None) -> None:
    found = on_deletions(told)
    assert (None if found is None else found.code) == code
    if found is not None:
        assert found.records == told.records
        assert found.count >= told.gone


def test_a_brake_tells_its_numbers_fm25() -> None:
    assert on_deletions(Deletions(100, 30, 80)) == Brake("TABLE_EMPTIED", 30, 100)
    assert on_deletions(Deletions(1000, 201, 99)) == Brake("MANY_DELETED", 300, 1000)


ONE_VALUE = [
    ("a few", OneValue("f", 50, 60), False),
    ("one more than fifty of sixty", OneValue("f", 51, 60), True),
    ("exactly half", OneValue("f", 500, 1000), False),
    ("more than half", OneValue("f", 501, 1000), True),
    ("all of a small table", OneValue("f", 50, 50), False),
]


@pytest.mark.parametrize(
    ("told", "held"), [row[1:] for row in ONE_VALUE], ids=[r[0] for r in ONE_VALUE]
)
def test_one_value_everywhere_is_held_fm25(told: OneValue, held: bool) -> None:
    expected = Brake("ONE_VALUE", told.count, told.records, "f") if held else None
    assert on_one_value(told) == expected


def test_a_person_may_set_other_limits_or_none_fm25() -> None:
    assert on_deletions(Deletions(1000, 400), BrakeLimits(share=0.5)) is None
    assert on_deletions(Deletions(1000, 150), BrakeLimits(share=0.1)) is not None
    assert on_deletions(Deletions(1000, 1000), BrakeLimits(off=True)) is None
    assert on_one_value(OneValue("f", 1000, 1000), BrakeLimits(off=True)) is None


@pytest.mark.parametrize(
    ("before", "deleted", "created", "after"),
    [(0, 1, 0, 1), (5, 1, 0, 6), (5, 0, 2, 3), (5, 3, 3, 5), (1, 0, 9, 0), (0, 0, 9, 0)],
)
def test_new_records_take_deletions_back_and_time_does_not_fm25(
    before: int, deleted: int, created: int, after: int
) -> None:
    assert tally(before, deleted, created) == after
