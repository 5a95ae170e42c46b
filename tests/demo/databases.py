"""The two kinds of demo databases behind one face, for tests that must hold on both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from samsyn.demo.desk import Desk

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)

LINE_SUMS_THAT_DIFFER = """
SELECT count(*) FROM orders o WHERE
  abs(net_amount - (SELECT coalesce(sum(amount), 0) FROM order_lines l
    WHERE l.order_no = o.order_no)) > 0.001
  OR abs(vat_amount - net_amount * vat_percent / 100.0) > 0.0051
  OR abs(total_amount - net_amount - vat_amount) > 0.001
"""


class Office(Protocol):
    """A demo company database, and a desk at it."""

    @property
    def desk(self) -> Desk:
        """Where edits are made."""

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""

    def dangling(self) -> Sequence[object]:
        """The references that point at nothing."""


def number(desk: Desk, statement: str) -> int:
    """The whole number that the statement asks for."""
    found = desk.row(statement)
    assert found is not None
    assert isinstance(found[0], int)
    return found[0]
