"""The one way in which names and fixed texts enter a statement; values are bound."""

from __future__ import annotations


def sqlite_name(name: str) -> str:
    """An identifier for SQLite, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def postgres_name(*parts: str | None) -> str:
    """An identifier for PostgreSQL, with its schema before it where one is given."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts if part is not None)


def postgres_text(text: str) -> str:
    """A text constant for PostgreSQL, whatever standard_conforming_strings says."""
    quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'"
    return "E" + quoted if "\\" in text else quoted
