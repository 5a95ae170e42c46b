"""A company as a database of its own: an SQLite file with real tables, keys and references, for any program.

Attached and connected to the same company, its rows are known by their keys,
so nothing is doubled. Records that were made online and have no key of the
office's yet are kept apart in `not_yet_taken`: connecting brings them down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from pysqlite3 import dbapi2

from samsyn.core.catalog import Field, RecordType
from samsyn.core.cells import Cell, RawText, to_value
from samsyn.core.net import parents_first
from samsyn.core.record import Record
from samsyn.records.catalogs import types
from samsyn.records.export.reading import records_of
from samsyn.records.export.tables import create_table, quoted, table_names
from samsyn.records.rows import records_by_id
from samsyn.records.sql import Parameters, text_of
from samsyn.records.tenant import Tenant, snapshot

APART = "not_yet_taken"
AT_ONCE = 500


class Written(msgspec.Struct):
    """How many rows went into each table, and how many records are kept apart."""

    rows: dict[str, int] = {}
    apart: int = 0


def write_office_database(tenant: Tenant, path: Path) -> Written:
    """Write the company, as it is at one moment, into a new file; FileExistsError."""
    path.touch(mode=0o600, exist_ok=False)
    with closing(dbapi2.connect(str(path), isolation_level=None)) as db, snapshot():
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN")
        written = _Writing(tenant, db).write()
        db.execute("COMMIT")
    return written


class _Writing:
    """One export."""

    def __init__(self, tenant: Tenant, db: Any) -> None:  # Any: pysqlite3 has no types
        self.tenant, self.db = tenant, db
        self.types = {name: state.type for name, state in types(tenant).items()}
        self.tables = table_names(self.types.values())
        self.unique = {(n, t.key[0]) for n, t in self.types.items() if len(t.key) == 1}
        """Fields that foreign keys may lead to."""
        self.written = Written()

    def write(self) -> Written:
        """All types, parents first; rings are cut."""
        refers = {
            name: {f.reference.type for f in t.fields if f.reference is not None}
            for name, t in self.types.items()
        }
        order = [name for name in parents_first(refers) if name in self.types]
        for name in order:
            self._write_type(self.types[name])
        return self.written

    def _write_type(self, record_type: RecordType) -> None:
        table, name = self.tables[record_type.name], record_type.name
        self.db.execute(
            create_table(
                record_type, self.tables, self._parents(record_type), self._full(record_type)
            )
        )
        count = 0
        living = (record for record in records_of(self.tenant, name) if record.alive)
        for records in _parts(living):
            with_key = [record for record in records if record.key is not None]
            self._keep_apart(record for record in records if record.key is None)
            targets = self._targets(record_type, with_key)
            rows = [self._row(record_type, record, targets) for record in with_key]
            self._insert(table, rows)
            count += len(rows)
        self.written.rows[name] = count
        self._index_targets(record_type)

    def _insert(self, table: str, rows: list[list[object]]) -> None:
        """Rows into a table; text that is no string goes as its bytes."""
        plain = [row for row in rows if not any(isinstance(value, RawText) for value in row)]
        if plain:
            marks = ", ".join("?" * len(plain[0]))
            self.db.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", plain)
        for row in rows:
            raw = [isinstance(value, RawText) for value in row]
            if any(raw):
                marks = ", ".join("CAST(? AS TEXT)" if one else "?" for one in raw)
                self.db.execute(f"INSERT INTO {quoted(table)} VALUES ({marks})", row)

    # --- values ---

    def _row(
        self, record_type: RecordType, record: Record, targets: dict[str, Record]
    ) -> list[object]:
        key = dict(zip(record_type.key, record.key or (), strict=False))
        return [
            _bound(key[field.name] if field.name in key else self._cell(field, record, targets))
            for field in record_type.fields
        ]

    def _cell(self, field: Field, record: Record, targets: dict[str, Record]) -> Cell:
        """What the column holds; for a reference to a record that the office has not got, what it held before."""
        cell = record.fields.get(field.name)
        if field.reference is None or not isinstance(cell, str):
            return cell
        found = self._referred(field, cell, targets)
        if found is None and field.name in record.pending:
            before = record.pending[field.name].base
            return self._referred(field, before, targets) if isinstance(before, str) else before
        return found

    def _referred(self, field: Field, target: str, targets: dict[str, Record]) -> Cell:
        """The value that a reference to a record has in the table; None for one without a key."""
        reference, record = field.reference, targets.get(target)
        if reference is None or record is None or record.key is None:
            return None
        of = self.types.get(record.type)
        if of is not None and reference.column in of.key:
            return record.key[of.key.index(reference.column)]
        return record.fields.get(reference.column)

    def _targets(self, record_type: RecordType, records: Iterable[Record]) -> dict[str, Record]:
        fields = [f.name for f in record_type.fields if f.reference is not None]
        ids: dict[str, None] = {}
        for record in records:
            for name in fields:
                held = [record.fields.get(name)]
                if name in record.pending:
                    held.append(record.pending[name].base)
                ids |= {cell: None for cell in held if isinstance(cell, str)}
        return records_by_id(self.tenant, list(ids))

    # --- what the tables promise ---

    def _parents(self, record_type: RecordType) -> dict[str, str]:
        """The column by field that a foreign key leads to."""
        return {
            f.name: self.types[f.reference.type].field(f.reference.column).column
            for f in record_type.fields
            if f.reference is not None and (f.reference.type, f.reference.column) in self.unique
        }

    def _full(self, record_type: RecordType) -> list[str]:
        """Fields that must have a value, and have one in fact; one with a default may lack it, for the default is not known here."""
        fields = record_type.fields
        return [f.name for f in fields if f.required and not self._has_null(record_type, f)]

    def _has_null(self, record_type: RecordType, field: Field) -> bool:
        parameters = Parameters()
        text = text_of(parameters.add_field(field.name))
        found = self.tenant.row(
            "SELECT 1 FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
            f" AND alive AND key IS NOT NULL AND {text} IS NULL LIMIT 1",
            type=record_type.name,
            **parameters.values,
        )
        return found is not None or (field.reference is not None and self._waits(field))

    def _waits(self, field: Field) -> bool:
        """Whether a record that the field may refer to has no key yet."""
        found = self.tenant.row(
            "SELECT 1 FROM records_record WHERE company_id = %(company)s AND type = %(type)s"
            " AND alive AND key IS NULL LIMIT 1",
            type=field.reference.type if field.reference else "",
        )
        return found is not None

    def _index_targets(self, record_type: RecordType) -> None:
        """A unique index for every other field that references lead to."""
        wanted = {
            f.reference.column
            for t in self.types.values()
            for f in t.fields
            if f.reference is not None and f.reference.type == record_type.name
        }
        table = self.tables[record_type.name]
        for name in sorted(wanted - {f for t, f in self.unique if t == record_type.name}):
            index = quoted(f"{table}_{name}")
            column = quoted(record_type.field(name).column)
            try:
                self.db.execute(f"CREATE UNIQUE INDEX {index} ON {quoted(table)} ({column})")
            except dbapi2.IntegrityError:
                continue
            self.unique.add((record_type.name, name))

    def _keep_apart(self, records: Iterable[Record]) -> None:
        rows = [
            (record.type, record.id, msgspec.json.encode(record.fields).decode())
            for record in records
        ]
        if rows and not self.written.apart:
            self.db.execute(f"CREATE TABLE {APART} (type TEXT, record TEXT, fields TEXT)")
        if rows:
            self.db.executemany(f"INSERT INTO {APART} VALUES (?, ?, ?)", rows)
        self.written.apart += len(rows)


def _bound(cell: Cell) -> object:
    """What SQLite is given for a cell."""
    value = to_value(cell)
    return int(value) if isinstance(value, bool) else value


def _parts(records: Iterator[Record]) -> Iterator[list[Record]]:
    while part := list(islice(records, AT_ONCE)):
        yield part
