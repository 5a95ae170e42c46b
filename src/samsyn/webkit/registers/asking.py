"""What the address of a list asks for: search, filters, order, columns, place."""

from __future__ import annotations

import msgspec
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.listing import MAX_CONDITIONS, Condition, Op, Order, Query

ROWS = 50
COLUMNS = 7
"""Shown until a person chooses."""
MAX_TEXT = 200
_TEXTS = (Op.CONTAINS, Op.STARTS, Op.EQ, Op.NE)
_NUMBERS = (Op.EQ, Op.NE, Op.GE, Op.LE, Op.GT, Op.LT)
BY_KIND = {
    Kind.TEXT: _TEXTS,
    Kind.INTEGER: _NUMBERS,
    Kind.DECIMAL: _NUMBERS,
    Kind.REAL: _NUMBERS,
    Kind.DATE: (Op.GE, Op.LE, Op.EQ),
    Kind.DATETIME: (Op.GE, Op.LE),
    Kind.TIME: (Op.GE, Op.LE),
    Kind.BOOLEAN: (Op.EQ,),
    Kind.ENUM: (Op.EQ, Op.NE),
    Kind.UUID: (Op.EQ,),
    Kind.REFERENCE: (Op.EQ,),
}


class Asked(msgspec.Struct, frozen=True):
    """A list as it is asked for; what cannot be read is left out and told in `unread`."""

    search: str
    conditions: tuple[Condition, ...]
    order: Order | None
    columns: tuple[str, ...]
    cursor: str | None
    unread: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        """What the book is asked."""
        order = () if self.order is None else (self.order,)
        return Query(self.search, self.conditions, order, self.cursor, ROWS)


def asked(record_type: RecordType, told: QueryDict, kept_columns: tuple[str, ...] = ()) -> Asked:
    """What the parameters ask for."""
    known = {field.name: field for field in record_type.fields}
    conditions, unread = [], []
    for text in told.getlist("where")[:MAX_CONDITIONS]:
        found = condition(record_type, text)
        if found is None:
            unread.append(text[:MAX_TEXT])
        else:
            conditions.append(found)
    conditions += _added(record_type, told)
    sort = told.get("sort", "")
    name = sort.removeprefix("-")
    order = Order(name, sort.startswith("-")) if name in known and _sorts(known[name]) else None
    columns = tuple(c for c in told.getlist("column") or kept_columns if c in known)
    return Asked(
        search=told.get("q", "").strip().replace("\0", "")[:MAX_TEXT],
        conditions=tuple(dict.fromkeys(conditions)),
        order=order,
        columns=columns or first_columns(record_type),
        cursor=told.get("after") or None,
        unread=tuple(unread),
    )


def condition(record_type: RecordType, told: str) -> Condition | None:
    """`FIELD:OP:VALUE`; a field's name may hold colons."""
    for field in sorted(record_type.fields, key=lambda f: -len(f.name)):
        if not told.startswith(f"{field.name}:"):
            continue
        word, _colon, value = told[len(field.name) + 1 :].partition(":")
        if any(op.value == word for op in Op):
            return _condition(field, Op(word), value)
    return None


def as_parameter(one: Condition) -> str:
    """A condition as the address holds it."""
    return f"{one.field}:{one.op.value}:{'' if one.value is None else one.value}"


def operators(field: Field) -> tuple[Op, ...]:
    """How a field can be compared by people."""
    return (*BY_KIND.get(field.kind, _TEXTS), Op.NULL)


def words(op: Op) -> str:
    """An operator as people read it."""
    return {
        Op.EQ: _("is"),
        Op.NE: _("is not"),
        Op.LT: _("is less than"),
        Op.LE: _("is at most"),
        Op.GT: _("is more than"),
        Op.GE: _("is at least"),
        Op.CONTAINS: _("contains"),
        Op.STARTS: _("begins with"),
        Op.NULL: _("is empty"),
    }[op]


def first_columns(record_type: RecordType) -> tuple[str, ...]:
    """The columns of a list before a person chooses: the title first, no long or binary fields."""
    fit = [
        field.name
        for field in record_type.shown
        if field.kind not in (Kind.BLOB, Kind.JSON, Kind.ARRAY, Kind.OTHER)
        and (field.max_length or 0) <= 300
    ]
    if record_type.title in fit:
        fit.remove(record_type.title)
        fit.insert(0, record_type.title)
    return tuple(fit[:COLUMNS])


def _sorts(field: Field) -> bool:
    return field.kind not in (Kind.BLOB, Kind.JSON, Kind.ARRAY, Kind.REFERENCE)


def sortable(record_type: RecordType) -> frozenset[str]:
    """The fields by which a list can be sorted."""
    return frozenset(field.name for field in record_type.fields if _sorts(field))


def _added(record_type: RecordType, told: QueryDict) -> list[Condition]:
    """The filter that the form adds: three controls without JavaScript."""
    field = next((f for f in record_type.fields if f.name == told.get("field")), None)
    word = told.get("op", "")
    if field is None or word not in {op.value for op in Op}:
        return []
    found = _condition(field, Op(word), told.get("value", "").strip())
    return [] if found is None else [found]


def _condition(field: Field, op: Op, value: str) -> Condition | None:
    if "\0" in value or len(value) > MAX_TEXT:
        return None
    if op is Op.NULL:
        return Condition(field.name, op, value != "false")
    if not value:
        return None
    if field.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.REAL):
        value = as_number(value)
    if field.kind is Kind.BOOLEAN:
        yes = value.casefold() in ("true", "1", _("Yes").casefold())
        return Condition(field.name, op, yes)
    return Condition(field.name, op, value)


def as_number(text: str) -> str:
    """A number that a person wrote in the page's language, as machines write it."""
    bare = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if formats.get_format("DECIMAL_SEPARATOR") == ".":
        return bare.replace(",", "")
    return bare.replace(".", "").replace(",", ".") if "," in bare else bare
