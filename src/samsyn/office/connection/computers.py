"""The computers that may sync a company database, and which is recommended."""

from __future__ import annotations

import msgspec

from samsyn.agent import computers as known_computers
from samsyn.agent import home, lease
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.companydb.place import place_of
from samsyn.companydb.rows import CompanyDb


class Choosable(msgspec.Struct, frozen=True):
    """A computer in the list."""

    id: str
    name: str
    last_seen: str
    chosen: bool
    syncs: bool
    this: bool
    holds: bool
    """Whether the database lies on it, as far as is known."""

    @property
    def recommended(self) -> bool:
        """Best is the computer that holds the database: nothing between it and the file can fail."""
        return self.holds


def choosable(db: CompanyDb) -> list[Choosable]:
    """All computers that ran Samsyn on this database; one that syncs was seen when its agent last beat."""
    me = this_computer()
    now, held_by = lease.current(db), _holds(db)
    holder = now.holder
    return [
        Choosable(
            one.id,
            one.name,
            max(one.last_seen, now.at)
            if holder is not None and holder.id == one.id
            else one.last_seen,
            one.chosen,
            holder is not None and holder.id == one.id and lease.holder_alive(db, me),
            one.id == me.id,
            one.id == held_by,
        )
        for one in known_computers.computers(db)
    ]


def note_this(db: CompanyDb) -> None:
    """This computer may be chosen, also where the database is younger than this program's last note in it."""
    me = this_computer()
    if all(one.id != me.id for one in known_computers.computers(db)):
        with db.transaction():
            known_computers.register(db, me, now_text())


def choose(db: CompanyDb, computer: str) -> None:
    """Only that computer syncs from now on; empty: any may. Raises ComputerUnknown."""
    known_computers.choose(db, computer or None)


def _holds(db: CompanyDb) -> str:
    """A file lies on the computer where it was connected, or here where it lies here."""
    known = home.home_of(db)
    if db.engine != "sqlite":
        return ""
    if known is None or known.place == place_of(db):
        return this_computer().id if known is None else known.computer
    return known.computer
