"""What is held: listed and planned for a person, who lets it go on or has it undone."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from samsyn.agent import absence, resync
from samsyn.agent.absence import MISSING
from samsyn.agent.pausing import wake_agent
from samsyn.agent.service import Service
from samsyn.companydb import books, braking, held
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.claim import floor
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.rows import UPDATED, CompanyDb
from samsyn.core.brakes import ORDINARY, BrakeLimits
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import OnlineChange, Operation
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import KnownRecord

SHOWN = 20
"""Records that a plan tells by name."""


class NotHeld(SamsynError):
    """Nothing of that type is held: `type`."""

    code: ClassVar[str] = "NOT_HELD"


class TypeUnknown(SamsynError):
    """The database has no such record type: `type`."""

    code: ClassVar[str] = "TYPE_UNKNOWN"


class SchemaHeld(SamsynError):
    """The table was changed: there is nothing to release or undo, attach it again: `type`."""

    code: ClassVar[str] = "SCHEMA_HELD"


class PlanRow(msgspec.Struct, frozen=True):
    """One record: what becomes of it on the other side when it is let go.

    `fields` maps a field to its value there now and the value that would come.
    """

    operation: str
    key: tuple[Cell, ...] | None
    name: str
    fields: dict[str, tuple[Cell, Cell]] = {}


class Plan(msgspec.Struct, frozen=True):
    """What letting go would do, in numbers and the first records by name."""

    held: Held
    rows: list[PlanRow]
    more: bool


def listed(db: CompanyDb) -> list[tuple[Held, int]]:
    """What is held, and how many changes of the office wait in each."""
    journal = book_name(db.engine, "journal")
    return [
        (told, _count(db, f"SELECT count(*) FROM {journal} WHERE tab = $1", no))
        for no, told in held.held(db).items()
    ]


def release(db: CompanyDb, type_name: str) -> None:
    """A person says that it may go on. Raises NotHeld, SchemaHeld."""
    with db.transaction():
        no, told = _decide(db, type_name, Phase.RELEASED)
        if told.code == MISSING and no in db.types:
            absence.accept(db, no)
            resync.request(db, db.types[no], resync.Why.ACCEPTED)


def undo(db: CompanyDb, type_name: str) -> None:
    """A person has the other side's values put back. Raises NotHeld, SchemaHeld."""
    with db.transaction():
        _decide(db, type_name, Phase.UNDOING)


def set_limits(db: CompanyDb, type_name: str, limits: BrakeLimits) -> None:
    """How much of a type may change at once from now on. Raises TypeUnknown."""
    found = [t for t in db.types.values() if t.name == type_name]
    if not found:
        raise TypeUnknown(type=type_name)
    with db.transaction():
        told = None if limits == ORDINARY else limits
        books.set_fact(db, f"{braking.LIMITS}{found[0].no}", told)


def _decide(db: CompanyDb, type_name: str, phase: Phase) -> tuple[int, Held]:
    no, told = _held(db, type_name)
    if told.side is Side.SCHEMA:
        raise SchemaHeld(type=type_name)
    now = msgspec.structs.replace(told, phase=phase, after="", undone=0, left=0)
    held.keep(db, no, now)
    wake_agent(db)
    return no, told


def _held(db: CompanyDb, type_name: str) -> tuple[int, Held]:
    for no, told in held.held(db).items():
        if told.type == type_name:
            return no, told
    raise NotHeld(type=type_name)


# --- the plan -------------------------------------------------------------------------


def plan(db: CompanyDb, service: Service, type_name: str) -> Plan:
    """What letting go would do. Raises NotHeld, and what the way to the service raises."""
    no, told = _held(db, type_name)
    record_type = db.types.get(no)
    if told.side is Side.SCHEMA or record_type is None:
        return Plan(told, [], more=False)
    if told.side is Side.ONLINE:
        upto = books.marked_cursor(db)
        page = service.pull_type(type_name, told.cursor, upto, floor(db), SHOWN + 1)
        rows = [_from_online(db, record_type, change) for change in page.changes]
        return Plan(told, rows[:SHOWN], more=page.more or len(rows) > SHOWN)
    if told.code == MISSING:
        gone = absence.missing_here(db, service, record_type, SHOWN + 1)
    else:
        gone = [record for _, record in db.vanished(record_type, SHOWN + 1)]
    rows = [_deleted(record_type, _known(service, record_type, record)) for record in gone]
    if told.code == "ONE_VALUE":
        rows += _updated(db, service, record_type, told)
    return Plan(told, rows[:SHOWN], more=len(rows) > SHOWN)


def _from_online(db: CompanyDb, record_type: RecordType, change: OnlineChange) -> PlanRow:
    key = db.keys_of(record_type, [change.id]).get(change.id)
    row = None if key is None else db.read(record_type, [key]).get(key)
    now = {} if row is None else row.fields
    fields = {f: (now.get(f), c) for f, c in change.fields.items()}
    shown = change.fields if row is None else row.fields
    return PlanRow(
        change.operation.value,
        None if row is None else row.shown_key,
        _name(record_type, shown),
        {} if change.operation is Operation.DELETE else fields,
    )


def _deleted(record_type: RecordType, known: KnownRecord | None) -> PlanRow:
    fields = {} if known is None else known.fields
    key = None if known is None else known.key
    return PlanRow(Operation.DELETE.value, key, _name(record_type, fields))


def _updated(db: CompanyDb, service: Service, record_type: RecordType, told: Held) -> list[PlanRow]:
    keys = {
        row.new: None
        for row in db.journal_of(record_type, braking.LOOKED_AT)
        if row.op == UPDATED and row.new is not None
    }
    some = list(keys)[: SHOWN + 1]
    ids = db.ids_of(record_type, some)
    states = db.read(record_type, some)
    rows = []
    for key, record in ids.items():
        state, known = states.get(key), _known(service, record_type, record)
        if state is not None and known is not None:
            fields = {f: (known.fields.get(f), state.fields[f]) for f in told.fields}
            name = _name(record_type, state.fields)
            rows.append(PlanRow(Operation.UPDATE.value, state.shown_key, name, fields))
    return rows


def _known(service: Service, record_type: RecordType, record: str) -> KnownRecord | None:
    """One record as the service has it: the first after the id before."""
    before = f"{max(0, int(record, 16) - 1):032x}"
    found = service.records(record_type.name, before, 1).records
    return found[0] if found and found[0].id == record else None


def _name(record_type: RecordType, fields: dict[str, Cell]) -> str:
    value = fields.get(record_type.title) if record_type.title is not None else None
    return value if isinstance(value, str) else ""


def _count(db: CompanyDb, sql: str, *values: object) -> int:
    found = db.rows(sql, *values)[0][0]
    assert isinstance(found, int)
    return found
