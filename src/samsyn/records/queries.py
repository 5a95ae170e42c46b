"""What readers ask of the store: pages of records, searched, filtered and sorted."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping

import msgspec

from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.records.conditions import Condition, Op, Words, is_number, sort_value
from samsyn.records.errors import BadQuery
from samsyn.records.rows import COLUMNS, record_of
from samsyn.records.tenant import Tenant, is_postgresql


class Listing(msgspec.Struct, frozen=True):
    """Which living records of a type are asked for, and in what order.

    Without `sort` they come in the order of their ids; records without a
    value in the sorted field come last.
    """

    type: RecordType
    limit: int
    cursor: str | None = None
    search: str | None = None
    conditions: tuple[Condition, ...] = ()
    sort: Field | None = None
    descending: bool = False


class Page(msgspec.Struct, frozen=True):
    """A page of records and the cursor of the next one, None on the last."""

    records: list[Record]
    next: str | None


def page(tenant: Tenant, asked: Listing) -> Page:
    """One page; BadQuery for a cursor of another listing."""
    words = Words()
    where = [condition.sql(words) for condition in asked.conditions]
    if asked.search:
        where.append(words.search(asked.type.fields, asked.search))
    order = "id"
    value = "NULL"
    if asked.sort is not None:
        value = sort_value(words, asked.sort)
        order = f"({value}) IS NULL, ({value}) {'DESC' if asked.descending else 'ASC'}, id"
    if asked.cursor is not None:
        where.append(_beyond(words, asked, value))
    found = tenant.rows(
        f"SELECT {COLUMNS}, {value} FROM records_record"
        " WHERE company_id = %(company)s AND type = %(type)s AND alive"
        + "".join(f" AND ({condition})" for condition in where)
        + f" ORDER BY {order} LIMIT %(limit)s",
        type=asked.type.name,
        limit=asked.limit + 1,
        **words.values,
    )
    shown = found[: asked.limit]
    more = len(found) > asked.limit
    return Page(
        records=[record_of(row[:-1]) for row in shown],
        next=_cursor(asked, shown[-1][-1], shown[-1][0]) if more and shown else None,
    )


def living_with(
    tenant: Tenant, record_type: RecordType, values: Mapping[str, Cell], but_not: str
) -> str | None:
    """The id of a living record that has these values, other than `but_not`."""
    words = Words()
    where = [Condition(record_type.field(f), Op.EQ, cell).sql(words) for f, cell in values.items()]
    found = tenant.row(
        "SELECT id FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        " AND alive AND id <> %(but_not)s"
        + "".join(f" AND ({condition})" for condition in where)
        + " LIMIT 1",
        type=record_type.name,
        but_not=but_not,
        **words.values,
    )
    return None if found is None else str(found[0])


def _beyond(words: Words, asked: Listing, value: str) -> str:
    """The condition that a record comes after the cursor."""
    last, last_id = _read_cursor(asked)
    words.values["last_id"] = last_id
    if asked.sort is None:
        return "id > %(last_id)s"
    if last is None:
        return f"({value}) IS NULL AND id > %(last_id)s"
    words.values["last"] = last
    mark = "%(last)s"
    if is_postgresql():
        mark = f"%(last)s::{'numeric' if is_number(asked.sort) else 'text'}"
    after = "<" if asked.descending else ">"
    return (
        f"({value}) {after} {mark} OR ({value}) IS NULL"
        f" OR (({value}) = {mark} AND id > %(last_id)s)"
    )


def _cursor(asked: Listing, last: object, last_id: str) -> str:
    """Where the next page goes on, opaque to who carries it."""
    told = last if isinstance(last, None | int | float | str) else str(last)
    text = json.dumps([_mark(asked), told, last_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(asked: Listing) -> tuple[None | int | float | str, str]:
    assert asked.cursor is not None
    try:
        raw = asked.cursor.encode("ascii")
        text = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
        mark, last, last_id = json.loads(text)
    except (ValueError, binascii.Error, TypeError, RecursionError) as error:
        raise BadQuery(detail="not a cursor of ours") from error
    plain = isinstance(last, None | int | float | str) and isinstance(last_id, str)
    if mark != _mark(asked) or not plain or "\0" in f"{last}{last_id}":
        raise BadQuery(detail="the cursor belongs to another listing")
    if asked.sort is not None and is_number(asked.sort) and last is not None:
        try:
            float(last)
        except (ValueError, OverflowError) as error:
            raise BadQuery(detail="not a cursor of ours") from error
    return last, last_id


def _mark(asked: Listing) -> str:
    """Tells listings apart whose cursors do not fit each other."""
    sort = None if asked.sort is None else asked.sort.name
    told = json.dumps([asked.type.name, sort, asked.descending])
    return hashlib.sha256(told.encode()).hexdigest()[:8]
