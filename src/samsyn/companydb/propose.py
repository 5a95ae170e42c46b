"""Proposes which tables to sync, and as what: schema and samples in, catalog and verdicts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from samsyn.companydb.capture_sqlite import blind_spots
from samsyn.companydb.churn import churn
from samsyn.companydb.fields import field_of
from samsyn.companydb.linking import with_declared
from samsyn.companydb.naming import display_order, label, title_field
from samsyn.companydb.schema import Given, Schema, Table, TableKind, UniqueKey
from samsyn.companydb.verdicts import OVERRULED, Reason, TableFacts, Verdict
from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType
from samsyn.core.errors import SamsynError

TableId: TypeAlias = tuple[str | None, str]
"""(schema, name)"""

NOT_A_TABLE = {
    TableKind.PARTITION: Reason.PARTITION,
    TableKind.INHERITED: Reason.INHERITED,
    TableKind.VIRTUAL: Reason.VIRTUAL_TABLE,
    TableKind.SHADOW: Reason.SHADOW_TABLE,
    TableKind.FOREIGN: Reason.FOREIGN_TABLE,
    TableKind.UNLOGGED: Reason.UNLOGGED,
    TableKind.SYSTEM: Reason.SYSTEM_TABLE,
}


class TableUnknown(SamsynError):
    """A table was chosen or excluded that is not there: `table`."""

    code = "TABLE_UNKNOWN"


class Choice(msgspec.Struct, frozen=True):
    """What a person chose: only these tables, without those. Names are as in the catalog."""

    tables: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()


class Proposal(msgspec.Struct, frozen=True):
    """A catalog (numbered from 1, in the tables' order) and what becomes of every table."""

    catalog: Catalog
    verdicts: tuple[Verdict, ...]


def propose(schema: Schema, facts: Mapping[TableId, TableFacts], choice: Choice) -> Proposal:
    """The proposal for a whole database. Raises TableUnknown."""
    names = type_names(schema)
    _check_choice(names, choice)
    verdicts: list[Verdict] = []
    types: list[RecordType] = []
    for table in schema.tables:
        known = facts.get((table.schema, table.name), TableFacts())
        name = names[table.schema, table.name]
        verdicts.append(_verdict(table, name, known, choice))
        if verdicts[-1].synced:
            types.append(_type(schema, table, name, len(types) + 1, known))
    verdicts += [
        Verdict(names[view.schema, view.name], view.name, view.schema, reason=Reason.VIEW)
        for view in schema.views
    ]
    catalog = Catalog(schema.engine, tuple(types))
    return Proposal(with_declared(catalog, schema), tuple(verdicts))


def type_names(schema: Schema) -> dict[TableId, str]:
    """What each table and view is called: with its schema where two have one name."""
    ids: list[TableId] = [(table.schema, table.name) for table in schema.tables]
    ids += [(view.schema, view.name) for view in schema.views]
    uses = Counter(name for _, name in ids)
    return {
        (where, name): f"{where}.{name}" if uses[name] > 1 and where is not None else name
        for where, name in ids
    }


def stable_key(table: Table) -> UniqueKey | None:
    """The key that identifies a row for ever: the primary key, else one of NOT NULL columns."""
    if table.primary_key is not None:
        return table.primary_key
    for key in table.keys:
        plain = not key.partial and not key.has_expression
        columns = [table.column(name) for name in key.columns]
        if plain and all(column.not_null and not column.generated for column in columns):
            return key
    return None


def still_there(chosen: Iterable[str], schema: Schema) -> frozenset[str]:
    """Those of the names that still mean a table: a remembered choice outlives some."""
    names = type_names(schema)
    return frozenset(name for name in chosen if any(means(name, *table) for table in names))


def worth_a_look(table: Table, choice: Choice) -> bool:
    """Nothing speaks against the table before its rows have been looked at."""
    return _refusal(table, TableFacts(), choice)[0] is None


def _check_choice(names: Mapping[TableId, str], choice: Choice) -> None:
    for chosen in sorted((choice.tables or frozenset()) | choice.exclude):
        if not any(means(chosen, where, name) for where, name in names):
            raise TableUnknown(table=chosen)


def means(chosen: str, schema: str | None, name: str) -> bool:
    """Whether a table is called so."""
    return chosen == name or (schema is not None and chosen == f"{schema}.{name}")


def _chosen(chosen: Iterable[str], table: Table) -> bool:
    return any(means(name, table.schema, table.name) for name in chosen)


def _verdict(table: Table, name: str, facts: TableFacts, choice: Choice) -> Verdict:
    reason, detail = _refusal(table, facts, choice)
    looked_at = facts.records if facts.sampled or facts.records else None
    return Verdict(
        type=name,
        table=table.name,
        schema=table.schema,
        synced=reason is None,
        reason=reason,
        detail=detail,
        records=facts.records if reason is None else looked_at,
        records_estimated=facts.records_estimated,
        left_out=facts.left_out if reason is None else (),
        blind_spots=blind_spots(table) if reason is None and table.schema is None else (),
    )


def _refusal(table: Table, facts: TableFacts, choice: Choice) -> tuple[Reason | None, str]:
    """The first reason against, the hardest first; advice gives way to a choice by name."""
    if _chosen(choice.exclude, table):
        return Reason.EXCLUDED, ""
    by_name = choice.tables is not None and _chosen(choice.tables, table)
    hard = _hard_refusal(table, facts)
    if hard is not None:
        return hard
    if choice.tables is not None and not by_name:
        return Reason.NOT_CHOSEN, ""
    advice = churn(table)
    if advice in OVERRULED and by_name:
        advice = None
    return advice, ""


def _hard_refusal(table: Table, facts: TableFacts) -> tuple[Reason, str] | None:
    if table.kind in NOT_A_TABLE:
        return NOT_A_TABLE[table.kind], ""
    if table.unreadable is not None:
        return Reason.UNREADABLE, table.unreadable
    if table.missing_privileges:
        return Reason.PRIVILEGE_MISSING, ", ".join(table.missing_privileges)
    if table.row_security:
        return Reason.ROW_SECURITY, ""
    key = stable_key(table)
    if key is None:
        return Reason.NO_STABLE_KEY, ""
    if facts.obstacle is not None:
        return facts.obstacle, facts.detail
    for out in facts.left_out:
        if out.field in key.columns:
            return Reason.KEY_NOT_ROUND_TRIP, out.field
    return None


def _type(schema: Schema, table: Table, name: str, no: int, facts: TableFacts) -> RecordType:
    key = stable_key(table)
    assert key is not None, "a table without a key is refused"
    out = {left.field for left in facts.left_out}
    fields = tuple(
        field_of(schema.engine, column, table.checks, facts.values.get(column.name, ()))
        for column in table.columns
        if column.name not in out
    )
    given = len(key.columns) == 1 and table.column(key.columns[0]).given is not Given.NOBODY
    if not given:
        fields = tuple(_needed(field) if field.name in key.columns else field for field in fields)
    names = [field.name for field in fields]
    readable = [f.name for f in fields if f.kind in (Kind.TEXT, Kind.OTHER, Kind.ENUM)]
    title = title_field(readable, table.name)
    return RecordType(
        name=name,
        no=no,
        table=table.name,
        schema=table.schema,
        key=key.columns,
        key_giver=KeyGiver.OFFICE if given else KeyGiver.PERSON,
        fields=fields,
        label=label(table.name),
        display=display_order(names, title, key.columns),
        title=title,
        lacking=tuple(label(c.name) for c in table.columns if c.name in out and c.asks),
    )


def _needed(field: Field) -> Field:
    """A key that nobody gives: a person must, even where SQLite would take NULL."""
    return msgspec.structs.replace(field, required=not field.has_default)
