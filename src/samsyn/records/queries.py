"""Lists of records for the REST API and for pages: search, filter, sort, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.listing import (
    MAX_CONDITIONS,
    MAX_PAGE,
    NUMBERS,
    Condition,
    Op,
    Query,
    words,
)
from samsyn.core.record import Record
from samsyn.records import references
from samsyn.records.catalogs import type_state
from samsyn.records.errors import BadQuery, UnknownRecord
from samsyn.records.listing import (
    Position,
    SortValue,
    decode_cursor,
    encode_cursor,
    field_of,
    number,
)
from samsyn.records.rows import COLUMNS, record_of, records_by_id, to_json
from samsyn.records.sql import Parameters, as_number, fold, number_of, ordered, position_of, text_of
from samsyn.records.tenant import Tenant, among, is_postgresql, texts_as_list


class Page(msgspec.Struct, frozen=True):
    """Records, and the cursor of the next page where there is one."""

    records: list[Record]
    next: str | None


BY_INDEX = 200
"""PostgreSQL looks through all records of a type sooner than it joins so many targets: 0.1 s of 200,000 against 1 s."""
WORDS = frozenset({Kind.TEXT, Kind.ENUM, Kind.OTHER})
"""Kinds that are sorted as people look for words."""
Level = tuple[Field, str, bool]
"""A field to sort by, its expression, and whether the largest come first."""


def living_records(tenant: Tenant, type_: str, query: Query) -> Page:
    """A page of a type's living records; UnknownType, UnknownField, BadQuery."""
    record_type = type_state(tenant, type_).type
    limit = max(1, min(query.limit, MAX_PAGE))
    if len(query.filter) + len(query.sort) > MAX_CONDITIONS:
        raise BadQuery(detail=f"more than {MAX_CONDITIONS} conditions")
    parameters = Parameters()
    levels = [
        (field, _sorted_by(field, parameters), order.descending)
        for order in query.sort
        for field in [field_of(record_type, order.field)]
    ]
    where = [_condition(record_type, condition, parameters) for condition in query.filter]
    where += _indexed(tenant, record_type, query.filter, parameters)
    where += [_search(record_type, word, parameters) for word in words(query.search)]
    if query.cursor:
        where.append(_after(levels, decode_cursor(query.cursor, len(levels)), parameters))
    values = "".join(f", {expression}" for _, expression, _ in levels)
    order_by = "".join(f"{e} {'DESC' if d else 'ASC'} NULLS LAST, " for _, e, d in levels)
    found = tenant.rows(
        f"SELECT {COLUMNS}{values} FROM records_record"
        " WHERE company_id = %(company)s AND type = %(type)s AND alive"
        + "".join(f" AND ({condition})" for condition in where)
        + f" ORDER BY {order_by}id LIMIT %(limit)s",
        type=type_,
        limit=limit + 1,
        **parameters.values,
    )
    records = [record_of(row[:7]) for row in found[:limit]]
    if len(found) <= limit:
        return Page(records, None)
    last = found[limit - 1]
    position = Position(tuple(_plain(value) for value in last[7:]), last[0])
    return Page(records, encode_cursor(position))


def living_record(tenant: Tenant, type_: str, record_id: str) -> Record:
    """One living record of a type; UnknownRecord."""
    record = records_by_id(tenant, [record_id]).get(record_id)
    if record is None or not record.alive or record.type != type_:
        raise UnknownRecord(record=record_id)
    return record


def living_with(
    tenant: Tenant, record_type: RecordType, values: Mapping[str, Cell], but_not: str
) -> str | None:
    """The id of a living record whose key fields hold these cells, other than `but_not`."""
    parameters = Parameters()
    key = to_json([values.get(name) for name in record_type.key])
    referring = any(f.reference for f in record_type.fields if f.name in record_type.key)
    if key.startswith('["') and len(key) < 500 and not referring:
        # Just these are in the index records_by_key.
        condition = (
            f"substr(key, 1, 2) = '[\"' AND length(key) < 500 AND key = %({parameters.add(key)})s"
        )
    else:
        condition = " AND ".join(
            f"fields -> %({parameters.add_field(name)})s = %({parameters.add(to_json(cell))})s"
            for name, cell in values.items()
        )
    found = tenant.row(
        "SELECT id FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        f" AND alive AND id <> %(but_not)s AND {condition} LIMIT 1",
        type=record_type.name,
        but_not=but_not,
        **parameters.values,
    )
    return None if found is None else str(found[0])


def living_holding(tenant: Tenant, type_: str, field: str, texts: Sequence[str]) -> list[Record]:
    """A type's living records whose field holds one of these texts; UnknownType, UnknownField."""
    is_reference = field_of(type_state(tenant, type_).type, field).reference is not None
    parameters = Parameters()
    held = text_of(parameters.add_field(field))
    known = ""
    asked_by_index = len(texts) <= BY_INDEX or not is_postgresql()
    if is_reference and asked_by_index and references.filled(tenant, type_):
        known = f" AND {references.among_all('texts')}"
    found = tenant.rows(
        f"SELECT {COLUMNS} FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        f" AND alive{known} AND {among(held, 'texts')} ORDER BY id",
        type=type_,
        texts=texts_as_list(texts),
        **parameters.values,
    )
    return [record_of(row) for row in found]


def living_since(tenant: Tenant, type_: str, field: str, day: str, most: int) -> list[Record]:
    """A type's living records of that day or later, the newest first, read in one go; UnknownType, UnknownField."""
    record_type = type_state(tenant, type_).type
    parameters = Parameters()
    later = _condition(record_type, Condition(field, Op.GE, day), parameters)
    at = _sortable(field_of(record_type, field), parameters)
    found = tenant.rows(
        f"SELECT {COLUMNS} FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        f" AND alive AND {later} ORDER BY {at} DESC, id LIMIT %(most)s",
        type=type_,
        most=most,
        **parameters.values,
    )
    return [record_of(row) for row in found]


def referring_to(tenant: Tenant, type_: str, fields: Iterable[str], record: str) -> list[str]:
    """The ids of a type's living records with the record in one of these reference fields."""
    parameters = Parameters()
    target = parameters.add(record)
    ways = [f"{text_of(parameters.add_field(name))} = %({target})s" for name in fields]
    known = f" AND {references.among(target)}" if references.filled(tenant, type_) else ""
    found = tenant.rows(
        "SELECT id FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
        f" AND alive{known} AND ({' OR '.join(ways)}) ORDER BY id",
        type=type_,
        **parameters.values,
    )
    return [row[0] for row in found]


def _indexed(
    tenant: Tenant, record_type: RecordType, asked: Iterable[Condition], parameters: Parameters
) -> list[str]:
    """Where only what refers to some record is asked for: what the index has of it."""
    targets = [
        str(one.value)
        for one in asked
        if one.op is Op.EQ
        and field_of(record_type, one.field).reference is not None
        and references.is_id(str(one.value))
    ]
    if not targets or not references.filled(tenant, record_type.name):
        return []
    return [references.among(parameters.add(target)) for target in targets]


def _sortable(field: Field, parameters: Parameters) -> str:
    name = parameters.add_field(field.name)
    return number_of(name) if field.kind in NUMBERS else text_of(name)


def _sorted_by(field: Field, parameters: Parameters) -> str:
    expression = _sortable(field, parameters)
    return ordered(expression) if field.kind in WORDS else expression


_SIGNS = {Op.EQ: "=", Op.NE: "<>", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


def _condition(record_type: RecordType, condition: Condition, parameters: Parameters) -> str:
    field = field_of(record_type, condition.field)
    match condition.op:
        case Op.NULL:
            wanted = condition.value in (None, True, 1, "", "true", "1")
            text = text_of(parameters.add_field(field.name))
            return f"{text} IS {'' if wanted else 'NOT '}NULL"
        case Op.CONTAINS:
            return _contains(field, str(condition.value or "").lower(), parameters)
        case Op.STARTS:
            term = parameters.add(str(condition.value or "").lower())
            folded = fold(text_of(parameters.add_field(field.name)))
            return f"{position_of(folded, term)} = 1"
        case Op.EQ | Op.NE | Op.LT | Op.LE | Op.GT | Op.GE:
            if condition.value is None:
                raise BadQuery(field=field.name, detail="without a value: use null")
            expression = _sortable(field, parameters)
            compared = f"{expression} {_SIGNS[condition.op]} {_bound(field, condition, parameters)}"
            return f"{compared} OR {expression} IS NULL" if condition.op is Op.NE else compared


def _bound(field: Field, condition: Condition, parameters: Parameters) -> str:
    if field.kind in NUMBERS:
        return as_number(parameters.add(number(condition.value, field.name)))
    return f"%({parameters.add(str(condition.value))})s"


def _contains(field: Field, term: str, parameters: Parameters) -> str:
    folded = fold(text_of(parameters.add_field(field.name)))
    return f"{position_of(folded, parameters.add(term))} > 0"


def _search(record_type: RecordType, word: str, parameters: Parameters) -> str:
    """Somewhere in any field; the whole JSON is looked through first, which is quick."""
    term = word.lower()
    inside = parameters.add(to_json(term)[1:-1])
    whole = f"{position_of(fold('CAST(fields AS TEXT)'), inside)} > 0"
    fields = [_contains(f, term, parameters) for f in record_type.fields if f.reference is None]
    return f"{whole} AND ({' OR '.join(fields) or '1 = 0'})"


def _after(levels: list[Level], position: Position, parameters: Parameters) -> str:
    """The records that come after a position in the sort order."""
    ways: list[str] = []
    equal: list[str] = []
    for (field, expression, descending), value in zip(levels, position.values, strict=True):
        if value is None:
            equal.append(f"{expression} IS NULL")
            continue
        bound = _again(field, value, parameters)
        sign = "<" if descending else ">"
        further = f"({expression} {sign} {bound} OR {expression} IS NULL)"
        ways.append(" AND ".join([*equal, further]))
        equal.append(f"{expression} = {bound}")
    ways.append(" AND ".join([*equal, f"id > %({parameters.add(position.id)})s"]))
    return " OR ".join(f"({way})" for way in ways)


def _again(field: Field, value: SortValue, parameters: Parameters) -> str:
    """A value that the sort expression gave, to be compared with it; BadQuery for another kind."""
    if field.kind in NUMBERS:
        return as_number(
            parameters.add(value if isinstance(value, float) else number(value, field.name))
        )
    if not isinstance(value, str) or "\0" in value:
        raise BadQuery(detail="not a cursor of this list")
    return f"%({parameters.add(value)})s"


def _plain(value: Any) -> SortValue:  # Any: what a sort expression gives
    if isinstance(value, Decimal):
        return str(value)
    assert value is None or isinstance(value, int | float | str)
    return value
