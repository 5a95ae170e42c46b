"""The trigger function and triggers that write the journal in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from samsyn.companydb.bookkeeping import MASK_BITS, book_name, full_masks, mask_count
from samsyn.companydb.opening import POSTGRES_SETTINGS
from samsyn.companydb.quoting import postgres_name, postgres_text
from samsyn.companydb.rows import DELETED, EMPTIED, INSERTED, UPDATED
from samsyn.companydb.schema import Column, Table
from samsyn.core.catalog import RecordType

CHANNEL = "samsyn"

EQUAL_IS_IDENTICAL = frozenset(
    "int2 int4 int8 bool text varchar bpchar uuid bytea oid name date time timestamp timestamptz".split()
)
"""Types whose `=` lies in pg_catalog and holds for identical values alone.

Not so: numeric (1.0 = 1.00), floats (0 = -0), interval (30 days = 1 month),
jsonb, ranges and arrays of these; json and xml have no `=` at all.
"""

TEXT_WITHOUT_SETTINGS = frozenset(
    "int2 int4 int8 bool numeric text varchar bpchar uuid name oid".split()
)
"""Types whose text form no setting of a session changes."""

KEY_SETTINGS = (
    "DateStyle",
    "IntervalStyle",
    "TimeZone",
    "bytea_output",
    "extra_float_digits",
    "xmloption",
    "lc_monetary",
)


class Capture(msgspec.Struct, frozen=True):
    """All of one record type: the function first, then its triggers as (table, name, create)."""

    function: str
    body: str
    create_function: str
    drop: str
    triggers: tuple[tuple[str, str, str], ...]


def capture(record_type: RecordType, table: Table, *, notify: bool = True) -> Capture:
    """The objects for one record type.

    Without `notify` nobody is woken: a transaction with a NOTIFY in it cannot
    be prepared for two-phase commit, so where that is in use the agent polls.
    """
    function = postgres_name("samsyn", f"capture_{record_type.no}")
    body = _body(record_type, table, notify=notify)
    return Capture(
        function=function,
        body=body,
        create_function=(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" SECURITY DEFINER {_settings(record_type, table)} AS {postgres_text(body)}"
        ),
        # Whoever owns the function may drop it with its triggers; to drop a
        # trigger by name takes the owner of the table.
        drop=f"DROP FUNCTION IF EXISTS {function}() CASCADE",
        triggers=_triggers(record_type, table, function),
    )


def _triggers(
    record_type: RecordType, table: Table, function: str
) -> tuple[tuple[str, str, str], ...]:
    on = postgres_name(table.schema, table.name)
    prefix = f"samsyn_{record_type.no}"
    each = [
        ("rows", on, "AFTER INSERT OR DELETE", "ROW", ""),
        # *<> compares the stored bytes: it needs no operator of the column's type.
        (
            "update",
            on,
            "AFTER UPDATE",
            "ROW",
            " WHEN (OLD.* OPERATOR(pg_catalog.*<>) NEW.*)",
        ),
        ("truncate", on, "AFTER TRUNCATE", "STATEMENT", ""),
    ]
    # A partition that is truncated by itself does not tell its parent.
    each += [
        ("truncate", postgres_name(*partition), "AFTER TRUNCATE", "STATEMENT", "")
        for partition in table.partitions
    ]
    return tuple(
        (
            where,
            f"{prefix}_{what}",
            f"CREATE TRIGGER {postgres_name(f'{prefix}_{what}')} {event} ON {where}"
            f" FOR EACH {scope}{when} EXECUTE FUNCTION {function}()",
        )
        for what, where, event, scope, when in each
    )


def _settings(record_type: RecordType, table: Table) -> str:
    """Only what the text of the keys depends on: each setting costs at every row."""
    settings = ["SET search_path = pg_catalog, pg_temp"]
    key = [table.column(name) for name in record_type.key_columns]
    if not all(column.base in TEXT_WITHOUT_SETTINGS or column.category == "e" for column in key):
        settings += [
            f"SET {postgres_name(name)} = {postgres_text(POSTGRES_SETTINGS[name])}"
            for name in KEY_SETTINGS
        ]
    return " ".join(settings)


def _body(record_type: RecordType, table: Table, *, notify: bool) -> str:
    count = mask_count(len(record_type.fields))
    names = [f"m{place}" for place in range(count)]
    full = [str(mask) for mask in full_masks(len(record_type.fields))]
    none = ["0"] * count
    changed = _changed_masks(record_type, table)
    computed = _generated_masks(record_type)
    updated = [
        f"{name} | {bits}" if bits else name for name, bits in zip(names, computed, strict=True)
    ]
    old, new = _key(record_type, "OLD"), _key(record_type, "NEW")
    nothing = " AND ".join(f"{name} = 0" for name in names)
    lines = [
        "DECLARE",
        *(f"  {name} bigint;" for name in names),
        "  o text[];",
        "  n text[];",
        "BEGIN",
        "  BEGIN",
        f"    IF TG_OP IN ('UPDATE', 'DELETE') THEN o := {old}; END IF;",
        f"    IF TG_OP IN ('UPDATE', 'INSERT') THEN n := {new}; END IF;",
        "    IF TG_OP = 'UPDATE' THEN",
        *(f"      {name} := {mask};" for name, mask in zip(names, changed, strict=True)),
        "    END IF;",
        # The table is no longer as it was attached: the program's write must not fail for it.
        # Nothing is written in this block, so it costs no transaction id.
        "  EXCEPTION WHEN OTHERS THEN",
        *(f"    {name} := {mask};" for name, mask in zip(names, full, strict=True)),
        "  END;",
        "  IF TG_OP = 'UPDATE' THEN",
        f"    IF {nothing} THEN RETURN NULL; END IF;",
        "  END IF;",
        f"  IF {_full()} THEN",
        f"    IF {_unmarked(record_type)} THEN {_mark(record_type)}; END IF;",
        "  ELSIF TG_OP = 'UPDATE' THEN",
        f"    {_journal(record_type, UPDATED, updated, 'o', 'n')};",
        "  ELSIF TG_OP = 'INSERT' THEN",
        f"    {_journal(record_type, INSERTED, full, 'o', 'n')};",
        "  ELSIF TG_OP = 'DELETE' THEN",
        f"    {_journal(record_type, DELETED, none, 'o', 'n')};",
        "  ELSE",
        f"    {_journal(record_type, EMPTIED, none, 'o', 'n')};",
        "  END IF;",
        *([f"  NOTIFY {CHANNEL};"] if notify else []),
        "  RETURN NULL;",
        "END",
    ]
    return "\n".join(lines)


SEEN = f"(SELECT c.seen FROM {book_name('postgresql', 'cursor')} AS c)"


def _full() -> str:
    """No more room. The newest number is read from the sequence: to look for the oldest row
    would go through all those deleted since the oldest transaction began."""
    newest = f"SELECT s.last_value FROM {book_name('postgresql', 'journal_id_seq')} AS s"
    return f"({newest}) >= (SELECT c.room FROM {book_name('postgresql', 'cursor')} AS c)"


def _unmarked(record_type: RecordType) -> str:
    overflow = book_name("postgresql", "overflow")
    return f"NOT EXISTS (SELECT 1 FROM {overflow} AS o WHERE o.tab = {record_type.no})"


def _mark(record_type: RecordType) -> str:
    overflow = book_name("postgresql", "overflow")
    return f"INSERT INTO {overflow} (tab, seen) VALUES ({record_type.no}, {SEEN})"


def _journal(
    record_type: RecordType, operation: int, masks: Sequence[str], old: str, new: str
) -> str:
    # The columns are not named with a prefix, so no variable can be meant.
    columns = ["tab", "op", "seen", *(f'"m{place}"' for place in range(len(masks))), "okey", "nkey"]
    values = [str(record_type.no), str(operation), SEEN, *masks, old, new]
    journal = book_name("postgresql", "journal")
    return f"INSERT INTO {journal} ({', '.join(columns)}) VALUES ({', '.join(values)})"


def _key(record_type: RecordType, row: str) -> str:
    texts = ", ".join(f"{row}.{postgres_name(column)}::text" for column in record_type.key_columns)
    return f"ARRAY[{texts}]"


def _changed_masks(record_type: RecordType, table: Table) -> list[str]:
    masks = []
    for start in range(0, max(len(record_type.fields), 1), MASK_BITS):
        bits = [
            f"CASE WHEN {_differs(table.column(field.column))} THEN {1 << bit} ELSE 0 END"
            for bit, field in enumerate(record_type.fields[start : start + MASK_BITS])
            if not field.generated
        ]
        masks.append(" + ".join(bits) or "0")
    return masks


def _generated_masks(record_type: RecordType) -> list[int]:
    """A computed field counts as changed whenever anything is."""
    return [
        sum(
            1 << bit
            for bit, field in enumerate(record_type.fields[start : start + MASK_BITS])
            if field.generated
        )
        for start in range(0, max(len(record_type.fields), 1), MASK_BITS)
    ]


def _differs(column: Column) -> str:
    name = postgres_name(column.name)
    plain = column.base in EQUAL_IS_IDENTICAL and column.deterministic
    if plain or column.category == "e" or column.scale is not None:
        return f"OLD.{name} IS DISTINCT FROM NEW.{name}"
    # The stored bytes; between two ROW(…), the operator *<> would go column by column.
    return f"record_image_ne(ROW(OLD.{name}), ROW(NEW.{name}))"
