"""What a program has renamed goes on under its first name: tables and columns of the catalog.

A field's name is what the service, its history and programs know it by. So it
stays, and only the column that it is kept in becomes another.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from samsyn.core.catalog import Catalog, Field, RecordType
from samsyn.core.errors import SamsynError


class RenameUnknown(SamsynError):
    """Nothing was attached under the old name, or it is no rename at all: `rename`."""

    code = "RENAME_UNKNOWN"


class RenameStays(SamsynError):
    """What is said to be renamed has its old name still: `rename`."""

    code = "RENAME_STAYS"


class RenameUnfit(SamsynError):
    """Nothing of the new name can be synced, or it is another field's already: `rename`."""

    code = "RENAME_UNFIT"


class Renames(msgspec.Struct, frozen=True):
    """What each renamed table and column is called in the catalog, by its name in the database."""

    types: dict[tuple[str | None, str], str] = {}
    """(schema, table) → name of the type"""
    fields: dict[tuple[str | None, str, str], str] = {}
    """(schema, table, column) → name of the field"""


class Told(msgspec.Struct, frozen=True):
    """One rename as a person says it: `TABLE=NEW`, or `TABLE.COLUMN=NEW`."""

    text: str
    table: str
    column: str | None
    new: str


def told(text: str, attached: Sequence[RecordType]) -> Told:
    """What a person has said; a table's own name may hold a point. Raises RenameUnknown."""
    old, sign, new = text.partition("=")
    if not (sign and old and new):
        raise RenameUnknown(rename=text)
    if any(old in (t.name, t.table) for t in attached):
        return Told(text, old, None, new)
    table, point, column = old.rpartition(".")
    if not (point and table and column):
        raise RenameUnknown(rename=text)
    return Told(text, table, column, new)


def renames(attached: Sequence[RecordType], catalog: Catalog, asked: Iterable[str]) -> Renames:
    """All renames that hold for a catalog as it was read: those of before, and what is asked for.

    Raises RenameUnknown, RenameStays, RenameUnfit.
    """
    said = [told(text, attached) for text in asked]
    there = {(t.schema, t.table): t for t in catalog.types}
    types: dict[tuple[str | None, str], str] = {}
    fields: dict[tuple[str | None, str, str], str] = {}
    for record_type in attached:
        own = [one for one in said if one.table in (record_type.name, record_type.table)]
        table = _table_now(record_type, there, [one for one in own if one.column is None])
        now = there.get((record_type.schema, table))
        if now is None:
            continue
        if record_type.name != now.name:
            types[record_type.schema, table] = record_type.name
        own += [one for one in said if one.table == table and one not in own]
        for field, column in _columns_now(record_type, now, own):
            if field != column:
                fields[record_type.schema, table, column] = field
    _check_all_known(said, attached, {(where, table) for where, table in types})
    return Renames(types, fields)


def _table_now(
    record_type: RecordType,
    there: Mapping[tuple[str | None, str], RecordType],
    own: Sequence[Told],
) -> str:
    for one in own:
        if record_type.table == one.new:
            continue  # said once more
        if (record_type.schema, record_type.table) in there:
            raise RenameStays(rename=one.text)
        if (record_type.schema, one.new) not in there:
            raise RenameUnfit(rename=one.text)
        return one.new
    return record_type.table


def _columns_now(
    record_type: RecordType, now: RecordType, own: Sequence[Told]
) -> Iterable[tuple[str, str]]:
    """Each field of before that is there still, with the column that it is kept in."""
    columns = {field.name for field in now.fields}
    moved: dict[str, str] = {}
    for one in own:
        if one.column is None:
            continue
        known = [f for f in record_type.fields if one.column == f.column]
        known += [f for f in record_type.fields if one.column == f.name]
        if not known:
            raise RenameUnknown(rename=one.text)
        if known[0].column == one.new:
            continue  # said once more
        if known[0].column in columns:
            raise RenameStays(rename=one.text)
        others = {f.column for f in record_type.fields} | set(moved.values())
        if one.new not in columns - others:
            raise RenameUnfit(rename=one.text)
        moved[known[0].name] = one.new
    for field in record_type.fields:
        column = moved.get(field.name, field.column)
        if column in columns:
            yield field.name, column


def _check_all_known(
    said: Sequence[Told],
    attached: Sequence[RecordType],
    moved: Container[tuple[str | None, str]],
) -> None:
    for one in said:
        if not any(
            one.table in (t.name, t.table) or (t.schema, one.table) in moved for t in attached
        ):
            raise RenameUnknown(rename=one.text)


# --- the catalog ------------------------------------------------------------------------


def renamed(catalog: Catalog, names: Renames) -> Catalog:
    """The catalog as it was read, under the names that it goes by.

    Where a new table or column has the name that an old one goes by, the new
    one gets a number behind it.
    """
    types = _type_names(catalog, names)
    fields = {t.name: _field_names(t, names) for t in catalog.types}
    return replace(
        catalog, types=tuple(_type(t, types[t.name], types, fields) for t in catalog.types)
    )


def _type_names(catalog: Catalog, names: Renames) -> dict[str, str]:
    given = {
        t.name: names.types[t.schema, t.table]
        for t in catalog.types
        if (t.schema, t.table) in names.types
    }
    return _unique([t.name for t in catalog.types], given)


def _field_names(record_type: RecordType, names: Renames) -> dict[str, str]:
    where = record_type.schema, record_type.table
    given = {
        f.name: names.fields[*where, f.name]
        for f in record_type.fields
        if (*where, f.name) in names.fields
    }
    return _unique([f.name for f in record_type.fields], given)


def _unique(read: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """A name for each that was read: the given one, else its own, with a number where that is taken."""
    taken = set(given.values())
    found: dict[str, str] = {}
    for name in read:
        if name in given:
            found[name] = given[name]
            continue
        free = (f"{name}_{n}" for n in itertools.count(2))
        found[name] = name if name not in taken else next(n for n in free if n not in taken)
        taken.add(found[name])
    return found


def _type(
    record_type: RecordType,
    name: str,
    types: Mapping[str, str],
    fields: Mapping[str, Mapping[str, str]],
) -> RecordType:
    own = fields[record_type.name]
    return replace(
        record_type,
        name=name,
        key=tuple(own[part] for part in record_type.key),
        fields=tuple(_field(field, own[field.name], types, fields) for field in record_type.fields),
        display=tuple(own[part] for part in record_type.display),
        title=None if record_type.title is None else own[record_type.title],
    )


def _field(
    field: Field, name: str, types: Mapping[str, str], fields: Mapping[str, Mapping[str, str]]
) -> Field:
    reference = field.reference
    if reference is not None:
        column = fields[reference.type][reference.column]
        reference = replace(reference, type=types[reference.type], column=column)
    column_name = "" if name == field.name else field.name
    return replace(field, name=name, renamed=column_name, reference=reference)


# --- what looks like a rename -----------------------------------------------------------


def evident(attached: Sequence[RecordType], catalog: Catalog, names: Renames) -> tuple[str, ...]:
    """Renames that are not told and that the shapes speak for, as a person would say them.

    A column: of the same type, between the same neighbours. A table: with the
    same columns. `catalog` is as it was read.
    """
    there = {(t.schema, t.table): t for t in catalog.types}
    by_name = {name: there[table] for table, name in names.types.items()}
    known = {id(t): by_name.get(t.name, there.get((t.schema, t.table))) for t in attached}
    taken = [now for now in known.values() if now is not None]
    new = [t for t in catalog.types if t not in taken]
    found: list[str] = []
    for record_type in attached:
        now = known[id(record_type)]
        if now is None:
            heirs = [t for t in new if _columns(t) == _columns(record_type)]
            if len(heirs) == 1 and heirs[0].schema == record_type.schema:
                found.append(f"{record_type.name}={heirs[0].table}")
        else:
            pairs = _evident_columns(record_type, now, names)
            found += [f"{record_type.name}.{old}={new}" for old, new in pairs]
    return tuple(found)


def _columns(record_type: RecordType) -> list[tuple[str, str]]:
    return sorted((f.column, f.storage) for f in record_type.fields)


def _evident_columns(
    record_type: RecordType, now: RecordType, names: Renames
) -> list[tuple[str, str]]:
    given = {
        f.name: name
        for f in now.fields
        if (name := names.fields.get((now.schema, now.table, f.name))) is not None
    }
    before = [(f.name, f.column) for f in record_type.fields]
    after = [(given.get(f.name, f.name), f.name) for f in now.fields]
    old, new = {name for name, _ in before}, {name for name, _ in after}
    gone = _places(before, old - new, new)
    come = _places(after, new - old, old)
    shape = {f.name: (f.storage, f.generated) for f in record_type.fields}
    shape_now = {given.get(f.name, f.name): (f.storage, f.generated) for f in now.fields}
    return [
        (gone[place][1], come[place][1])
        for place in gone.keys() & come.keys()
        if shape[gone[place][0]] == shape_now[come[place][0]]
    ]


def _places(
    columns: Sequence[tuple[str, str]], wanted: Container[str], stays: Container[str]
) -> dict[tuple[int, int], tuple[str, str]]:
    """The wanted columns by how many of those that stay come before, and their turn after that."""
    found: dict[tuple[int, int], tuple[str, str]] = {}
    before = turn = 0
    for name, column in columns:
        if name in stays:
            before, turn = before + 1, 0
        elif name in wanted:
            found[before, turn] = (name, column)
            turn += 1
    return found
