"""What the service does not take of the office's: kept at the office too, and let go when it is taken."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.agent.retrying import send_again
from samsyn.companydb import books
from samsyn.companydb.books import Quarantined
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import Catalog
from samsyn.core.changes import Delete, Put
from samsyn.protocol.messages import Batch, Refusal, RefusedRecord

OF_THE_CATALOG = frozenset({"UNKNOWN_FIELD", "UNKNOWN_TYPE"})


def keep_refused(db: CompanyDb, sent: Batch, refusals: Iterable[Refusal], now: str) -> int:
    """Keeps what a batch's answer refuses and lets go of what it takes; how many were refused.

    In the caller's transaction. What was refused because the batch was older
    than the catalog is sent again at once.
    """
    refused: dict[int, Refusal] = {refusal.index: refusal for refusal in refusals}
    taken = {change.id for n, change in enumerate(sent.changes) if n not in refused}
    for entry in books.quarantine(db, "online") if books.quarantine_count(db) else ():
        if entry.record in taken:
            books.release(db, "online", entry.record)
    outdated = sent.fingerprint != Catalog(db.engine, tuple(db.types.values())).fingerprint
    types = by_name(db)
    for index, refusal in refused.items():
        change = sent.changes[index]
        if not isinstance(change, Put | Delete):
            continue
        fields: tuple[str, ...] = ()
        if isinstance(change, Put) and not change.new:
            fields = tuple(change.fields)
        entry = Quarantined(
            side="online",
            type=change.type,
            record=change.id,
            since=now,
            code=refusal.code,
            reason=refusal.reason,
            field=refusal.field,
            key=change.key if isinstance(change, Put) else None,
            fields=fields,
        )
        books.put_quarantine(db, entry)
        if outdated and refusal.code in OF_THE_CATALOG and change.type in types:
            send_again(db, types[change.type], change.id, fields)
    return len(refused)


def keep_left_out(db: CompanyDb, type_: str, left_out: Iterable[RefusedRecord], now: str) -> None:
    """Keeps the records of a chunk that the service has left out. In the caller's transaction."""
    for refused in left_out:
        entry = Quarantined(
            side="online",
            type=type_,
            record=refused.record,
            since=now,
            code=refused.code,
            reason=refused.reason,
            field=refused.field,
        )
        books.put_quarantine(db, entry)
