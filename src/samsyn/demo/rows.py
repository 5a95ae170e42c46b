"""The rows of every table of the demo company, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from samsyn.demo import registers, trade, work
from samsyn.demo.company import Company, Row

_MAKERS: Mapping[str, Callable[[Company], Iterator[Row]]] = {
    "contact_statuses": registers.status_rows,
    "product_groups": registers.group_rows,
    "employees": registers.employee_rows,
    "contacts": registers.contact_rows,
    "contact_persons": registers.person_rows,
    "products": registers.product_rows,
    "projects": work.project_rows,
    "project_members": work.member_rows,
    "orders": trade.order_rows,
    "order_lines": trade.line_rows,
    "activities": work.activity_rows,
    "time_sheets": work.time_sheet_rows,
}


def rows(company: Company, table: str) -> Iterator[Row]:
    """The rows of the table, values in the order of its columns; KeyError for no such table."""
    return _MAKERS[table](company)
