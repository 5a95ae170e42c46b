"""What a record says of itself to others: what the office has of it, and what that is still to hear."""

from __future__ import annotations

from msgspec.structs import replace

from samsyn.core.record import (
    Mark,
    Pending,
    Record,
    Step,
    as_told,
    awaited,
    frozen_fields,
    refused,
    was_taken,
)

REST = Record("r", "t", {"f": "online", "g": "online", "h": "both"}, key=(7,), version=9)
FROZEN = Pending(8, "office", "robot", "at 8", held=True, frozen=True)
HELD = Pending(6, "had", "Maria", "at 6", held=True)
WAITING = Pending(9, "old", "Maria", "at 9", trail=(Step(4, "a"), Step(5, "b")))


def test_in_a_frozen_field_the_office_is_told_what_it_has_fm19() -> None:
    record = replace(REST, pending={"f": FROZEN, "g": WAITING})
    assert frozen_fields(record) == {"f"}
    assert as_told(record) == replace(
        REST, fields={"f": "office", "g": "online", "h": "both"}, pending={"g": WAITING}
    )


def test_what_is_refused_and_what_waits_is_told_as_it_stands_fm12() -> None:
    record = replace(REST, pending={"f": HELD, "g": WAITING})
    assert frozen_fields(record) == frozenset()
    assert as_told(record) == record
    assert as_told(REST) == REST


def test_where_the_office_refused_a_value_it_has_the_one_before_fm12() -> None:
    record = replace(REST, pending={"f": FROZEN, "g": WAITING, "h": HELD})
    assert refused(record) == {"f": "office", "h": "had"}


def test_only_a_new_record_can_be_refused_whole_fm12() -> None:
    assert was_taken(REST)
    assert was_taken(replace(REST, born=Mark(6)))
    assert not was_taken(replace(REST, born=Mark(6, held=True)))


def test_the_office_is_to_hear_of_every_write_that_waits() -> None:
    """Also of those between: it may have taken one of them and not the next."""
    assert awaited(REST) == frozenset()
    record = replace(REST, pending={"f": HELD, "g": WAITING})
    assert awaited(record) == {4, 5, 6, 9}
    assert awaited(replace(record, born=Mark(2))) == {2, 4, 5, 6, 9}
    assert awaited(replace(REST, died=Mark(10))) == {10}
