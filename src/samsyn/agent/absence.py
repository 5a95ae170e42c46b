"""What the service has and the office has not: deleted there while nobody looked, or is it the wrong database?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from samsyn.agent.continuity import Continuity
from samsyn.agent.identities import identity_pages
from samsyn.agent.service import Service
from samsyn.companydb import books
from samsyn.companydb.held import seen_of
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.unseen import absent, tell_gone, unexplained
from samsyn.core.brakes import ORDINARY
from samsyn.core.catalog import RecordType
from samsyn.core.errors import SamsynError

ACCEPT_MISSING = "accept_missing"
"""The fact that a person has said it is."""
HELD = "absent:"


class MissingAtOffice(SamsynError):
    """Many records that are online are not in this database: `type`, `missing` of `records`."""

    code: ClassVar[str] = "MISSING_AT_OFFICE"


class Missing(msgspec.Struct, frozen=True):
    """So many records of a loaded type are missing here that they were not deleted online."""

    type: str
    missing: int
    records: int


def delete_absent(
    db: CompanyDb, service: Service, continuity: Continuity, record_type: RecordType, *, hold: bool
) -> None:
    """Deletes online what the office has not, unless it is so much that a person must agree.

    Then nothing is deleted: with `hold` that is remembered and told, the type's
    other records go on; without, MissingAtOffice is raised.
    """
    missing, records = 0, 0
    for known in known_online(service, record_type):
        missing += len(absent(db, record_type, known))
        records += len(known)
    if hold and holds(db, continuity, record_type, missing, records):
        return
    if _too_many(db, missing, records):
        raise MissingAtOffice(type=record_type.name, missing=missing, records=records)
    for known in known_online(service, record_type) if missing else ():
        with continuity.transaction():
            gone = unexplained(db, record_type, absent(db, record_type, known))
            tell_gone(db, record_type, gone, seen_of(db, record_type.no))


def holds(
    db: CompanyDb, continuity: Continuity, record_type: RecordType, missing: int, records: int
) -> bool:
    """Whether so many missing records need a person's word first; remembered as long as they do."""
    name = f"{HELD}{record_type.no}"
    found = Missing(record_type.name, missing, records) if _too_many(db, missing, records) else None
    if books.fact(db, name, Missing, None) != found:
        with continuity.transaction():
            books.set_fact(db, name, found)
    return found is not None


def _too_many(db: CompanyDb, missing: int, records: int) -> bool:
    allowed = books.fact(db, ACCEPT_MISSING, bool, False)
    return ORDINARY.is_much(missing, records) and not allowed


def held(db: CompanyDb) -> dict[int, Missing]:
    """The types of which records are missing and held, by number."""
    return {int(no): told for no, told in books.facts(db, HELD, Missing).items()}


def known_online(service: Service, record_type: RecordType) -> Iterator[list[str]]:
    """The living records of a type that the office has, or had, in parts."""
    for page in identity_pages(service, record_type.name):
        yield [r.id for r in page if r.alive and r.key is not None and not r.born]
