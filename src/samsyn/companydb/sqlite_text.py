"""Stored texts that are no valid text: read as their bytes and bound again as they were.

SQLite keeps whatever bytes a program calls a text; Python, and so apsw, reads
only valid ones. Such a text is a `core.cells.RawText`, in rows and in keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any  # stored values

import apsw
import apsw.ext

from samsyn.core.cells import RawText

_PLACE = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|\?|\$\d+""")
CODECS = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}

Row = tuple[Any, ...]


class TextReader:
    """Runs statements on one connection; values are `?` in order."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        [(encoding,)] = connection.execute("PRAGMA main.encoding")
        self._codec = CODECS[str(encoding)]

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows of a SELECT."""
        statement, bound = bindable(sql, values)
        try:
            return list(self._connection.execute(statement, bound))
        except UnicodeDecodeError:
            return self._as_bytes(statement, bound)

    def rows_of_each(self, sql: str, keys: Sequence[Sequence[object]]) -> list[Row]:
        """The rows of a SELECT that is run for each key."""
        if not any(isinstance(part, RawText) for key in keys for part in key):
            try:
                return list(self._connection.executemany(sql, keys))
            except UnicodeDecodeError:
                pass  # one of them holds such a text
        return [row for key in keys for row in self.rows(sql, key)]

    def run_each(self, sql: str, keys: Sequence[Sequence[object]]) -> None:
        """A statement without an answer for each key."""
        if any(isinstance(part, RawText) for key in keys for part in key):
            for key in keys:
                self._connection.execute(*bindable(sql, key))
        else:
            self._connection.executemany(sql, keys)

    def returned(self, row: Row) -> Row:
        """A row selected as `returning`."""
        return tuple(
            self._text(value) if kind == "text" else value
            for kind, value in zip(row[::2], row[1::2], strict=True)
        )

    def _as_bytes(self, sql: str, bound: Sequence[Any]) -> list[Row]:
        width = len(apsw.ext.query_info(self._connection, sql).description)
        names = [f"c{place}" for place in range(width)]
        found = self._connection.execute(
            f"WITH samsyn_rows({', '.join(names)}) AS ({sql})"
            f" SELECT {returning(names)} FROM samsyn_rows",
            bound,
        )
        return [self.returned(row) for row in found]

    def _text(self, stored: bytes) -> str | RawText:
        try:
            return stored.decode(self._codec)
        except UnicodeDecodeError:
            return RawText(stored)


def returning(columns: Sequence[str]) -> str:
    """Result columns that any stored value can be read from."""
    return ", ".join(
        f"typeof({c}), CASE typeof({c}) WHEN 'text' THEN CAST({c} AS BLOB) ELSE {c} END"
        for c in columns
    )


def bindable(sql: str, values: Sequence[object]) -> tuple[str, list[Any]]:
    """Statement and values as apsw takes them: raw texts are bound as bytes and cast."""
    if not any(isinstance(value, RawText) for value in values):
        return sql, list(values)
    place = -1

    def mark(found: re.Match[str]) -> str:
        nonlocal place
        if found[1] is not None:
            return found[0]
        place += 1
        return "CAST(? AS TEXT)" if isinstance(values[place], RawText) else "?"

    statement = _PLACE.sub(mark, sql)
    return statement, [bytes(v) if isinstance(v, RawText) else v for v in values]
