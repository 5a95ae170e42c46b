"""The panel of what the reader has to do: his own activities that are not done, the oldest first."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.core.catalog import Kind
from samsyn.core.cells import Cell
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.webkit.desktop.contents import Row, rows
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.desktop.meaning import Work, employees_in
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.showing import line_of, plain_value, title_of

LISTED = 50


def employee_of(book: Book, email: str) -> str | None:
    """The record of the employee with that address, where the reader may see employees."""
    found = employees_in(book.registers())
    if found is None:
        return None
    register, field = found
    wanted = (Condition(field.name, Op.CONTAINS, email),)
    listed = book.page(register.type.name, Query(filter=wanted, limit=LISTED)).records
    return next((one.id for one in listed if _is(one.fields.get(field.name), email)), None)


def my_activities(book: Book, work: Work, employee: str | None) -> Content:
    """What the employee has to do; in words why there is none, where the reader is no employee."""
    name = work.register.type.name
    if employee is None:
        return rows((), _("No employee has your e-mail address, so nothing is yours here."))
    conditions = [Condition(work.whose.name, Op.EQ, employee)]
    if work.done is not None:
        conditions.append(Condition(work.done.name, Op.NE, True))
    query = Query(filter=tuple(conditions), sort=(Order(work.starts.name),), limit=LISTED)
    found = book.page(name, query).records
    to = Addresses(book.root)
    return rows(
        (_row(work, one, to.card(name, one.id)) for one in found),
        _("You have nothing to do."),
        more_url=to.list(name, *conditions),
        more_words=_("All of mine"),
    )


def _row(work: Work, kept: Kept, url: str) -> Row:
    cell = kept.fields.get(work.starts.name)
    when = "" if cell is None else plain_value(work.starts, cell).text
    more = " · ".join(filter(None, (when, line_of(work.register.type, kept, work.starts.name))))
    late = work.done is not None and _is_past(work.starts.kind, cell)
    return Row(title_of(work.register.type, kept), url, more, tag=_("overdue") if late else "")


def _is_past(kind: Kind, cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    try:
        if kind is Kind.DATE:
            return datetime.date.fromisoformat(cell) < timezone.localdate()
        at = datetime.datetime.fromisoformat(cell)
    except ValueError:
        return False
    return (at if at.tzinfo else timezone.make_aware(at)) < timezone.now()


def _is(cell: Cell, email: str) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() == email.casefold()
