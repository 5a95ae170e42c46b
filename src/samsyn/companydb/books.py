"""What Samsyn remembers about a company database, in that database: one function a fact."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.kept import BooksDamaged, decoded
from samsyn.companydb.opening import Session
from samsyn.core.changes import Holder, Lost, OfficeChange, OnlineChange
from samsyn.protocol.messages import Chunks, Cursor

T = TypeVar("T")
CURSOR = "cursor"
"""The fact that has the cursor with its mark: one of another number is of an older program's time."""
CHUNKS = "chunks"
"""The fact of the chunks that were read and taken."""
ROWS_AT_ONCE = 100
"""Rows written by one statement."""

KEPT_RUNS = 20_000
"""Lines of the log remembered; the pages show the 20 latest and 7 days."""
KEPT_CONFLICTS = 20_000
"""Conflicts remembered at the office, for when the service does not answer; it has them all."""


class Connection(msgspec.Struct, frozen=True, omit_defaults=True):
    """The connection of a company database to a company online.

    The credential lies here so that another computer can become the sync
    computer; who can read this table can read all the company's data anyway.
    """

    id: str
    secret: str
    online: str
    company: str
    company_name: str
    link: str | None = None
    next_link: str | None = None
    newcomer: bool = False
    """The database was not known to hold what the company's had come to when it was connected."""
    links: tuple[str, ...] = ()
    """Links of before, and what a restore heard of others: a service that was put back is found by them in this history."""


LINKS = 200
"""So many are kept at most: of the older half every second is let go, time and again."""


def linked(connection: Connection, link: str, heard: tuple[str, ...] = ()) -> Connection:
    """The connection under its next link; `heard` are those that the service had given to the database before a restore."""
    links = connection.links if connection.link is None else (*connection.links, connection.link)
    links += tuple(one for one in heard if one not in (*links, link))
    while len(links) > LINKS:
        links = links[: LINKS // 2 : 2] + links[LINKS // 2 :]
    return msgspec.structs.replace(connection, link=link, next_link=None, links=links)


class Taken(msgspec.Struct, frozen=True):
    """The last batch that the service has taken."""

    number: int = 0
    hash: str = ""


class OutBatch(msgspec.Struct, frozen=True):
    """A claimed batch: its bytes never change."""

    number: int
    hash: str
    body: bytes


class Quarantined(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change that one side does not take.

    On side `office`, `change` is the online change and `upto` the cursor of
    the pull that brought it; on side `online`, the office's change of `fields`
    (of all where there are none) was refused.
    """

    side: str
    type: str
    record: str
    since: str
    code: str
    reason: str
    key: tuple[object, ...] | None = None
    field: str | None = None
    change: OnlineChange | None = None
    upto: int = 0
    waits_for: str | None = None
    holders: tuple[Holder, ...] = ()
    fields: tuple[str, ...] = ()
    tries: int = 1
    """How often the office has been asked to take it."""
    id: int = 0


class Conflict(msgspec.Struct, frozen=True):
    """A conflict as the service recorded it, with the moment."""

    at: str
    lost: Lost


class Run(msgspec.Struct, frozen=True):
    """One sync: `status` is ok, warning or error; elements up and down."""

    at: str
    status: str
    up: int
    down: int
    message: str
    computer: str


# --- facts by name --------------------------------------------------------------------


def fact(session: Session, name: str, type_: type[T], default: T) -> T:
    """A remembered fact."""
    rows = session.rows(f"SELECT value FROM {_t(session, 'meta')} WHERE name = $1", name)
    if not rows or rows[0][0] is None:
        return default
    return decoded(rows[0][0], type_, "meta")


def some_facts_and_cursor(  # Any: as many types as names
    session: Session, types: Mapping[str, type[Any]]
) -> tuple[dict[str, Any], int]:
    """Those of several facts that are remembered, and the cursor, in one query."""
    marks = ", ".join(f"${place + 1}" for place in range(len(types)))
    found = session.rows(
        f"SELECT name, value FROM {_t(session, 'meta')} WHERE name IN ({marks})"
        f" UNION ALL SELECT NULL, CAST(seen AS TEXT) FROM {_t(session, 'cursor')}"
        " ORDER BY name NULLS LAST",
        *types,
    )
    (*rows, (nobody, seen)) = found or [("", None)]
    if nobody is not None or not str(seen).isdigit():
        raise BooksDamaged(books="cursor", reason="no number")
    return {n: decoded(v, types[n], "meta") for n, v in rows if v is not None}, int(seen)


def set_fact(session: Session, name: str, value: object) -> None:
    """Remembers a fact; None forgets it."""
    if value is None:
        session.run(f"DELETE FROM {_t(session, 'meta')} WHERE name = $1", name)
        return
    session.run(
        f"INSERT INTO {_t(session, 'meta')} (name, value) VALUES ($1, $2)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        msgspec.json.encode(value).decode(),
    )


def facts(session: Session, prefix: str, type_: type[T]) -> dict[str, T]:
    """The facts whose name begins with the prefix, by the rest of the name; it ends with a colon."""
    rows = session.rows(
        f"SELECT name, value FROM {_t(session, 'meta')} WHERE name >= $1 AND name < $2",
        prefix,
        prefix[:-1] + ";",
    )
    return {
        name.removeprefix(prefix): decoded(value, type_, "meta")
        for name, value in rows
        if name.startswith(prefix)
    }


def connection(session: Session) -> Connection | None:
    """The connection, if the database has one."""
    return fact(session, "connection", Connection, None)


def taken(session: Session) -> Taken:
    """The last batch the service has acknowledged."""
    return fact(session, "taken", Taken, Taken())


def cursor(session: Session) -> int:
    """How far online changes have been applied."""
    rows = session.rows(f"SELECT seen FROM {_t(session, 'cursor')}")
    if not rows or not isinstance(rows[0][0], int):
        raise BooksDamaged(books="cursor", reason="no number")
    return rows[0][0]


def marked_cursor(session: Session) -> Cursor:
    """How far online changes have been applied, with the mark of the last one where it is known."""
    number = cursor(session)
    marked = fact(session, CURSOR, Cursor, Cursor())
    return marked if marked.number == number else Cursor(number)


def set_cursor(session: Session, now: Cursor) -> None:
    """The triggers copy its number into every journal row from now on."""
    session.run(f"UPDATE {_t(session, 'cursor')} SET seen = $1", now.number)
    set_fact(session, CURSOR, now if now.mark else None)


def chunks(session: Session) -> Chunks:
    """The chunks that were read to be sent, and that the service has taken."""
    return fact(session, CHUNKS, Chunks, Chunks())


def read_chunk(session: Session) -> int:
    """The number of a chunk, noted as read in the transaction that reads its rows."""
    now = chunks(session)
    set_fact(session, CHUNKS, msgspec.structs.replace(now, read=now.read + 1))
    return now.read + 1


def took_chunk(session: Session, number: int) -> None:
    """The service has it, as it says; one that keeps no numbers says none."""
    if number:
        set_fact(session, CHUNKS, msgspec.structs.replace(chunks(session), taken=number))


def is_waiting(session: Session, held: Collection[int] = ()) -> bool:
    """Whether anything has not been taken by the service; journal rows of `held` types do not count."""
    journal = f"{_t(session, 'journal')}{without_types(held)}"
    tables = (journal, _t(session, "report"), _t(session, "outbox"))
    exists = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
    return bool(session.rows(f"SELECT {exists}")[0][0])


def without_types(held: Collection[int]) -> str:
    """The condition on journal rows that leaves these types out."""
    return f" WHERE tab NOT IN ({', '.join(map(str, sorted(held)))})" if held else ""


# --- outbox and reports ---------------------------------------------------------------


def outbox(session: Session) -> list[OutBatch]:
    """The claimed batches that are not acknowledged, in order."""
    rows = session.rows(f"SELECT number, hash, body FROM {_t(session, 'outbox')} ORDER BY number")
    return [OutBatch(int(number), digest, bytes(body)) for number, digest, body in rows]


def outbox_numbers(session: Session) -> list[int]:
    """The numbers of the claimed batches."""
    rows = session.rows(f"SELECT number FROM {_t(session, 'outbox')} ORDER BY number")
    return [int(row[0]) for row in rows]


def add_batch(session: Session, batch: OutBatch) -> None:
    """Keeps a claimed batch."""
    session.run(
        f"INSERT INTO {_t(session, 'outbox')} (number, hash, body) VALUES ($1, $2, $3)",
        batch.number,
        batch.hash,
        batch.body,
    )


def drop_batch(session: Session, batch: OutBatch) -> None:
    """The service has it."""
    session.run(f"DELETE FROM {_t(session, 'outbox')} WHERE number = $1", batch.number)
    set_fact(session, "taken", Taken(batch.number, batch.hash))


def add_report(session: Session, change: OfficeChange) -> None:
    """A word for the service that goes with the next batch."""
    text = msgspec.json.encode(change).decode()
    session.run(f"INSERT INTO {_t(session, 'report')} (body) VALUES ($1)", text)


def take_reports(session: Session, limit: int) -> list[OfficeChange]:
    """Removes and gives the first words."""
    rows = session.rows(
        f"SELECT id, body FROM {_t(session, 'report')} ORDER BY id LIMIT {int(limit)}"
    )
    for number, _ in rows:
        session.run(f"DELETE FROM {_t(session, 'report')} WHERE id = $1", number)
    return [decoded(body, OfficeChange, "report") for _, body in rows]


def reports(session: Session) -> list[OfficeChange]:
    """The words that wait; they stay."""
    rows = session.rows(f"SELECT body FROM {_t(session, 'report')}")
    return [decoded(body, OfficeChange, "report") for (body,) in rows]


def report_count(session: Session) -> int:
    """How many words wait."""
    return int(session.rows(f"SELECT count(*) FROM {_t(session, 'report')}")[0][0])


# --- quarantine, conflicts, runs ------------------------------------------------------


def quarantine(session: Session, side: str | None = None) -> list[Quarantined]:
    """What is in quarantine, oldest first."""
    rows = session.rows(f"SELECT id, body FROM {_t(session, 'quarantine')} ORDER BY id")
    entries = [
        msgspec.structs.replace(decoded(body, Quarantined, "quarantine"), id=int(number))
        for number, body in rows
    ]
    return [entry for entry in entries if side is None or entry.side == side]


def quarantine_count(session: Session) -> int:
    """How many changes are in quarantine."""
    return int(session.rows(f"SELECT count(*) FROM {_t(session, 'quarantine')}")[0][0])


def put_quarantine(session: Session, entry: Quarantined) -> None:
    """Keeps an entry; the one there of the same side and record is replaced."""
    release(session, entry.side, entry.record)
    session.run(
        f"INSERT INTO {_t(session, 'quarantine')} (side, type, record, since, body)"
        " VALUES ($1, $2, $3, $4, $5)",
        entry.side,
        entry.type,
        entry.record,
        entry.since,
        msgspec.json.encode(entry).decode(),
    )


def release(session: Session, side: str, record: str) -> None:
    """Removes a record's entry."""
    session.run(
        f"DELETE FROM {_t(session, 'quarantine')} WHERE side = $1 AND record = $2", side, record
    )


def add_conflicts(session: Session, conflicts: Iterable[Conflict]) -> None:
    """The office's copy of what the service recorded; the oldest make room."""
    waiting = iter(conflicts)
    added = False
    while some := list(itertools.islice(waiting, ROWS_AT_ONCE)):
        added = True
        rows = ", ".join(f"(${2 * n + 1}, ${2 * n + 2})" for n in range(len(some)))
        values = [(c.at, msgspec.json.encode(c.lost).decode()) for c in some]
        session.run(
            f"INSERT INTO {_t(session, 'conflict')} (at, body) VALUES {rows}",
            *itertools.chain.from_iterable(values),
        )
    if added:
        table = _t(session, "conflict")
        session.run(
            f"DELETE FROM {table} WHERE id <= (SELECT max(id) FROM {table}) - {KEPT_CONFLICTS}"
        )


def conflicts(session: Session) -> list[Conflict]:
    """All conflicts, newest first."""
    rows = session.rows(f"SELECT at, body FROM {_t(session, 'conflict')} ORDER BY id DESC")
    return [Conflict(at, decoded(body, Lost, "conflict")) for at, body in rows]


def add_run(session: Session, run: Run) -> None:
    """Remembers a sync and lets go of the oldest."""
    session.run(
        f"INSERT INTO {_t(session, 'run')} (at, status, up, down, message, computer)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        run.at,
        run.status,
        run.up,
        run.down,
        run.message,
        run.computer,
    )
    session.run(
        f"DELETE FROM {_t(session, 'run')} WHERE id <="
        f" (SELECT max(id) FROM {_t(session, 'run')}) - {KEPT_RUNS}"
    )


def extend_run(session: Session, run: Run) -> None:
    """Adds what was moved to the latest sync."""
    table = _t(session, "run")
    session.run(
        f"UPDATE {table} SET up = up + $1, down = down + $2"
        f" WHERE id = (SELECT max(id) FROM {table})",
        run.up,
        run.down,
    )


def runs(session: Session, limit: int) -> list[Run]:
    """The latest syncs, newest first."""
    rows = session.rows(
        f"SELECT at, status, up, down, message, computer FROM {_t(session, 'run')}"
        f" ORDER BY id DESC LIMIT {int(limit)}"
    )
    return [Run(*row) for row in rows]


def _t(session: Session, table: str) -> str:
    return book_name(session.engine, table)
