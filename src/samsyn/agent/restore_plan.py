"""What taking up a connection again would do after a restore: a plan, of which nothing is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from samsyn.agent.restoring import TablesChanged, told
from samsyn.agent.service import Restoring
from samsyn.companydb import books, claim
from samsyn.companydb.references import by_name, resolved
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.since_backup import Unsent, compared, looking, take_out, unsent
from samsyn.companydb.trouble import schema_errors
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, same
from samsyn.protocol.restoring import Look, RecordSince, Seen, Standing


class PlannedField(msgspec.Struct, frozen=True):
    """A field that is not the same on both sides: the office's value and the service's, by whom.

    `clash` says that the office has written it too since the restore.
    """

    field: str
    office: Cell
    online: Cell
    by: str | None
    at: str | None
    by_office: bool
    clash: bool


class PlannedRecord(msgspec.Struct, frozen=True):
    """A record that is not the same on both sides.

    `what` is `new` (the backup does not have it), `deleted` (since the backup)
    or `changed`; `clash` says that the office has worked on it since the restore.
    """

    type: str
    record: str
    title: str
    what: str
    by: str | None
    at: str | None
    by_office: bool
    clash: bool
    fields: tuple[PlannedField, ...] = ()


class TakenIn(msgspec.Struct, frozen=True):
    """What the backup still takes in of a type, and is not synced any more: some fields, or the whole type."""

    type: str
    fields: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """How both sides stand and what differs.

    `backup_at` is when the agent last began a session in the backup's history.
    `online_since` counts records written online after the backup, `office_lost`
    those with work of the office that only the service has, `since_restore`
    those that the office has worked on and not sent, `clashes` records of which
    both is true. `waiting` counts records with online work that the office is
    to be told in any case. `taken_in` goes online with either choice, unless it
    is left out again first.
    """

    standing: Standing
    backup_at: str | None
    online_since: int
    office_lost: int
    since_restore: int
    clashes: int
    waiting: int
    records: tuple[PlannedRecord, ...] = ()
    taken_in: tuple[TakenIn, ...] = ()


def plan(db: CompanyDb, service: Restoring) -> Plan:
    """The plan; neither side is changed. Raises NotConnected, TablesChanged."""
    with schema_errors(TablesChanged):
        return _planned_all(db, service)


def _planned_all(db: CompanyDb, service: Restoring) -> Plan:
    state = told(db)
    seen = service.look(Look(state))
    taken = 0 if seen.cut is None else seen.cut.batch
    records: list[PlannedRecord] = []
    worked_on, sent = set[str](), set[str]()
    for page in _pages(
        service, Look(state), seen
    ):  # nobody is kept waiting while the service is asked
        with looking(db):
            journal = unsent(db)
            found = compared(db, page, journal)
            before = _worked_on(db, journal, taken)
            take_out(db, found.sent, journal)
            journal = unsent(db)
            mine = _worked_on(db, journal, taken)
            worked_on |= mine.keys()
            sent |= before.keys() - mine.keys()
            records += _compared(db, page, journal, mine)
    return Plan(
        standing=seen.standing,
        backup_at=seen.at,
        online_since=sum(_online(record) for record in records),
        office_lost=sum(_lost(record) for record in records),
        since_restore=len(worked_on - sent),
        clashes=sum(record.clash for record in records),
        waiting=seen.waiting,
        records=tuple(records),
        taken_in=tuple(_taken_in(db, seen.fields)),
    )


def _taken_in(db: CompanyDb, synced: Mapping[str, tuple[str, ...]] | None) -> Iterator[TakenIn]:
    """A file that is put back by hand brings the choice of its own time: what had been left out since is in it again."""
    if synced is None:
        return
    for record_type in db.types.values():
        known = synced.get(record_type.name)
        more = tuple(f.name for f in record_type.fields if known is None or f.name not in known)
        if more:
            yield TakenIn(record_type.name, () if known is None else more)


def _online(record: PlannedRecord) -> bool:
    fields = any(not field.by_office for field in record.fields)
    return fields or (record.what != "changed" and not record.by_office)


def _lost(record: PlannedRecord) -> bool:
    fields = any(field.by_office for field in record.fields)
    return fields or (record.what != "changed" and record.by_office)


def _pages(service: Restoring, asked: Look, seen: Seen) -> Iterator[tuple[RecordSince, ...]]:
    yield seen.records
    while seen.more:
        seen = service.look(msgspec.structs.replace(asked, cut=seen.cut, after=seen.after))
        yield seen.records


def _worked_on(db: CompanyDb, journal: Unsent, taken: int) -> dict[str, set[str] | None]:
    """The records that the office has unsent work on, with its fields; None for a whole record.

    What the service has already is none of it: batches up to the number `taken`, and what has
    been taken out of the journal.
    """
    mine: dict[str, set[str] | None] = {}
    for record, (_, touched) in journal.touched.items():
        mine[record] = None if touched.new or touched.key is None else set(touched.fields)
    batches = (batch for batch in books.outbox(db) if batch.number > taken)
    for record, waiting in claim.unsent(batches).items():
        written = waiting.own | waiting.derived
        known = mine.get(record, set())
        if waiting.deleted:
            mine[record] = None
        elif written and known is not None:
            mine[record] = known | written
    return mine


def _compared(
    db: CompanyDb,
    page: tuple[RecordSince, ...],
    journal: Unsent,
    mine: dict[str, set[str] | None],
) -> Iterator[PlannedRecord]:
    types = by_name(db)
    for record in page:
        record_type = types.get(record.type)
        if record_type is None:
            continue
        office = _office(db, record_type, record.id, journal)
        one = _planned(record, office, mine.get(record.id, set()))
        if one is not None:
            yield one


def _office(
    db: CompanyDb, record_type: RecordType, record: str, journal: Unsent
) -> dict[str, Cell] | None:
    """The office's row as it stands, under whatever key by now; None where there is none."""
    known = db.keys_of(record_type, [record]).get(record)
    key = None if known is None else journal.where(record, known)
    state = None if key is None else db.read(record_type, [key]).get(key)
    return None if state is None else resolved(db, record_type, [state], None)[0].fields


def _planned(
    record: RecordSince, office: dict[str, Cell] | None, mine: set[str] | None
) -> PlannedRecord | None:
    """What of a record differs; None where nothing does."""
    if (office is not None) == record.alive:
        what = "changed"
    else:
        what = "new" if record.alive else "deleted"
    fields = tuple(
        PlannedField(
            f.field,
            office[f.field],
            f.value,
            f.by,
            f.at,
            f.by_office,
            clash=mine is None or f.field in mine,
        )
        for f in record.fields
        if office is not None and record.alive and f.field in office
        if not same(office[f.field], f.value)
    )
    if what == "changed" and not fields:
        return None
    touched = mine is None or bool(mine)
    return PlannedRecord(
        type=record.type,
        record=record.id,
        title=record.title,
        what=what,
        by=record.by,
        at=record.at,
        by_office=record.by_office,
        clash=touched if what != "changed" else any(field.clash for field in fields),
        fields=fields,
    )
