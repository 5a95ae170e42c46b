"""The computers that have run Samsyn on a company database, and the one chosen to sync it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from samsyn.agent import lease
from samsyn.agent.lease import Chosen, Computer
from samsyn.companydb import books
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError


class ComputerUnknown(SamsynError):
    """No computer of that name or id has been here: `computer`."""

    code: ClassVar[str] = "COMPUTER_UNKNOWN"


class Known(msgspec.Struct, frozen=True):
    """A computer that may sync; `holds` says that its agent has the lease now."""

    id: str
    name: str
    last_seen: str
    chosen: bool
    holds: bool


def register(db: CompanyDb, me: Computer, now: str) -> None:
    """Notes that this computer was here, inside the caller's transaction."""
    table = book_name(db.engine, "computer")
    db.run(f"DELETE FROM {table} WHERE id = $1", me.id)
    db.run(
        f"INSERT INTO {table} (id, name, beat, last_seen) VALUES ($1, $2, $3, $4)",
        me.id,
        me.name,
        0,
        now,
    )


def computers(db: CompanyDb) -> list[Known]:
    """The computers by name."""
    table = book_name(db.engine, "computer")
    rows = db.rows(f"SELECT id, name, last_seen FROM {table} ORDER BY name, id")
    chosen = lease.chosen_computer(db)
    holder = lease.current(db).holder
    return [
        Known(
            id=str(id_),
            name=str(name),
            last_seen=str(seen or ""),
            chosen=chosen is not None and chosen.id == id_,
            holds=holder is not None and holder.id == id_,
        )
        for id_, name, seen in rows
    ]


def choose(db: CompanyDb, wanted: str | None) -> None:
    """Chooses the sync computer by id or name; None lets any computer sync. Raises ComputerUnknown."""
    chosen = None
    if wanted is not None:
        found = next((c for c in computers(db) if wanted in (c.id, c.name)), None)
        if found is None:
            raise ComputerUnknown(computer=wanted)
        chosen = Chosen(Computer(found.id, found.name, 0, 0.0))
    with db.transaction():
        books.set_fact(db, "sync_computer", chosen)
