"""What becomes of each table, and why."""

from __future__ import annotations

import enum

import msgspec


class Reason(enum.Enum):
    """Why a table or a field is not synced; the words for it are given elsewhere."""

    EXCLUDED = "EXCLUDED"
    NOT_CHOSEN = "NOT_CHOSEN"
    VIEW = "VIEW"
    VIRTUAL_TABLE = "VIRTUAL_TABLE"
    SHADOW_TABLE = "SHADOW_TABLE"
    SYSTEM_TABLE = "SYSTEM_TABLE"
    PARTITION = "PARTITION"
    """Synced through the table it is a part of."""
    INHERITED = "INHERITED"
    """It shows the rows of other tables as its own."""
    FOREIGN_TABLE = "FOREIGN_TABLE"
    UNLOGGED = "UNLOGGED"
    """The server empties it after a crash."""
    UNREADABLE = "UNREADABLE"
    PRIVILEGE_MISSING = "PRIVILEGE_MISSING"
    ROW_SECURITY = "ROW_SECURITY"
    """Policies hide rows from the role."""
    NO_STABLE_KEY = "NO_STABLE_KEY"
    KEY_NOT_ROUND_TRIP = "KEY_NOT_ROUND_TRIP"
    KEY_HOLDS_NULL = "KEY_HOLDS_NULL"
    MISSING_COLLATION = "MISSING_COLLATION"
    MISSING_FUNCTION = "MISSING_FUNCTION"
    NOT_WRITABLE = "NOT_WRITABLE"
    LOCK_TABLE = "LOCK_TABLE"
    SESSION_TABLE = "SESSION_TABLE"
    MIGRATIONS = "MIGRATIONS"
    BOOKKEEPING = "BOOKKEEPING"
    NOT_ROUND_TRIP = "NOT_ROUND_TRIP"
    """A field: a value of it does not come back the same."""
    SESSION_DEPENDENT = "SESSION_DEPENDENT"
    """A field: its text means different things in different databases."""


OVERRULED = frozenset(
    {Reason.LOCK_TABLE, Reason.SESSION_TABLE, Reason.MIGRATIONS, Reason.BOOKKEEPING}
)
"""Advice: a table that a person chooses by name is synced all the same."""


class LeftOut(msgspec.Struct, frozen=True):
    """A field that cannot go round, while the rest of its table does."""

    field: str
    reason: Reason
    detail: str = ""


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What becomes of one table or view."""

    type: str
    table: str
    schema: str | None = None
    synced: bool = False
    reason: Reason | None = None
    detail: str = ""
    """The engine's own words, the column or the privilege meant."""
    records: int | None = None
    records_estimated: bool = False
    left_out: tuple[LeftOut, ...] = ()
    blind_spots: tuple[str, ...] = ()
    """Unique indexes through which a SQLite REPLACE is seen only by the verifier."""


class TableFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a look into one table showed, bounded and without changing anything."""

    records: int = 0
    records_estimated: bool = False
    row_bytes: int = 0
    """Mean of the sampled rows' values."""
    sampled: int = 0
    values: dict[str, tuple[object, ...]] = {}
    """Sampled values that are not null, by column (SQLite)."""
    obstacle: Reason | None = None
    detail: str = ""
    left_out: tuple[LeftOut, ...] = ()
