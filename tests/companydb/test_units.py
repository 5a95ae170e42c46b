"""What of a page has to be taken together."""

from __future__ import annotations

from samsyn.companydb.units import units
from samsyn.core.changes import OnlineChange, Operation
from tests.records.office import CUSTOMER, rid


def new(number: int, **fields: str) -> OnlineChange:
    """A customer that was made online."""
    return OnlineChange(Operation.INSERT, "customer", rid(number), dict(fields))


def taken(*changes: OnlineChange) -> list[list[str]]:
    """The ids of each unit."""
    return [[c.id for c in unit] for unit in units(changes, {"customer": CUSTOMER})]


def test_new_records_that_refer_to_later_ones_come_with_them() -> None:
    assert taken(new(1, head=rid(3)), new(2), new(3)) == [[rid(2)], [rid(1), rid(3)]]
    assert taken(new(1), new(2, head=rid(1))) == [[rid(1)], [rid(2)]]


def test_a_column_that_the_office_has_dropped_refers_to_nothing_fm24_g5() -> None:
    assert taken(new(1, gone=rid(2)), new(2)) == [[rid(1)], [rid(2)]]
