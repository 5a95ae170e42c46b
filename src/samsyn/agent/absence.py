"""What the service has and the office has not: deleted there while nobody looked, or is it the wrong database?

So many records missing that it may be a mistake hold the type like any brake
(failure mode 25), before anything of it is told: a person says that they were
deleted (release), or has them put back into the office's table (undo).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samsyn.agent import resync
from samsyn.agent.continuity import Continuity
from samsyn.agent.identities import identity_pages
from samsyn.agent.service import Service
from samsyn.companydb import books, braking, held, unseen
from samsyn.companydb.held import Held, Side
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.unseen import absent, tell_gone, unexplained
from samsyn.core.catalog import RecordType
from samsyn.protocol.messages import Identity

MISSING = "MISSING"
"""The code of what is held here."""
ACCEPTED = "accepted:"
"""Facts: types of which a person has said that what is missing was deleted, by number."""


def delete_absent(
    db: CompanyDb, service: Service, continuity: Continuity, record_type: RecordType, now: str
) -> None:
    """Deletes online what the office has not; holds the type where that is so much that a person must agree."""
    missing, records = 0, 0
    for known in known_online(service, record_type):
        missing += len(absent(db, record_type, known))
        records += len(known)
    with continuity.transaction():
        if hold(db, record_type, missing, records, now):
            return
    for known in known_online(service, record_type) if missing else ():
        with continuity.transaction():
            gone = unexplained(db, record_type, absent(db, record_type, known))
            tell_gone(db, record_type, gone, held.seen_of(db, record_type.no))
    with continuity.transaction():
        books.set_fact(db, f"{ACCEPTED}{record_type.no}", None)


def hold(db: CompanyDb, record_type: RecordType, missing: int, records: int, now: str) -> bool:
    """Holds the type where so many of its records are missing; whether it does. Inside a transaction.

    In the first load of a newcomer any is too many: it may never have had them.
    It is compared once it goes with the others again.
    """
    accepted = books.fact(db, f"{ACCEPTED}{record_type.no}", bool, False)
    limits = braking.limits(db, record_type.no)
    much = limits.is_much(missing, records) or (missing > 0 and comes_new(db, record_type))
    if accepted or limits.off or not much:
        return False
    told = Held(
        type=record_type.name,
        side=Side.OFFICE,
        code=MISSING,
        since=now,
        cursor=books.cursor(db),
        count=missing,
        records=records,
    )
    held.hold(db, record_type.no, told)
    unseen.ask(db, record_type)
    return True


def comes_new(db: CompanyDb, record_type: RecordType) -> bool:
    """Whether it is the first load of a database that does not know how far the company's had come."""
    connection, state = books.connection(db), resync.load_state(db, record_type)
    return connection is not None and connection.newcomer and not (state.done or state.again)


def accept(db: CompanyDb, no: int) -> None:
    """A person says that what is missing of a type was deleted; inside a transaction."""
    books.set_fact(db, f"{ACCEPTED}{no}", True)


def known_online(service: Service, record_type: RecordType) -> Iterator[list[str]]:
    """The living records of a type that the office has, or had, in parts."""
    for page in identity_pages(service, record_type.name):
        yield had_here(page)


def had_here(page: Sequence[Identity]) -> list[str]:
    """Those of a page that live and that the office has, or had."""
    return [r.id for r in page if r.alive and r.key is not None and not r.born]


def missing_here(db: CompanyDb, service: Service, record_type: RecordType, limit: int) -> list[str]:
    """The first of the records that are missing."""
    found: list[str] = []
    for known in known_online(service, record_type):
        found += absent(db, record_type, known)
        if len(found) >= limit:
            break
    return found[:limit]
