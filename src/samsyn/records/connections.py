"""Connections of office databases: credentials, and the state that each carries."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec

from samsyn.records import progress
from samsyn.records.errors import (
    BadCompany,
    CompanySuspended,
    ConnectionRevoked,
    Fenced,
    NotConnected,
    OtherCompany,
)
from samsyn.records.tenant import Row, Tenant, is_postgresql

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
RETRY_SUSPENDED_S = 60
_COLUMNS = (
    "id, computer, fence, link, previous_link, batch, batch_hash, floor, cursor, revoked, epoch,"
    " chunk, newcomer"
)


class Caller(msgspec.Struct, frozen=True):
    """Who speaks: a connection of a company."""

    tenant: Tenant
    connection: str
    computer: str


class ConnectionState(msgspec.Struct, frozen=True):
    """How far a connection has come."""

    id: str
    computer: str
    fence: int
    link: str | None
    previous_link: str | None
    batch: int
    batch_hash: str
    floor: int
    cursor: int
    revoked: str | None
    epoch: int
    """How many restores it has been taken up again after."""
    chunk: int
    newcomer: bool = False


class ConnectionView(msgspec.Struct, frozen=True):
    """A connection as people see it in a list."""

    id: str
    computer: str
    database: str
    engine: str
    created: str
    last_seen: str | None
    revoked: str | None


def new_id() -> str:
    """A random id of twelve lower-case letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def open_connection(
    tenant: Tenant, computer: str, database: str, engine: str, at: str, *, newcomer: bool = False
) -> str:
    """Make a connection; its secret is returned and never stored. A `newcomer` is told anew what came before it."""
    connection_id = new_id()
    secret = _new_secret(tenant, connection_id)
    tenant.execute(
        "INSERT INTO records_connection (company_id, id, computer, database, engine, secret_hash,"
        " created, fence, fingerprint, batch, batch_hash, floor, cursor, held, newcomer)"
        " VALUES (%(company)s, %(id)s, %(computer)s, %(database)s, %(engine)s, %(secret_hash)s,"
        " %(at)s, 0, '', 0, '', %(floor)s, 0, '[]', %(newcomer)s)",
        id=connection_id,
        computer=computer,
        database=database,
        engine=engine,
        secret_hash=_hash(secret),
        at=at,
        floor=_company_floor(tenant),
        newcomer=newcomer,
    )
    return secret


def renew(tenant: Tenant, connection_id: str) -> str:
    """Another secret for a connection; the one before opens nothing any more. Raises OtherCompany."""
    secret = _new_secret(tenant, connection_id)
    renewed = tenant.execute(
        "UPDATE records_connection SET secret_hash = %(secret_hash)s, revoked = NULL"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=connection_id,
        secret_hash=_hash(secret),
    )
    if not renewed:
        raise OtherCompany()
    return secret


def _new_secret(tenant: Tenant, connection_id: str) -> str:
    return f"{tenant.company}.{connection_id}.{secrets.token_urlsafe(32)}"


def _company_floor(tenant: Tenant) -> int:
    """What the office had taken through an earlier connection, it still has."""
    found = tenant.row("SELECT max(floor) FROM records_connection WHERE company_id = %(company)s")
    return (found and found[0]) or 0


def id_of(secret: str) -> str:
    """The connection's id in its secret."""
    return secret.split(".")[1]


def authenticate(secret: str) -> Caller:
    """Who holds the secret; NotConnected, ConnectionRevoked, CompanySuspended."""
    company, _, rest = secret.partition(".")
    connection_id = rest.partition(".")[0]
    try:
        tenant = Tenant(company)
    except BadCompany as error:
        raise NotConnected() from error
    found = tenant.row(
        "SELECT secret_hash, computer, revoked, (SELECT suspended FROM records_company"
        " WHERE company_id = %(company)s) FROM records_connection"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=connection_id,
    )
    if found is None or not hmac.compare_digest(found[0], _hash(secret)):
        raise NotConnected()
    if found[2] is not None:
        raise ConnectionRevoked(at=found[2])
    if found[3] is not None:
        raise CompanySuspended(since=found[3], retry_after_s=RETRY_SUSPENDED_S)
    return Caller(tenant, connection_id, found[1])


def state(caller: Caller, *, lock: bool = False) -> ConnectionState:
    """The connection as it stands; locked until the transaction ends where asked."""
    locking = " FOR UPDATE" if lock and is_postgresql() else ""
    found = caller.tenant.row(
        f"SELECT {_COLUMNS} FROM records_connection"
        " WHERE company_id = %(company)s AND id = %(id)s" + locking,
        id=caller.connection,
    )
    if found is None:
        raise NotConnected()
    now = _state(found)
    if now.revoked is not None:
        raise ConnectionRevoked(at=now.revoked)
    return now


def check_fence(now: ConnectionState, told: int) -> None:
    """Fenced where a newer sync computer has spoken."""
    if told < now.fence:
        raise Fenced(fence=now.fence, told=told)


class Position(msgspec.Struct, frozen=True):
    """How far an office has come, told by the agent that speaks under `fence`."""

    cursor: int
    floor: int
    fence: int


def heard(caller: Caller, now: ConnectionState, told: Position, at: str) -> None:
    """Store how far the office has come, where that is news.

    Whoever speaks under an older fence tells of a database that is gone: of one that
    has been put back to a backup since it would be told what was never taken.
    """
    if told.fence < now.fence or (told.floor <= now.floor and told.cursor <= now.cursor):
        return
    stored = caller.tenant.execute(
        "UPDATE records_connection SET floor = %(floor)s, cursor = %(cursor)s, last_seen = %(at)s"
        " WHERE company_id = %(company)s AND id = %(id)s AND fence <= %(fence)s"
        " AND (floor < %(floor)s OR cursor < %(cursor)s)",
        id=caller.connection,
        floor=max(told.floor, now.floor),
        cursor=max(told.cursor, now.cursor),
        fence=told.fence,
        at=at,
    )
    if stored:
        progress.note_taken(caller.tenant, now.cursor, told.cursor, at)


def has_taken(caller: Caller, now: ConnectionState, chunk: int) -> None:
    """Store the number of a chunk that was taken, where it is the highest."""
    if chunk > now.chunk:
        caller.tenant.execute(
            "UPDATE records_connection SET chunk = %(chunk)s"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=caller.connection,
            chunk=chunk,
        )


def go_on_from(caller: Caller) -> None:
    """The connection has begun its first session: no other one of the company is the last any more."""
    caller.tenant.execute(
        "UPDATE records_connection SET followed = %(yes)s"
        " WHERE company_id = %(company)s AND id <> %(id)s AND NOT followed",
        id=caller.connection,
        yes=True,
    )


def revoke(tenant: Tenant, connection_id: str, at: str) -> None:
    """End a connection: its secret opens nothing any more. Harmless to repeat."""
    tenant.execute(
        "UPDATE records_connection SET revoked = %(at)s"
        " WHERE company_id = %(company)s AND id = %(id)s AND revoked IS NULL",
        id=connection_id,
        at=at,
    )


def connections(tenant: Tenant) -> list[ConnectionView]:
    """All connections of a company, the newest first."""
    found = tenant.rows(
        "SELECT id, computer, database, engine, created, last_seen, revoked"
        " FROM records_connection WHERE company_id = %(company)s ORDER BY created DESC, id"
    )
    return [ConnectionView(*row) for row in found]


def _state(row: Row) -> ConnectionState:
    return ConnectionState(*row)


def _hash(secret: str) -> str:
    """A plain hash will do: the secret is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()
