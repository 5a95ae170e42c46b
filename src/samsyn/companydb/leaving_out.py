"""Fields that a person leaves out: which columns a choice means, and which cannot be left out."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from samsyn.companydb.propose import TableId, TableUnknown, means, stable_key, type_names
from samsyn.companydb.renaming import Told
from samsyn.companydb.schema import Column, Schema, Table
from samsyn.companydb.verdicts import LeftOut, Reason, TableFacts
from samsyn.core.catalog import Catalog, Direction, RecordType
from samsyn.core.errors import SamsynError

Needs: TypeAlias = dict[TableId, dict[str, "Needed"]]
"""Why a column cannot be left out, by table and column."""


class FieldUnknown(SamsynError):
    """A field was left out that its table does not have: `field`."""

    code = "FIELD_UNKNOWN"


class Needed(enum.Enum):
    """Why a field cannot be left out."""

    KEY = "key"
    """It tells a record from another."""
    REFERRED = "referred"
    """Records of another type refer to it."""
    REQUIRED = "required"
    """A record that is made online would have no value for it, and the database asks for one."""


class FieldNeeded(SamsynError):
    """A field that cannot be left out: `type`, `field`; each reason is a class of its own."""


class FieldIsKey(FieldNeeded):
    """It tells a record from another."""

    code = "FIELD_IS_KEY"


class FieldIsReferred(FieldNeeded):
    """Records of another type refer to it."""

    code = "FIELD_IS_REFERRED"


class FieldIsRequired(FieldNeeded):
    """A record that is made online would have no value for it."""

    code = "FIELD_IS_REQUIRED"


REFUSED = {
    Needed.KEY: FieldIsKey,
    Needed.REFERRED: FieldIsReferred,
    Needed.REQUIRED: FieldIsRequired,
}


class Excluded(msgspec.Struct, frozen=True):
    """What is left out by name: whole tables, and fields as `TABLE.COLUMN`."""

    tables: frozenset[str]
    fields: frozenset[str]


def told(names: Iterable[str], schema: Schema, attached: Iterable[RecordType]) -> Excluded:
    """The tables and fields that a person means; a field may be called as it was attached.

    Raises TableUnknown, FieldUnknown.
    """
    known = type_names(schema)
    columns = dict(_columns(schema, known))
    columns |= {
        f"{known[t.schema, t.table]}.{field.name}": f"{known[t.schema, t.table]}.{field.column}"
        for t in attached
        if (t.schema, t.table) in known
        for field in t.fields
        if field.renamed
    }
    tables: set[str] = set()
    fields: set[str] = set()
    for name in names:
        if any(means(name, *table) for table in known):
            tables.add(name)
        elif name in columns:
            fields.add(columns[name])
        elif any(name.startswith(f"{table}.") for table in known.values()):
            raise FieldUnknown(field=name)
        else:
            raise TableUnknown(table=name)
    return Excluded(frozenset(tables), frozenset(fields))


def still_there(fields: Iterable[str], schema: Schema) -> frozenset[str]:
    """Those of the fields whose column is there: a remembered choice outlives some."""
    return frozenset(fields) & dict(_columns(schema, type_names(schema))).keys()


def without(
    facts: Mapping[TableId, TableFacts], fields: frozenset[str], schema: Schema
) -> dict[TableId, TableFacts]:
    """What was seen of the tables, with these fields left out by choice; a key is kept, and `check` tells of it."""
    names = type_names(schema)
    found = dict(facts)
    for table in schema.tables:
        place = (table.schema, table.name)
        if place not in found:
            continue
        key = stable_key(table)
        before = {left.field for left in found[place].left_out}
        before |= set(() if key is None else key.columns)
        chosen = [
            LeftOut(column.name, Reason.EXCLUDED)
            for column in table.columns
            if f"{names[place]}.{column.name}" in fields and column.name not in before
        ]
        left_out = (*found[place].left_out, *chosen)
        found[place] = msgspec.structs.replace(found[place], left_out=left_out)
    return found


def moved(fields: Iterable[str], renames: Iterable[Told]) -> tuple[frozenset[str], list[str]]:
    """The fields under the names that the program has given them since, and the renames of all else."""
    now = set(fields)
    others: list[str] = []
    for one in renames:
        old = one.table if one.column is None else f"{one.table}.{one.column}"
        if one.column is None:
            now = {
                f"{one.new}.{field[len(old) + 1 :]}" if field.startswith(f"{old}.") else field
                for field in now
            }
        elif old in now:
            now = now - {old} | {f"{one.table}.{one.new}"}
            continue
        others.append(one.text)
    return frozenset(now), others


def needed(schema: Schema, catalog: Catalog) -> Needs:
    """The columns of each synced table that cannot be left out, and why."""
    synced = [(t.schema, t.table) for t in catalog.types]
    referred = _referred(schema, synced)
    found: Needs = {}
    for place in synced:
        table = schema.table(place[1], place[0])
        key = stable_key(table)
        keys = frozenset[str]() if key is None else frozenset(key.columns)
        reasons = (
            (column.name, _need(column, keys, referred.get(place, frozenset())))
            for column in table.columns
        )
        found[place] = {name: reason for name, reason in reasons if reason is not None}
    return found


def stands_in_the_way(why: Needed, direction: Direction) -> bool:
    """Whether a need holds: where nothing is made online, a value that is only required is not missed."""
    return why is not Needed.REQUIRED or direction is not Direction.UP


def check(needs: Needs, fields: frozenset[str], schema: Schema, catalog: Catalog) -> None:
    """Raises FieldNeeded for a field of a synced type that cannot be left out."""
    names = type_names(schema)
    for record_type in catalog.types:
        place = (record_type.schema, record_type.table)
        for column, why in needs[place].items():
            field = f"{names[place]}.{column}"
            if field in fields and stands_in_the_way(why, record_type.direction):
                raise REFUSED[why](type=record_type.name, field=field)


def _need(column: Column, keys: frozenset[str], referred: frozenset[str]) -> Needed | None:
    if column.name in keys:
        return Needed.KEY
    if column.name in referred:
        return Needed.REFERRED
    return Needed.REQUIRED if column.asks else None


def _referred(schema: Schema, synced: Iterable[TableId]) -> dict[TableId, frozenset[str]]:
    """The columns to which a declared reference of one column leads, by table."""
    found: dict[TableId, frozenset[str]] = {}
    for place in synced:
        for foreign in schema.table(place[1], place[0]).foreign_keys:
            if len(foreign.to_columns) == 1:
                target = (foreign.to_schema, foreign.to_table)
                found[target] = found.get(target, frozenset()) | {foreign.to_columns[0]}
    return found


def _columns(schema: Schema, names: Mapping[TableId, str]) -> Iterator[tuple[str, str]]:
    """Everything that means a column, with the one name by which it is remembered."""
    for table in schema.tables:
        name = names[table.schema, table.name]
        for column in table.columns:
            for called in _called(table, name):
                yield f"{called}.{column.name}", f"{name}.{column.name}"


def _called(table: Table, name: str) -> tuple[str, ...]:
    return (name,) if table.schema is None else (name, f"{table.schema}.{table.name}")
