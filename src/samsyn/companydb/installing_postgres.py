"""Puts capture into a PostgreSQL database and takes it out again."""

from __future__ import annotations

from samsyn.companydb import capture_postgres, schema_postgres
from samsyn.companydb.bookkeeping import POSTGRES_SCHEMA, create_identity
from samsyn.companydb.opening import PostgresSession, PrivilegeMissing
from samsyn.companydb.quoting import postgres_name
from samsyn.companydb.schema import Schema, Table
from samsyn.core.catalog import RecordType

ATTACH_LOCK = 0x73616D73796E
"""Advisory lock: one attach or detach at a time."""

MADE = """
SELECT n.nspname::text, c.relname::text, t.tgname::text, t.tgenabled::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE t.tgparentid = 0 AND t.tgfoid = to_regproc($1)
"""


class PostgresInstaller:
    """See installing.Installer."""

    def __init__(self, session: PostgresSession) -> None:
        self.session = session
        [(prepared,)] = session.rows("SELECT current_setting('max_prepared_transactions')::int > 0")
        self.notify = not prepared

    def read_schema(self) -> Schema:
        return schema_postgres.read_schema(self.session)

    def check_rights(self) -> None:
        """Raises PrivilegeMissing where we may not make our schema or anything in it."""
        [(may, database, role)] = self.session.rows(
            "SELECT CASE WHEN to_regnamespace($1) IS NULL"
            " THEN has_database_privilege(current_database(), 'CREATE')"
            " ELSE has_schema_privilege($1, 'CREATE') END, current_database()::text,"
            " current_user::text",
            POSTGRES_SCHEMA,
        )
        if not may:
            raise PrivilegeMissing(privilege="CREATE", on=f"database {database}", role=role)

    def prepare(self) -> None:
        self.session.rows("SELECT pg_advisory_xact_lock($1)", ATTACH_LOCK)
        self.session.run(f"CREATE SCHEMA IF NOT EXISTS {postgres_name(POSTGRES_SCHEMA)}")

    def journal_columns(self) -> set[str]:
        rows = self.session.rows(
            "SELECT attname::text FROM pg_attribute"
            " WHERE attrelid = to_regclass('samsyn.journal') AND attnum > 0 AND NOT attisdropped"
        )
        return {str(name) for (name,) in rows}

    def intact(self, record_type: RecordType, table: Table) -> bool:
        capture = self._capture(record_type, table)
        bodies = self.session.rows(
            "SELECT prosrc FROM pg_proc WHERE oid = to_regproc($1)", capture.function
        )
        return bodies == [(capture.body,)] and self.is_there(record_type, table)

    def is_there(self, record_type: RecordType, table: Table) -> bool:
        capture = self._capture(record_type, table)
        made = {
            (postgres_name(schema, name), trigger, enabled)
            for schema, name, trigger, enabled in self.session.rows(MADE, capture.function)
        }
        enabled = "A" if table.owned else "O"
        return made == {(where, name, enabled) for where, name, _ in capture.triggers}

    def install(self, record_type: RecordType, table: Table) -> list[str]:
        capture = self._capture(record_type, table)
        self.session.run(capture.drop)
        self.session.run(capture.create_function)
        for where, name, create in capture.triggers:
            self.session.run(create)
            if table.owned:
                # Also when a session has session_replication_role = replica.
                self.session.run(f"ALTER TABLE {where} ENABLE ALWAYS TRIGGER {postgres_name(name)}")
        return [f"capture_{record_type.no}", *(name for _, name, _ in capture.triggers)]

    def widen(self, no: int) -> None:
        """Nothing keeps a program from dropping a column here."""

    def create_identity(self, record_type: RecordType, table: Table) -> None:
        types = [_key_type(record_type, table, name) for name in record_type.key]
        self.session.run(create_identity("postgresql", record_type.no, types))

    def remove(self, no: int) -> None:
        schema = postgres_name(POSTGRES_SCHEMA)
        self.session.run(f"DROP FUNCTION IF EXISTS {schema}.capture_{no}() CASCADE")
        self.session.run(f"DROP TABLE IF EXISTS {schema}.id_{no}")

    def remove_all(self) -> None:
        self.session.rows("SELECT pg_advisory_xact_lock($1)", ATTACH_LOCK)
        self.session.run(f"DROP SCHEMA IF EXISTS {postgres_name(POSTGRES_SCHEMA)} CASCADE")

    def left(self) -> tuple[str, ...]:
        rows = self.session.rows(
            "SELECT nspname::text FROM pg_namespace WHERE nspname = $1 UNION ALL"
            " SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'samsyn\\_%'",
            POSTGRES_SCHEMA,
        )
        return tuple(str(name) for (name,) in rows)

    def _capture(self, record_type: RecordType, table: Table) -> capture_postgres.Capture:
        return capture_postgres.capture(record_type, table, notify=self.notify)


def _key_type(record_type: RecordType, table: Table, name: str) -> str:
    declared = record_type.field(name).storage
    # Identity tells unlike texts apart, whatever collation the company's key has.
    return declared if table.column(name).deterministic else f'{declared} COLLATE "C"'
