"""Conflicts, quarantine and ledger: from the service, or the office's copy where it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from samsyn.agent.greeting import connection_of
from samsyn.agent.pausing import wake_agent
from samsyn.agent.retrying import send_all_again
from samsyn.agent.runner import connected_service
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost, Operation
from samsyn.core.clinic import Case, offers
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import HeldValue, InTheWay, QuarantineEntry, Remedy

PAGE = 500


class ConflictRow(msgspec.Struct, frozen=True):
    """A conflict as it is listed; values are cells."""

    type: str
    record: str
    key: tuple[Cell, ...] | None
    field: str | None
    base: Cell
    office: Cell
    online: Cell
    kept: str
    office_by: str | None
    online_by: str | None
    at: str
    outcome: str
    id: str = ""
    """Empty in the office's own copy, which cannot be asked to write a value once more."""
    reapplied_seq: int | None = None
    group: tuple[str, ...] = ()


R = TypeVar("R", ConflictRow, QuarantineEntry)


class Ledger(msgspec.Struct, frozen=True):
    """Every accepted field write counted once (G3); `difference` is what none of the rest explains."""

    current: int
    superseded: int
    conflict: int
    quarantine: int
    difference: int


def conflicts(db: CompanyDb, since: str = "") -> list[ConflictRow]:
    """The conflicts, newest first; the service is not asked for pages that are older than `since`."""
    told = _asked(db, "conflicts", ConflictRow, "before", lambda row: row.at < since)
    return told if told is not None else own_conflicts(db)


def own_conflicts(db: CompanyDb) -> list[ConflictRow]:
    """The conflicts as the office itself remembers them, newest first: nobody is asked."""
    return [_conflict(c.at, c.lost) for c in books.conflicts(db)]


def own_quarantine(db: CompanyDb) -> list[QuarantineEntry]:
    """What the office itself knows to be in quarantine, oldest first: nobody is asked."""
    return sorted(map(_quarantined, books.quarantine(db)), key=lambda entry: entry.since)


def quarantine(db: CompanyDb) -> list[QuarantineEntry]:
    """What is in quarantine on either side, oldest first; with the fixes as the service tells them."""
    ours = {(e.side, e.record): _quarantined(e) for e in books.quarantine(db)}
    for told in _asked(db, "quarantine", QuarantineEntry, "after") or ():
        # An office that has taken a change in again tells the service with its next batch.
        ours_too = (told.side, told.record) in ours
        if told.side == "online" or ours_too or told.code == "OSCILLATES":
            ours[told.side, told.record] = told
    return sorted(ours.values(), key=lambda entry: entry.since)


def ledger(db: CompanyDb) -> Ledger:
    """The service's ledger. Raises NotConnected and what the way there raises."""
    service = connected_service(db)
    try:
        return service.fetch("ledger", Ledger)
    finally:
        service.close()


def retry(db: CompanyDb) -> int:
    """Asks that everything in quarantine be tried again at the next exchange; how many."""
    connection_of(db)
    with db.transaction():
        count = books.quarantine_count(db)
        send_all_again(db)
        if count:
            books.set_fact(db, "retry", True)
            wake_agent(db)
    return count


def _asked(
    db: CompanyDb, name: str, row: type[R], on: str, enough: Callable[[R], bool] = lambda row: False
) -> list[R] | None:
    """All rows that the service tells, page by page; None where it does not answer.

    `on` names the parameter that goes on from the last row's id, which may be `enough`.
    """
    if books.connection(db) is None:
        return None
    service = connected_service(db)
    rows: list[R] = []
    try:
        while True:
            last = f"&{on}={rows[-1].id}" if rows else ""
            page = service.fetch(f"{name}?limit={PAGE}{last}", list[row])  # type: ignore[valid-type]  # given at run time
            rows += page
            if len(page) < PAGE or enough(page[-1]):
                return rows
    except SamsynError:
        return None
    finally:
        service.close()


def _conflict(at: str, lost: Lost) -> ConflictRow:
    return ConflictRow(
        type=lost.type,
        record=lost.record,
        key=lost.key,
        field=lost.field,
        base=lost.base,
        office=lost.office,
        online=lost.online,
        kept=lost.kept,
        office_by=None,
        online_by=lost.online_by,
        at=at,
        outcome=lost.outcome,
        group=lost.group,
    )


def _quarantined(entry: books.Quarantined) -> QuarantineEntry:
    """An entry of the office's own, where the service has not told of it."""
    change = entry.change
    operation = Operation.UPDATE if change is None else change.operation
    fields = {} if change is None else change.fields
    case = Case(
        entry.side, entry.code, operation, tuple(fields), entry.field, entry.holders,
        entry.waits_for, parent_lives=True,
    )  # fmt: skip
    return QuarantineEntry(
        side=entry.side,
        type=entry.type,
        record=entry.record,
        key=entry.key,  # type: ignore[arg-type]  # cells, kept as JSON
        field=entry.field,
        reason=entry.reason,
        code=entry.code,
        since=entry.since,
        operation=operation.value,
        values=tuple(
            HeldValue(f, change.expected.get(f) if change else None, cell)
            for f, cell in fields.items()
        ),
        fixes=tuple(Remedy(o.fix.value, o.fields, o.record) for o in offers(case)),
        waits_for=entry.waits_for,
        holders=tuple(InTheWay(h.record, None, h.fields) for h in entry.holders),
    )
