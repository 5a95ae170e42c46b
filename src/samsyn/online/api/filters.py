"""Reads the filter and the sort order of an address, by the catalog's names."""

from __future__ import annotations

import re

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.listing import MAX_CONDITIONS, Condition, Op, Order, Query
from samsyn.core.values import record_id
from samsyn.online.api.errors import BadParameter

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:.*")
MAX_TEXT = 1_000
FORM = "FIELD:OP:VALUE, OP one of " + ", ".join(op.value for op in Op)


def asked_query(
    record_type: RecordType,
    limit: int,
    cursor: str | None,
    search: str | None,
    filters: tuple[str, ...],
    sort: str | None,
) -> Query:
    """What the store is asked; BadParameter."""
    if len(filters) > MAX_CONDITIONS:
        raise BadParameter(parameter="filter", expected=f"at most {MAX_CONDITIONS} of them")
    return Query(
        search=_text("search", search or ""),
        filter=tuple(_condition(record_type, told) for told in filters),
        sort=() if sort is None else (_order(record_type, sort),),
        cursor=cursor,
        limit=limit,
    )


def _order(record_type: RecordType, told: str) -> Order:
    names = {field.name for field in record_type.fields}
    if told in names:
        return Order(told)
    if told.startswith("-") and told[1:] in names:
        return Order(told[1:], descending=True)
    raise BadParameter(parameter="sort", expected="the name of a field, or - and the name")


def _condition(record_type: RecordType, told: str) -> Condition:
    """A field's name may hold colons: the longest name that leaves an operator after it."""
    for field in sorted(record_type.fields, key=lambda f: -len(f.name)):
        if not told.startswith(f"{field.name}:"):
            continue
        word, _, value = told[len(field.name) + 1 :].partition(":")
        if any(op.value == word for op in Op):
            return Condition(field.name, Op(word), _value(field, Op(word), value))
    raise BadParameter(parameter="filter", expected=FORM)


def _value(field: Field, op: Op, told: str) -> str | bool:
    text = _text("filter", told)
    if op is Op.NULL:
        return _boolean(text or "true")
    if op in (Op.CONTAINS, Op.STARTS):
        return text
    if field.kind is Kind.BOOLEAN:
        return _boolean(text)
    if field.kind is Kind.REFERENCE:
        return _reference(text)
    if field.kind is Kind.DATETIME and _MOMENT.fullmatch(text):
        return _as_kept(field, text)
    return text


def _as_kept(field: Field, text: str) -> str:
    """A moment in the form in which databases print it."""
    kept = text[:10] + " " + text[11:]
    return kept[:-1] + "+00" if kept[-1] in "Zz" and "with time zone" in field.storage else kept


def _reference(text: str) -> str:
    try:
        return record_id(text)
    except BadValue as error:
        raise BadParameter(parameter="filter", expected="the id of a record") from error


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadParameter(parameter="filter", expected="true or false")
    return text == "true"


def _text(parameter: str, text: str) -> str:
    if len(text) > MAX_TEXT or "\0" in text:
        raise BadParameter(parameter=parameter, expected=f"at most {MAX_TEXT} printable characters")
    return text
