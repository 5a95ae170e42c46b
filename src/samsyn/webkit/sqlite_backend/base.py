"""Django's own SQLite backend, with pysqlite3 in the place of the standard library's sqlite3.

SQLite 3.7.0 to 3.51.2 can lose a commit when several processes reset the WAL
of one file at the same moment, and Python's own SQLite is whatever the
machine has. pysqlite3 carries a newer one inside its wheel.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from pysqlite3 import dbapi2 as Database

OLDEST = (3, 51, 3)
"""The first SQLite without the race."""

if Database.sqlite_version_info < OLDEST:
    raise ImproperlyConfigured(f"pysqlite3 brings SQLite {Database.sqlite_version}: too old")

Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", lambda raw: parse_date(raw.decode()))
Database.register_converter("time", lambda raw: parse_time(raw.decode()))
Database.register_converter("datetime", lambda raw: parse_datetime(raw.decode()))
Database.register_converter("timestamp", lambda raw: parse_datetime(raw.decode()))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, datetime.date.isoformat)
Database.register_adapter(datetime.datetime, lambda value: value.isoformat(" "))

_convert_query = stock.SQLiteCursorWrapper.convert_query


class Cursor(Database.Cursor):  # type: ignore[misc]  # pysqlite3 has no types
    """Django's placeholders (%s, %(name)s) turned into SQLite's."""

    def execute(self, query: str, params: Any = None) -> Any:  # Any: as the DB API has it
        """Run one statement."""
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(_convert_query(self, query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement for each row of positional parameters."""
        return super().executemany(_convert_query(self, query), param_list)


class DatabaseWrapper(stock.DatabaseWrapper):
    """The connection; everything but the driver is Django's."""

    Database = Database
    init_commands: list[str]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with Django's functions and our pragmas."""
        connection = Database.connect(**conn_params)
        register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for command in filter(None, (part.strip() for part in self.init_commands)):
            connection.execute(command)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that takes Django's placeholders."""
        return self.connection.cursor(factory=Cursor)
