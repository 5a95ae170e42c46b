"""Hello: an agent tells who speaks and from which state of the database, and both sides take a fresh link (G7)."""

from __future__ import annotations

import secrets
from typing import ClassVar

import msgspec

from samsyn.agent import underway
from samsyn.agent.continuity import Continuity
from samsyn.agent.service import Service
from samsyn.agent.trace import Trace
from samsyn.companydb import books
from samsyn.companydb.claim import last_batch
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import Catalog
from samsyn.core.errors import SamsynError
from samsyn.protocol import VERSION, wire
from samsyn.protocol.messages import Hello, HelloAnswer


class NotConnected(SamsynError):
    """The company database has no connection."""

    code: ClassVar[str] = "NOT_CONNECTED"


def connection_of(db: CompanyDb) -> books.Connection:
    """The connection of a database. Raises NotConnected."""
    connection = books.connection(db)
    if connection is None:
        raise NotConnected()
    return connection


def greet(
    db: CompanyDb, service: Service, continuity: Continuity, computer: str, trace: Trace
) -> HelloAnswer:
    """The service's answer; the link that comes next is noted before it is told, so a kill changes nothing.

    A link that was noted before, and whose answer nobody heard, is used for a hello alone: in a backup taken at
    that moment it is the same, and what is told under a link tells of one branch. Raises
    NotConnected, and what the service or the way there raises.
    """
    was_noted = connection_of(db).next_link is not None
    answer = _greeted(db, service, continuity, computer, trace, again=was_noted)
    return _greeted(db, service, continuity, computer, trace) if was_noted else answer


def _greeted(
    db: CompanyDb,
    service: Service,
    continuity: Continuity,
    computer: str,
    trace: Trace,
    *,
    again: bool = False,
) -> HelloAnswer:
    """One hello; `again` says that another follows, whose link is noted with the answer of this one."""
    connection = connection_of(db)
    if connection.next_link is None:
        connection = msgspec.structs.replace(connection, next_link=_fresh_link())
        with continuity.transaction():
            books.set_fact(db, "connection", connection)
    told = _hello(db, connection, continuity.fence, computer)
    with continuity.as_holder():
        answer = service.hello(told)
    connection = books.linked(connection, told.next_link)
    connection = msgspec.structs.replace(
        connection,
        next_link=_fresh_link() if again else None,
        company_name=answer.company_name,
    )
    with continuity.transaction():
        books.set_fact(db, "connection", connection)
        underway.give_up(db)  # where anything is: both sides were put back to before it
    trace(
        "hello",
        sync=wire.session_name(told.next_link),
        company=answer.company,
        online_head=answer.online_head,
    )
    return answer


def _fresh_link() -> str:
    return secrets.token_hex(16)


def _hello(db: CompanyDb, connection: books.Connection, fence: int, computer: str) -> Hello:
    taken, cursor = books.taken(db), books.marked_cursor(db)
    return Hello(
        protocol=VERSION,
        link=connection.link,
        next_link=connection.next_link or "",
        fence=fence,
        computer=computer,
        catalog=Catalog(db.engine, tuple(db.types.values())),
        cursor=cursor.number,
        batch=taken.number,
        batch_hash=taken.hash,
        claimed=last_batch(db).number,
        mark=cursor.mark,
        chunks=books.chunks(db),
    )
