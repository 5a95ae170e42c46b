"""What the last comparison of each type said, and which types are to be compared next."""

from __future__ import annotations

import datetime as dt

import msgspec

from samsyn.companydb import books, held, unseen
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType

VERIFIED = "verified:"
PERIOD_S = 24 * 3600
"""Every type is compared within so long, while an agent runs."""
DUE_S = PERIOD_S * 3 // 4
"""So old a certificate is renewed: that leaves time for large types and busy hours."""
RESTLESS_S = 600
"""So soon a type is compared again of which records would not rest."""
TOLD_AT_MOST = 50
"""Differences that a certificate lists."""


class Difference(msgspec.Struct, frozen=True):
    """A record that is not the same on both sides.

    `what` is `differs`, `office_only`, `online_only`, `no_identity` (a row that
    no trigger saw), `waits` (online work that nobody is about to take), or
    `never_at_rest`: it was written all the time.
    """

    type: str
    record: str
    what: str


class TypeCertificate(msgspec.Struct, frozen=True):
    """What the last comparison of a type said; kept in the company database.

    `count` tells one from the one before; the lists are cut, the numbers are not.
    """

    type: str
    at: str
    records: int
    found: int = 0
    repaired: int = 0
    left: int = 0
    frozen: int = 0
    """Records of which two programs answer each other on a field: it lies in quarantine online."""
    again: bool = False
    """It differs in so many places that it is loaded again."""
    count: int = 1
    differences: tuple[Difference, ...] = ()
    mended: tuple[Difference, ...] = ()


class Summary(msgspec.Struct, frozen=True):
    """All certificates as one. `at` is the oldest; `complete` when every type that is not held has one.

    A held type is not compared: what was said of it before says nothing now.
    """

    complete: bool
    identical: bool
    records: int
    frozen: int
    at: str | None
    types: tuple[TypeCertificate, ...]
    held: tuple[str, ...] = ()
    """The types that wait for a person."""


def certificates(db: CompanyDb) -> dict[int, TypeCertificate]:
    """What the last comparison of each type said, by number."""
    found = books.facts(db, VERIFIED, TypeCertificate)
    return {int(no): told for no, told in found.items() if int(no) in db.types}


def keep(db: CompanyDb, record_type: RecordType, told: TypeCertificate) -> None:
    """Keeps the certificate of a type, which nobody need compare now; inside a transaction."""
    unseen.answer(db, record_type.no)
    books.set_fact(db, f"{VERIFIED}{record_type.no}", told)


def summary(db: CompanyDb) -> Summary:
    """What is known of the whole database."""
    behind = held.held(db)
    told = {no: one for no, one in certificates(db).items() if no not in behind}
    types = tuple(told[no] for no in sorted(told))
    complete = told.keys() == db.types.keys() - behind.keys()
    return Summary(
        complete=complete,
        identical=complete and not any(one.left for one in types),
        records=sum(one.records for one in types),
        frozen=sum(one.frozen for one in types),
        at=min((one.at for one in types), default=None),
        types=types,
        held=tuple(one.type for one in behind.values()),
    )


def next_due(db: CompanyDb, now: str) -> RecordType | None:
    """The type to compare next: one that somebody asked for, or the one compared longest ago.

    Clocks pace this and decide nothing: after a jump a type is compared sooner or later.
    """
    free = db.types.keys() - held.held(db).keys()
    asked = free.intersection(unseen.asked(db))
    if asked:
        return db.types[min(asked)]
    told = certificates(db)
    waiting = [no for no in free if no not in told or _is_due(told[no], now)]
    first = min(waiting, key=lambda no: told[no].at if no in told else "", default=None)
    return None if first is None else db.types[first]


def _is_due(told: TypeCertificate, now: str) -> bool:
    return _age_s(told.at, now) >= (RESTLESS_S if told.left else DUE_S)


def _age_s(at: str, now: str) -> float:
    age = (dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(at)).total_seconds()
    return age if age >= 0 else PERIOD_S
