"""The events of a webhook in their order: what waits to be sent, and the log of what was."""

from __future__ import annotations

import datetime as dt

import msgspec

from samsyn.online.errors import UnknownDelivery
from samsyn.online.webhooks.hooks import Hook
from samsyn.online.webhooks.sending import Tried
from samsyn.records.tenant import Row, Tenant

WAITING, SENT = "waiting", "sent"
KEPT = 500
"""Of a hook, of what was sent; older goes."""
KEPT_DAYS = 30
_READ = "no, message, event, body, state, at, attempts, tried, status, error, duration_ms, answer"


class Delivery(msgspec.Struct, frozen=True):
    """One event; see `models.Delivery`."""

    no: int
    message: str
    event: str
    body: str
    state: str
    at: str
    attempts: int
    tried: str
    status: int | None
    error: str
    duration_ms: int
    answer: str


class Queued(msgspec.Struct, frozen=True):
    """An event to be put in."""

    event: str
    body: str
    message: str = ""
    """Of an event that is sent once more: the one it had."""


def put(tenant: Tenant, hook: Hook, events: list[Queued], at: str) -> None:
    """Put events at the end, inside the transaction that locked the hook; its number moves on."""
    rows = [
        (hook.id, no, one.message or f"msg_{hook.id}_{no}", one.event, one.body, WAITING, at)
        for no, one in enumerate(events, hook.next_no)
    ]
    if not rows:
        return
    columns = ("webhook", "no", "message", "event", "body", "state", "at")
    tenant.insert("webhook_delivery", columns, rows)
    tenant.execute(
        "UPDATE webhook SET next_no = %(next)s WHERE company_id = %(company)s AND id = %(id)s",
        next=hook.next_no + len(rows),
        id=hook.id,
    )


def first_waiting(tenant: Tenant, hook_id: str) -> Delivery | None:
    """What is to be sent next."""
    row = tenant.row(
        f"{_select(' AND state = %(state)s')} ORDER BY no LIMIT 1", hook=hook_id, state=WAITING
    )
    return None if row is None else _delivery(row)


def waiting(tenant: Tenant, hook_id: str) -> int:
    """How many wait."""
    row = tenant.row(
        "SELECT count(*) FROM webhook_delivery WHERE company_id = %(company)s"
        " AND webhook = %(hook)s AND state = %(state)s",
        hook=hook_id,
        state=WAITING,
    )
    return int(row[0]) if row else 0


def log(tenant: Tenant, hook_id: str, before: int | None, limit: int) -> list[Delivery]:
    """The newest first; go on before a number."""
    where = " AND no < %(before)s" if before is not None else ""
    found = tenant.rows(
        f"{_select(where)} ORDER BY no DESC LIMIT %(limit)s",
        hook=hook_id,
        limit=limit,
        **({"before": before} if before is not None else {}),
    )
    return [_delivery(row) for row in found]


def delivery(tenant: Tenant, hook_id: str, no: int) -> Delivery:
    """One of the log; UnknownDelivery."""
    row = tenant.row(_select(" AND no = %(no)s"), hook=hook_id, no=no)
    if row is None:
        raise UnknownDelivery(delivery=no)
    return _delivery(row)


def note(tenant: Tenant, hook_id: str, one: Delivery, tried: Tried, state: str, now: str) -> None:
    """Keep what came of an attempt."""
    tenant.execute(
        "UPDATE webhook_delivery SET state = %(state)s, attempts = %(attempts)s, tried = %(now)s,"
        " status = %(status)s, error = %(error)s, duration_ms = %(took)s, answer = %(answer)s"
        " WHERE company_id = %(company)s AND webhook = %(hook)s AND no = %(no)s",
        hook=hook_id,
        no=one.no,
        state=state,
        attempts=one.attempts + 1,
        now=now,
        status=tried.status,
        error=tried.error,
        took=tried.duration_ms,
        answer=tried.answer,
    )


def clear_away(tenant: Tenant, hook: Hook, now: str) -> None:
    """Let go of what was sent long ago."""
    oldest = dt.datetime.fromisoformat(now) - dt.timedelta(days=KEPT_DAYS)
    tenant.execute(
        "DELETE FROM webhook_delivery WHERE company_id = %(company)s AND webhook = %(hook)s"
        " AND state <> %(state)s AND (no < %(first)s OR at < %(oldest)s)",
        hook=hook.id,
        state=WAITING,
        first=hook.next_no - KEPT,
        oldest=oldest.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )


def _select(where: str) -> str:
    return (
        f"SELECT {_READ} FROM webhook_delivery WHERE company_id = %(company)s"
        f" AND webhook = %(hook)s{where}"
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(*row)
