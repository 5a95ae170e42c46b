"""The schema is watched: what a program's upgrade has touched is held or mended, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import msgspec

from samsyn.agent import resync
from samsyn.agent.continuity import Continuity
from samsyn.agent.trace import Trace
from samsyn.companydb import books, braking, drift, held
from samsyn.companydb.attach import LEFT_OUT
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.installing import CAPTURE_VERSION, installer
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.companydb.rows import CompanyDb, RowRefused
from samsyn.companydb.schema import Schema
from samsyn.companydb.upgrade import is_current, upgrade
from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.errors import SamsynError

MARK = "schema_mark"
"""The fact of how the schema stood when it was last looked at."""
TOLD_HELD = "told_held"
"""The fact of what the service has heard to be held."""
NEW_COLUMNS = "new_columns:"
"""Facts: columns that a type's table has got since it was attached, by its number."""


class SchemaChanged(SamsynError):
    """The schema was changed while we worked: it is looked at, and the work is done again."""

    code: ClassVar[str] = "SCHEMA_CHANGED"
    transient: ClassVar[bool] = True


class Drifting:
    """Looks at the schema when it has changed, and brings what is held up to date."""

    def __init__(
        self, db: CompanyDb, continuity: Continuity, now: Callable[[], str], trace: Trace
    ) -> None:
        self._db = db
        self._continuity = continuity
        self._now = now
        self._trace = trace
        self._fingerprint = _fingerprint(db)

    def upgrade(self) -> None:
        """What an older version attached gets today's bookkeeping, and at the next look its triggers."""
        if is_current(self._db):
            return
        with self._continuity.transaction():
            upgrade(self._db)
            books.set_fact(self._db, MARK, None)
        self._trace("upgraded")

    def is_same(self) -> bool:
        """Whether the schema stands as it did when it was last looked at."""
        if not self._same_types():
            return False
        return drift.mark(self._db) == books.fact(self._db, MARK, str, "")

    def check(self) -> None:
        """Within a transaction: SchemaChanged where the tables were attached anew since the last look."""
        if not self._same_types():
            raise SchemaChanged()

    def look(self) -> bool:
        """Holds, mends and lets go what the schema as it is now asks for; whether types are others."""
        known = self._fingerprint
        if self.is_same():
            return False
        with self._continuity.transaction():
            self._db.reload()
            self._fingerprint = _fingerprint(self._db)
            self._compare()
            books.set_fact(self._db, MARK, drift.mark(self._db))
        return self._fingerprint != known

    def _same_types(self) -> bool:
        return books.fact(self._db, "catalog_fingerprint", str, "") == self._fingerprint

    def _compare(self) -> None:
        session = self._db
        assert isinstance(session, SqliteSession | PostgresSession)
        schema = installer(session).read_schema()
        types = {t.name: t for t in self._db.types.values()}
        told = held.held(self._db)
        left_out = books.fact(self._db, LEFT_OUT, dict[str, list[str]], {})
        for no, record_type in self._db.types.items():
            found = drift.compare(record_type, schema, types)
            known = left_out.get(record_type.name, [])
            added = tuple(name for name in found.added if name not in known)
            books.set_fact(self._db, f"{NEW_COLUMNS}{no}", added or None)
            if found.code is not None:
                self._hold(record_type, found, told.get(no))
                self._widen(record_type)
                continue
            if not self._mend(record_type, schema, told.get(no)):
                continue
            if no in told and told[no].side is Side.SCHEMA:
                self._let_go(record_type, told[no])
        books.set_fact(self._db, "capture_version", CAPTURE_VERSION)

    def _hold(self, record_type: RecordType, found: drift.Drift, before: Held | None) -> None:
        assert found.code is not None
        known = None if before is None else (before.side, before.phase, before.code, before.fields)
        if known == (Side.SCHEMA, Phase.HELD, found.code, found.fields):
            return
        cursor = books.cursor(self._db) if before is None else before.cursor
        now = Held(
            type=record_type.name,
            side=Side.SCHEMA,
            code=found.code,
            since=self._now(),
            cursor=cursor,
            fields=found.fields,
            reason=found.reason,
        )
        held.keep(self._db, record_type.no, now)
        self._trace("schema_held", type=record_type.name, code=found.code)

    def _widen(self, record_type: RecordType) -> None:
        """What the program has renamed it may drop next, also before the tables are attached again."""
        session = self._db
        assert isinstance(session, SqliteSession | PostgresSession)
        try:
            with self._db.unit():
                installer(session).widen(record_type.no)
        except RowRefused as error:
            self._trace("triggers_left", type=record_type.name, reason=error.refusal.reason)

    def _let_go(self, record_type: RecordType, told: Held) -> None:
        """The table is again what the catalog says: what happened meanwhile is found by a compare.

        So are references to rows that could not be looked up.
        """
        now = msgspec.structs.replace(told, phase=Phase.RELEASED)
        held.keep(self._db, record_type.no, now)
        for other in self._db.types.values():
            refers_to = {f.reference.type for f in other.fields if f.reference is not None}
            if other.no == record_type.no or record_type.name in refers_to:
                resync.request(self._db, other, resync.Why.SCHEMA)
        self._trace("schema_let_go", type=record_type.name)

    def _mend(self, record_type: RecordType, schema: Schema, before: Held | None) -> bool:
        """Triggers that are missing, altered or disabled are made again; a compare finds the rest.

        Where the role may not do that, the type is held.
        """
        session = self._db
        assert isinstance(session, SqliteSession | PostgresSession)
        make = installer(session)
        table = schema.table(record_type.table, record_type.schema)
        if make.intact(record_type, table):
            return True
        older = books.fact(self._db, "capture_version", int, CAPTURE_VERSION) != CAPTURE_VERSION
        whole = older and make.is_there(record_type, table)
        try:
            with self._db.unit():
                make.install(record_type, table)
        except RowRefused as error:
            reason = error.refusal.reason
            self._hold(record_type, drift.Drift("TRIGGERS_GONE", reason=reason), before)
            return False
        if not whole:
            resync.request(self._db, record_type, resync.Why.SCHEMA)
        self._trace("triggers_mended", type=record_type.name)
        return True


def new_columns(db: CompanyDb) -> dict[str, tuple[str, ...]]:
    """Columns that came since the tables were attached, by type: not synced until attached again."""
    found = books.facts(db, NEW_COLUMNS, tuple[str, ...])
    return {db.types[int(no)].name: names for no, names in found.items() if int(no) in db.types}


def forget(db: CompanyDb) -> None:
    """Another company: what was held is not held from it, and the schema is looked at anew."""
    for no in held.held(db):
        held.let_go(db, no)
        braking.forget(db, no)
    for name in (MARK, TOLD_HELD):
        books.set_fact(db, name, None)


def _fingerprint(db: CompanyDb) -> str:
    return Catalog(db.engine, tuple(db.types.values())).fingerprint
