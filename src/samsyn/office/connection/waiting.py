"""The records with changes of the office that the service has not taken, by name."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from samsyn.companydb import books, claim
from samsyn.companydb.row_ids import row_id
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.since_backup import looking, unsent
from samsyn.webkit.registers.book import Book, Kept, Register
from samsyn.webkit.registers.showing import title_of

SHOWN = 50


class Waiting(msgspec.Struct, frozen=True):
    """A record whose change is not sent."""

    title: str
    register: str


def waiting(db: CompanyDb, registers: Book) -> tuple[list[Waiting], int]:
    """The first records, and how many there are in all."""
    ids: dict[str, str] = {}
    with looking(db):
        for record, (record_type, touched) in unsent(db).touched.items():
            key = touched.key
            ids[record] = record if key is None else row_id(db.engine, record_type.name, key)
        taken = books.taken(db).number
        for record in claim.unsent(b for b in books.outbox(db) if b.number > taken):
            ids.setdefault(record, record)
    some = list(ids.values())[:SHOWN]
    known, seen = registers.records(some), {r.type.name: r for r in registers.registers()}
    return [_named(known.get(one), seen) for one in some], len(ids)


def _named(kept: Kept | None, seen: dict[str, Register]) -> Waiting:
    if kept is None:
        return Waiting(_("a deleted record"), "")
    register = seen[kept.type]
    return Waiting(title_of(register.type, kept), register.label)
