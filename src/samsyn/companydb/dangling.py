"""References whose meaning changes although their row does not: the parent went, came or moved.

A database that does not enforce its foreign keys may keep a child whose
parent is gone. What the child's field tells the service then changes without
a write to the child, so its field is put into the journal here. The same
where a parent's key names another record now, also under enforced keys: it was
deleted and made again in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.companydb import books, held
from samsyn.companydb.rows import UPDATED, CompanyDb, JournalRow, Key
from samsyn.core.catalog import Field, RecordType

FACT = "dangling"


def note_dangling(db: CompanyDb) -> None:
    """Some reference leads nowhere: from now on new keys are looked for in children."""
    if not books.fact(db, FACT, bool, False):
        books.set_fact(db, FACT, True)


def touch_referrers(
    db: CompanyDb,
    record_type: RecordType,
    dropped: Iterable[Key],
    gained: Iterable[Key],
    seen: int,
) -> None:
    """Journal rows for the fields that refer to keys which no longer, or only now, name a record."""
    looked_for = list(dropped)
    used_again = list(db.read(record_type, looked_for))
    dangled = books.fact(db, FACT, bool, False)
    if dangled:
        looked_for += gained
    if not looked_for or len(record_type.key) != 1:
        return
    unreadable = held.unreadable(db)
    for child in db.types.values():
        if child.no in unreadable:
            continue
        for place, field in enumerate(child.fields):
            if _refers(field, record_type):
                asked = looked_for if dangled or _may_dangle(db, field) else used_again
                keys = db.referring(child, field.name, [key[0] for key in asked]) if asked else []
                db.add_journal(
                    JournalRow(0, child.no, UPDATED, seen, 1 << place, key, key) for key in keys
                )


def _refers(field: Field, target: RecordType) -> bool:
    reference = field.reference
    return (
        reference is not None
        and reference.type == target.name
        and reference.column == target.key[0]
    )


def _may_dangle(db: CompanyDb, field: Field) -> bool:
    return db.engine == "sqlite" or field.reference is None or not field.reference.declared
