"""An update of the connection that is under way: remembered in the company database, so that whoever is killed goes on."""

from __future__ import annotations

import enum

import msgspec

from samsyn.agent import resync
from samsyn.companydb import books
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import CompanyDb
from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import Cut, Told

UNDERWAY = "update"


class Choice(enum.Enum):
    """What a person chose to stand after a restore."""

    BRING_BACK = "bring_back"
    """All that the backup lacks comes back; work since the restore stands."""
    BACKUP_IS_TRUTH = "backup_is_truth"
    """The office's rows stand as they are."""


class Underway(msgspec.Struct, frozen=True):
    """An update that has begun; `cut` as the service has begun with, `after` where to go on.

    `page` is what is told of the records after `after`: noted before it is told, together with
    what it takes from the journal. `recognised` names the types of which anything was taken so.
    `rejoins` says that the service was the one that was put back: once it has joined again it no
    longer shows, and its answer may have been lost. `links` are those that the service has told of.
    """

    operation: str
    choice: Choice
    next_link: str
    told: Told
    after: int | None = None
    cut: Cut | None = None
    page: dict[str, AtOffice] | None = None
    recognised: tuple[str, ...] = ()
    rejoins: bool = False
    links: tuple[str, ...] = ()


def underway(db: CompanyDb) -> Underway | None:
    """The update that has begun and not ended."""
    return books.fact(db, UNDERWAY, Underway, None)


def remember(db: CompanyDb, now: Underway) -> None:
    """Where it stands; inside the caller's transaction."""
    books.set_fact(db, UNDERWAY, now)


def ended(db: CompanyDb) -> None:
    """Nothing is under way any more; inside the caller's transaction."""
    books.set_fact(db, UNDERWAY, None)


def give_up(db: CompanyDb) -> None:
    """The service knows nothing of what was begun: it was put back, or has gone on; inside the caller's transaction.

    It may not have what was taken from the journal because it had it: these types are told as they stand.
    """
    begun = underway(db)
    if begun is None:
        return
    types = by_name(db)
    for name in begun.recognised:
        if name in types:
            resync.request(db, types[name], resync.Why.RESTORED)
    ended(db)
