"""Picks a record at random from a company database without reading them all."""

from __future__ import annotations

from random import Random

from samsyn.demo import schema
from samsyn.demo.company import Value
from samsyn.demo.desk import Desk


def any_of(
    desk: Desk, dice: Random, table: str, columns: str, where: str = "1 = 1", *values: Value
) -> tuple[object, ...] | None:
    """The columns of some row that meets the condition; None where there is none."""
    number = schema.table(table).number
    ends = desk.row(f"SELECT min({number}), max({number}) FROM {table} WHERE {where}", *values)
    if ends is None or ends[0] is None:
        return None
    low, high = whole(ends[0]), whole(ends[1])
    return desk.row(
        f"SELECT {columns} FROM {table} WHERE {number} >= ? AND {where} ORDER BY {number} LIMIT 1",
        low + int(dice.random() * (high - low + 1)),
        *values,
    )


def any_product(desk: Desk, dice: Random, columns: str) -> tuple[object, ...] | None:
    """The columns of some product that is still sold."""
    counted = desk.row("SELECT count(*) FROM products WHERE discontinued = FALSE")
    assert counted is not None
    return desk.row(
        f"SELECT {columns} FROM products WHERE discontinued = FALSE"
        " ORDER BY product_no LIMIT 1 OFFSET ?",
        int(dice.random() * whole(counted[0])),
    )


def any_employee(desk: Desk, dice: Random) -> tuple[int, str] | None:
    """Number and first name of somebody who works here."""
    found = any_of(desk, dice, "employees", "employee_id, first_name", "active = TRUE")
    return (whole(found[0]), str(found[1])) if found else None


def whole(value: object) -> int:
    """A number that the database gives as a whole one."""
    assert isinstance(value, int)
    return value
