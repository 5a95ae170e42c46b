"""Home: where a connected database lies. A copy started elsewhere never syncs by itself (FM22)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from samsyn.agent import lease
from samsyn.agent.greeting import connection_of
from samsyn.agent.lease import Computer
from samsyn.companydb import books
from samsyn.companydb.place import place_of
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError


class DatabaseElsewhere(SamsynError):
    """Not where it was connected: a copy, or moved. `place`, `home`, `computer` of the home."""

    code: ClassVar[str] = "DATABASE_ELSEWHERE"


class Home(msgspec.Struct, frozen=True):
    """The computer and the place; on PostgreSQL any computer reaches the same place."""

    computer: str
    computer_name: str
    place: str


def home_of(db: CompanyDb) -> Home | None:
    """The home that is remembered in the database."""
    return books.fact(db, "home", Home, None)


def settle(db: CompanyDb, me: Computer) -> None:
    """The database is at home here, inside the caller's transaction: it was connected, or a person says so."""
    books.set_fact(db, "home", Home(me.id, me.name, place_of(db)))


def check(db: CompanyDb, me: Computer) -> None:
    """Before anything else of a session: raises DatabaseElsewhere.

    A computer that a person chose brings its own way to the database along.
    """
    if _is_at_home(db, me, home_of(db)):
        return
    apart = elsewhere(db, me)
    if apart is not None:
        raise apart
    with db.transaction():
        settle(db, me)


def elsewhere(db: CompanyDb, me: Computer) -> DatabaseElsewhere | None:
    """The error that `check` would raise; nothing is written."""
    known = home_of(db)
    if known is None or _is_at_home(db, me, known) or _chosen_anew(db, me, known):
        return None
    return DatabaseElsewhere(place=place_of(db), home=known.place, computer=known.computer_name)


def move(db: CompanyDb, me: Computer) -> str:
    """A person says that this is the database to sync, and no copy; its place. Raises NotConnected."""
    connection_of(db)
    with db.transaction():
        settle(db, me)
    return place_of(db)


def _is_at_home(db: CompanyDb, me: Computer, known: Home | None) -> bool:
    if known is None or known.place != place_of(db):
        return False
    return db.engine == "postgresql" or known.computer == me.id


def _chosen_anew(db: CompanyDb, me: Computer, known: Home) -> bool:
    chosen = lease.chosen_computer(db)
    if db.engine == "postgresql" or chosen is None:
        return False
    return chosen.id == me.id != known.computer
