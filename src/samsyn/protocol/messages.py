"""The messages of the sync protocol, version 1. All are JSON, bodies may be zstd."""

from __future__ import annotations

from typing import Annotated

import msgspec

from samsyn.core.catalog import Catalog
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost, OfficeChange, OnlineChange
from samsyn.core.merge import Status

Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""As large as either engine holds."""


Mark = Annotated[str, msgspec.Meta(max_length=64)]


class Cursor(msgspec.Struct, frozen=True):
    """How far the office has taken in online changes: the number of the last one, and its mark.

    The mark is random: a service that was put back may give the number anew,
    but not with the same mark. It is empty where none is known.
    """

    number: Number = 0
    mark: Mark = ""


class Chunks(msgspec.Struct, frozen=True):
    """The last chunk that an office has read to be sent, and the last that it knows to be taken, by number.

    Numbers only grow, and not every one is sent. What the office had taken of
    its rows without a batch is so known from a backup that does not have it.
    """

    read: Number = 0
    taken: Number = 0


class Before(msgspec.Struct, frozen=True):
    """The connection that a database had before, and how far it had come: the last batch that it had claimed."""

    connection: str
    link: Mark | None
    next_link: Mark | None
    cursor: Number
    batch: Number


class PairRequest(msgspec.Struct, frozen=True):
    """A computer redeems a pairing code for a connection of its own.

    `renew` is the id of a connection of the same company that gets another
    credential and goes on; without it the connection is a new one, of a
    database that tells what it knows of the one `before`.
    """

    code: str
    computer: str
    database: str
    engine: str
    renew: str | None = None
    before: Before | None = None


class PairAnswer(msgspec.Struct, frozen=True):
    """The connection and its credential, told once.

    `newcomer`: the database is not known to hold what the company's had come to. It may be
    another one, or be put back to a backup of before it was connected.
    """

    connection: str
    secret: str
    company: str
    company_name: str
    newcomer: bool = False


class Hello(msgspec.Struct, frozen=True):
    """The start of a session: who speaks, from which state of the database.

    `link` is the random link stored at the last hello (None the first time),
    `next_link` the one to store now. `batch` and `batch_hash` are the last
    batch the office knows to be taken; `claimed` the last it has claimed.
    `mark` is that of the change at the cursor (`Cursor`). `chunks` is None
    where an older program speaks.
    """

    protocol: int
    link: str | None
    next_link: str
    fence: Number
    computer: str
    catalog: Catalog
    cursor: Number
    batch: Number
    batch_hash: str
    claimed: Number
    mark: Mark = ""
    chunks: Chunks | None = None


class HelloAnswer(msgspec.Struct, frozen=True):
    """What the service knows. `loaded` names the types whose first load is complete."""

    company: str
    company_name: str
    online_head: Number
    batch: Number
    batch_hash: str
    loaded: tuple[str, ...]
    holds: tuple[str, ...]
    """The types of which the service has records, living or deleted."""
    trimmed: Number = 0
    """Up to here retention has let go of online changes that the office was not waiting for."""


class Batch(msgspec.Struct, frozen=True):
    """Office changes under one contiguous number.

    `previous` is the hash of the batch before; the hash of a batch is that of
    its encoded bytes. `floor`: see `core.record.settled`. The fencing number
    of whoever sends it travels beside it: a batch outlives its first sender.
    """

    number: Number
    previous: str
    floor: Number
    fingerprint: str
    changes: tuple[OfficeChange, ...]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one change of a batch, told where it is not simply applied."""

    index: Number
    status: Status
    lost: tuple[Lost, ...] = ()


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """An office change that the service keeps in quarantine, with its reason."""

    index: Number
    code: str
    reason: str
    field: str | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """The stored answer of a batch: the same batch again gets the same answer."""

    number: Number
    online_head: Number
    outcomes: tuple[Outcome, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class LoadedRecord(msgspec.Struct, frozen=True, array_like=True):
    """One record of a chunk: id, the office's key, and all fields, unparsed."""

    id: str
    key: tuple[Cell, ...]
    fields: msgspec.Raw


class Chunk(msgspec.Struct, frozen=True):
    """A part of a table in key order, as it stood when it was read.

    `after_batch` is the last batch the office had sent: a chunk that comes late,
    after a newer batch or chunk, is refused with CHUNK_STALE and read again.
    `last` completes the type's load. `seen` is the office's cursor, `mark` that
    of the change there. `number`: see `Chunks`; an older program has none.
    """

    type: str
    fence: Number
    seen: Number
    floor: Number
    after_batch: Number
    fingerprint: str
    records: tuple[LoadedRecord, ...]
    last: bool
    mark: Mark = ""
    number: Number = 0


class RefusedRecord(msgspec.Struct, frozen=True):
    """A record of a chunk that the service keeps in quarantine, with its reason."""

    record: str
    code: str
    reason: str
    field: str | None = None


class ChunkAnswer(msgspec.Struct, frozen=True):
    """What a chunk did; `left_out` tells the records that lie in quarantine instead.

    `number` is the chunk's, kept by the service; an older one keeps none.
    """

    inserted: Number
    merged: Number
    online_head: Number
    lost: tuple[Lost, ...] = ()
    left_out: tuple[RefusedRecord, ...] = ()
    number: Number = 0


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A record by its type and id."""

    type: str
    record: str


class Coming(msgspec.Struct, frozen=True, omit_defaults=True):
    """About how many records of a type changed, and were deleted, after a page's `since`."""

    changed: Number = 0
    deleted: Number = 0


class Pull(msgspec.Struct, frozen=True, omit_defaults=True):
    """Net online changes in (since, upto], parents before children, deletes last.

    `included_batch` is the last office batch taken in before this was read.
    `coming` is told by type where there are more pages: a brake wants to know
    before the first is applied.
    `send_again` names records of which the office is to send all it has.
    `mark` is that of the change `upto` (`Cursor`).
    """

    since: Number
    upto: Number
    online_head: Number
    included_batch: Number
    changes: tuple[OnlineChange, ...]
    more: bool
    coming: dict[str, Coming] = {}
    send_again: tuple[Named, ...] = ()
    mark: Mark = ""


class HeldType(msgspec.Struct, frozen=True):
    """A record type that waits for a person at the office; see companydb.held.

    `side` is where what is held comes from (office, online, schema), `code` why.
    """

    type: str
    side: str
    code: str
    since: str
    phase: str
    count: Number
    records: Number
    fields: tuple[str, ...] = ()


PAUSED = "SYNC_PAUSED"
"""The code that an office tells among its alarms while a person has paused its sync: there is nothing wrong."""


class OfficeAlarm(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something at the office that has not moved for over a minute, and why, as a stable code.

    `what` waits (agent.lines.What); `waiting` changes of the office are not
    sent, where it is those; `type` is set where it is of one.
    """

    what: str
    code: str
    since: str
    waiting: Number = 0
    type: str = ""


class HeldReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that the office holds now, from the holder of a fencing number.

    `alarms` are all that are on there now; None is no news of them.
    """

    fence: Number
    held: tuple[HeldType, ...]
    alarms: tuple[OfficeAlarm, ...] | None = None


class Wait(msgspec.Struct, frozen=True):
    """The answer of the held request: the newest online change's number."""

    online_head: Number


class Identity(msgspec.Struct, frozen=True, array_like=True):
    """One record of the service for comparing: id, key, digest of its settled fields.

    `born` says that it was made online, and that the office is not known to have it.
    """

    id: str
    key: tuple[Cell, ...] | None
    digest: str
    alive: bool
    at_rest: bool
    born: bool = False


class Identities(msgspec.Struct, frozen=True):
    """A page of a type's records in id order; go on from the last id."""

    records: tuple[Identity, ...]
    more: bool


class KnownRecord(msgspec.Struct, frozen=True, array_like=True):
    """One record as the office took it; `key` is None until the office has given one.

    In the fields `refused` the service holds other values, which the office could not take.
    """

    id: str
    key: tuple[Cell, ...] | None
    fields: dict[str, Cell]
    alive: bool
    refused: tuple[str, ...] = ()


class KnownRecords(msgspec.Struct, frozen=True):
    """A page of a type's records in id order; go on from the last id."""

    records: tuple[KnownRecord, ...]
    more: bool


class Compare(msgspec.Struct, frozen=True):
    """Asks how single records stand, of which nothing unsent waits at the office.

    `cursor`: up to here online changes of the type have been applied at the
    office; what is pending of these records up to there counts as taken, also
    where a held type keeps the floor lower. `mark` is that of the change there.
    """

    type: str
    cursor: Number
    records: tuple[str, ...]
    mark: Mark = ""


class Compared(msgspec.Struct, frozen=True):
    """How records stand at one moment; those that the service never had are left out."""

    included_batch: Number
    records: tuple[Identity, ...]


class Digests(msgspec.Struct, frozen=True):
    """Bucket digests of a type at one cut.

    256 buckets by the last two hex digits of the record id; each is (count,
    sum of digests as hex). `unsettled` records wait for the office and are
    left out; of a field that is frozen there counts what the office has, and the
    record is one of `frozen`. `online_head` and `included_batch` name the cut.
    """

    type: str
    online_head: Number
    included_batch: Number
    buckets: tuple[tuple[int, str], ...]
    unsettled: tuple[str, ...]
    frozen: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True):
    """The service's view of a connection."""

    company: str
    company_name: str
    online_head: Number
    waiting_down: Number
    quarantine: Number
    batch: Number
    records: dict[str, int]
    chunk: Number = 0
    """The highest number of a chunk that was taken."""


class Leaving(msgspec.Struct, frozen=True):
    """What the end of the connection would mean online, if it came now.

    `deleted_at` is when the copy online would be deleted; None where it stays. `waiting_down` counts
    the records with online changes that the office has not taken.
    """

    deleted_at: str | None
    waiting_down: Number


class HeldValue(msgspec.Struct, frozen=True):
    """A field of a change in quarantine: what each side has there, as cells."""

    field: str
    office: Cell
    online: Cell


class Remedy(msgspec.Struct, frozen=True):
    """A fix that applies (core.clinic.Fix), the fields it is about, the other record by name."""

    fix: str
    fields: tuple[str, ...] = ()
    record: str | None = None
    title: str | None = None


class InTheWay(msgspec.Struct, frozen=True):
    """Another record that has a unique value, by name, and the fields of that value."""

    record: str
    title: str | None = None
    fields: tuple[str, ...] = ()


class QuarantineEntry(msgspec.Struct, frozen=True):
    """A change that `side` does not take, as it is listed, with what can be done about it.

    `state` is `open`, `under_way` (a fix was chosen and the office has not
    answered yet), `aside` (left aside by a person) or `settled`. `waits_for` names the
    record that must come first, `holders` those that have a unique value. `fix`, `fixed_by` and `fixed_at` tell what was
    chosen last.
    """

    side: str
    type: str
    record: str
    key: tuple[Cell, ...] | None
    field: str | None
    reason: str
    code: str
    since: str
    id: str = ""
    title: str | None = None
    operation: str = "update"
    state: str = "open"
    values: tuple[HeldValue, ...] = ()
    fixes: tuple[Remedy, ...] = ()
    waits_for: str | None = None
    holders: tuple[InTheWay, ...] = ()
    fix: str | None = None
    fixed_by: str | None = None
    fixed_at: str | None = None


class FixOrder(msgspec.Struct, frozen=True):
    """A person's choice for an entry: `fields` to write, or those preferred (`prefer`) in a merge."""

    id: str
    fix: str
    fields: dict[str, Cell] = {}
    record: str | None = None
    prefer: tuple[str, ...] = ()
