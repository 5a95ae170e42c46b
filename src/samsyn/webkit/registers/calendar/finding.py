"""The records of a register that lie in a stretch of days."""

from __future__ import annotations

import datetime

import msgspec

from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.calendar.laying import Entry
from samsyn.webkit.registers.calendar.spans import Span, is_yes, when
from samsyn.webkit.registers.paging import pages
from samsyn.webkit.registers.showing import title_of

MANY = 1_000
"""Records that a calendar shows of a stretch; more are not read."""
_DAY = datetime.timedelta(days=1)


class Shown(msgspec.Struct, frozen=True):
    """What lies in a stretch; `more` where there is too much to be shown."""

    entries: tuple[Entry, ...]
    more: bool


def entries_between(
    book: Book,
    register: Register,
    span: Span,
    asked: Query,
    first: datetime.date,
    last: datetime.date,
) -> Shown:
    """The records that touch one of the days from first to last, with the list's search and filters."""
    found, more = _read(book, register, asked, _begins_in(span, first, last), span)
    if span.end is not None:
        longer, still = _read(book, register, asked, _goes_into(span, first), span)
        found, more = [*longer, *found], more or still
    entries = [
        entry
        for kept in {one.id: one for one in found}.values()
        if (entry := _entry(book, register, span, kept)) is not None
        and entry.when.start.date() <= last
        and entry.when.end > datetime.datetime.combine(first, datetime.time())
    ]
    return Shown(tuple(sorted(entries, key=lambda e: (e.when.start, e.title))), more)


def _begins_in(span: Span, first: datetime.date, last: datetime.date) -> tuple[Condition, ...]:
    """A day wider on both sides: the reader's zone may be another than the database's."""
    return (
        Condition(span.start.name, Op.GE, (first - _DAY).isoformat()),
        Condition(span.start.name, Op.LT, (last + 2 * _DAY).isoformat()),
    )


def _goes_into(span: Span, first: datetime.date) -> tuple[Condition, ...]:
    assert span.end is not None
    return (
        Condition(span.start.name, Op.LT, (first - _DAY).isoformat()),
        Condition(span.end.name, Op.GE, (first - _DAY).isoformat()),
    )


def _read(
    book: Book, register: Register, asked: Query, told: tuple[Condition, ...], span: Span
) -> tuple[list[Kept], bool]:
    found: list[Kept] = []
    query = msgspec.structs.replace(
        asked, filter=(*asked.filter, *told), sort=(Order(span.start.name),)
    )
    more = False
    for page in pages(book, register.type.name, query):
        found += page.records
        more = page.next is not None
        if len(found) >= MANY:
            break
    return found, more


def _entry(book: Book, register: Register, span: Span, kept: Kept) -> Entry | None:
    at = when(span, kept)
    if at is None:
        return None
    done = span.done is not None and is_yes(kept.fields.get(span.done.name))
    url = Addresses(book.root).card(kept.type, kept.id)
    return Entry(title_of(register.type, kept), url, at, done)
