"""Connect and disconnect: a company database gets a connection of its own, and gives it up.

Identity stays in the database, and so does the cursor for the company that was
left: connecting to it again goes on from there, doubles nothing and finds no
conflict that is none.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import ClassVar

import msgspec
from psycopg.conninfo import conninfo_to_dict

from samsyn.agent import drifting, home, lease
from samsyn.agent.greeting import connection_of
from samsyn.agent.http import HttpService
from samsyn.agent.lease import Computer
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books, held, kept
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.claim import last_batch
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl, SqliteUrl
from samsyn.core.catalog import Catalog
from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.messages import Before, Cursor, PairRequest

ENDED = frozenset({"NOT_CONNECTED", "CONNECTION_REVOKED"})
"""What the service says of a connection that it has ended or never knew."""


PAIR_S = 900.0
"""A company that has had a database before may have much to tell the one that comes new."""
LEFT = "left"
"""The fact of the connection that was given up."""


class AlreadyConnected(SamsynError):
    """The database has a connection: `company_name`, `online`."""

    code: ClassVar[str] = "ALREADY_CONNECTED"


class Left(msgspec.Struct, frozen=True):
    """The company that the database was connected to before, by which connection, and how far it had come."""

    company: str
    cursor: int
    mark: str = ""
    connection: str = ""
    link: str | None = None
    next_link: str | None = None
    batch: int = 0

    @property
    def told(self) -> Before | None:
        """As the service is told of it; None where there was none."""
        if not self.connection:
            return None
        return Before(self.connection, self.link, self.next_link, self.cursor, self.batch)


class Ended(msgspec.Struct, frozen=True):
    """A connection that was given up; `told` says whether the service knows."""

    company: str
    company_name: str
    online: str
    told: bool
    waiting_up: int
    """Changes that the service had not taken. They are kept for the next connection to it."""


def connect(url: CompanyUrl, online: str, code: str, me: Computer) -> books.Connection:
    """Redeems a pairing code for a connection and keeps it in the database.

    Raises NotAttached, AlreadyConnected, UnsafeAddress, and what the service
    or the way there raises; then nothing was changed.
    """
    db = open_company_db(url)
    try:
        known = books.connection(db)
        if known is not None:
            raise AlreadyConnected(company_name=known.company_name, online=known.online)
        service = HttpService(online, read_s=PAIR_S)
        try:
            before = books.fact(db, LEFT, Left, Left("", 0)).told
            answer = service.pair(
                PairRequest(code, me.name, database_name(url), db.engine, before=before)
            )
        finally:
            service.close()
        connection = books.Connection(
            answer.connection,
            answer.secret,
            online.rstrip("/"),
            answer.company,
            answer.company_name,
            newcomer=answer.newcomer,
        )
        with db.transaction():
            _begin(db, connection)
            home.settle(db, me)
        return connection
    finally:
        db.close()


def renew(url: CompanyUrl, code: str, me: Computer) -> books.Connection:
    """Another credential for the connection that the database has; all else goes on as it was.

    Raises NotConnected, and what the service or the way there raises; then nothing was changed.
    """
    with closing(open_company_db(url)) as db:
        known = connection_of(db)
        with closing(HttpService(known.online)) as service:
            answer = service.pair(
                PairRequest(code, me.name, database_name(url), db.engine, known.id)
            )
        with db.transaction():
            now = connection_of(db)
            renewed = msgspec.structs.replace(now, secret=answer.secret)
            books.set_fact(db, "connection", renewed)
        return renewed


def disconnect(url: CompanyUrl, *, force: bool = False) -> Ended:
    """Ends the connection, at the service first; an agent that runs stops.

    With `force` also where the service cannot be reached; it keeps the
    connection then, unused. Raises NotConnected.
    """
    db = open_company_db(url)
    try:
        connection = connection_of(db)
        service = HttpService(connection.online, connection.secret)
        try:
            taken, told = _end_there(db, service, force=force)
        finally:
            service.close()
        with db.transaction():
            _end_here(db, connection, taken)
            waiting = unsent_changes(db)
        return Ended(connection.company, connection.company_name, connection.online, told, waiting)
    finally:
        db.close()


def unsent_changes(db: CompanyDb) -> int:
    """How many changes wait at the office, held types aside; a claimed batch counts its changes."""
    claimed = sum(len(_changes(batch.body)) for batch in books.outbox(db))
    return held.waiting_rows(db) + books.report_count(db) + claimed


# --- the beginning --------------------------------------------------------------------


def _begin(db: CompanyDb, connection: books.Connection) -> None:
    left = books.fact(db, LEFT, Left, Left("", 0))
    if left.company == connection.company:
        held.set_back(db, Cursor(left.cursor, left.mark))
        _chain_anew(db)
    else:
        # Another service's numbers mean nothing here, and a load tells it how all rows stand.
        for table in ("journal", "outbox", "report", "quarantine"):
            db.run(f"DELETE FROM {book_name(db.engine, table)}")
        held.set_back(db, Cursor())
        for name in ("taken", "claimed", "trimmed"):
            books.set_fact(db, name, None)
        drifting.forget(db)
    for name in (LEFT, "paused", "agent", books.CHUNKS):
        books.set_fact(db, name, None)
    books.set_fact(db, "connection", connection)


def _chain_anew(db: CompanyDb) -> None:
    """Batches that the service never took follow on a new connection's zero."""
    last = books.Taken()
    waiting = books.outbox(db)
    db.run(f"DELETE FROM {book_name(db.engine, 'outbox')}")
    fingerprint = Catalog(db.engine, tuple(db.types.values())).fingerprint
    for old in waiting:
        batch = msgspec.structs.replace(
            kept.batch(old.body),
            number=last.number + 1,
            previous=last.hash,
            fingerprint=fingerprint,
        )
        body = wire.encode(batch)
        last = books.Taken(batch.number, wire.body_hash(body))
        books.add_batch(db, books.OutBatch(last.number, last.hash, body))
    books.set_fact(db, "taken", None)
    books.set_fact(db, "claimed", last if waiting else None)


# --- the end --------------------------------------------------------------------------


def _end_there(db: CompanyDb, service: HttpService, *, force: bool) -> tuple[int, bool]:
    """The last batch that the service has taken, and whether it knows of the end."""
    cursor = books.cursor(db)
    try:
        service.state(cursor)
        with db.transaction():
            lease.end(db)
        taken = service.state(cursor).batch
        service.disconnect()
    except ServiceRefused as error:
        if error.problem not in ENDED and not force:
            raise
        return books.taken(db).number, error.problem in ENDED
    except SamsynError:
        if not force:
            raise
        return books.taken(db).number, False
    return taken, True


def _end_here(db: CompanyDb, connection: books.Connection, taken: int) -> None:
    for batch in books.outbox(db):
        if batch.number <= taken:
            books.drop_batch(db, batch)
    meta = book_name(db.engine, "meta")
    db.run(f"DELETE FROM {meta} WHERE name LIKE 'load:%'")
    for name in ("connection", "agent", "alarms", "paused", "home"):
        books.set_fact(db, name, None)
    lease.end(db)
    cursor = books.marked_cursor(db)
    left = Left(
        connection.company,
        cursor.number,
        cursor.mark,
        connection.id,
        connection.link,
        connection.next_link,
        last_batch(db).number,
    )
    books.set_fact(db, LEFT, left)


class _Changes(msgspec.Struct):
    changes: list[msgspec.Raw]


def _changes(body: bytes) -> list[msgspec.Raw]:
    return kept.decoded(body, _Changes, "outbox").changes


def database_name(url: CompanyUrl) -> str:
    """What the service calls the database: its name without the place where it lies."""
    if isinstance(url, SqliteUrl):
        return Path(url.path).name
    return str(conninfo_to_dict(url.conninfo).get("dbname") or "postgresql")
