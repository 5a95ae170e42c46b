"""What happened where no trigger looked, told as the claim would have told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn.companydb import books
from samsyn.companydb.dangling import touch_referrers
from samsyn.companydb.rows import EMPTIED, CompanyDb, Key
from samsyn.core.catalog import RecordType
from samsyn.core.changes import Delete

ASKED = "compare:"
"""Facts: types of which something was written unseen, or that are to be compared soon."""

JOURNAL_AT_MOST = 100_000
"""Where more waits about a type, what is absent from it is left to the claim and the verifier."""


def ask(db: CompanyDb, record_type: RecordType) -> None:
    """Asks the agent to compare the type soon; inside a transaction."""
    books.set_fact(db, f"{ASKED}{record_type.no}", True)


def asked(db: CompanyDb) -> list[int]:
    """The numbers of the types that are to be compared soon."""
    return [int(no) for no in books.facts(db, ASKED, bool)]


def answer(db: CompanyDb, no: int) -> None:
    """The type has been compared; inside a transaction."""
    books.set_fact(db, f"{ASKED}{no}", None)


def absent(db: CompanyDb, record_type: RecordType, records: Sequence[str]) -> dict[str, Key | None]:
    """Which of the records have no row here; with the key where an identity is left."""
    keys = db.keys_of(record_type, records)
    there = db.read(record_type, list(keys.values()), only=())
    return {r: keys.get(r) for r in records if r not in keys or keys[r] not in there}


def unexplained(
    db: CompanyDb, record_type: RecordType, gone: Mapping[str, Key | None]
) -> dict[str, Key | None]:
    """Those whose absence the journal does not tell of: a row that moved or went is the claim's to tell."""
    journal = db.journal_of(record_type, JOURNAL_AT_MOST)
    named = {row.old for row in journal}
    every = len(journal) == JOURNAL_AT_MOST or any(row.op == EMPTIED for row in journal)
    return {r: key for r, key in gone.items() if key is None or not (every or key in named)}


def tell_gone(
    db: CompanyDb, record_type: RecordType, gone: Mapping[str, Key | None], seen: int
) -> None:
    """Records without a row lose their identity, and the service hears of it with the next batch.

    Not by way of the journal: a row that comes back under the key just now has
    a journal row of its own, which must not be put before this.
    """
    db.forget(record_type, [record for record, key in gone.items() if key is not None])
    touch_referrers(db, record_type, [key for key in gone.values() if key is not None], [], seen)
    for record in gone:
        books.release(db, "office", record)
        books.add_report(db, Delete(record_type.name, record, seen))
