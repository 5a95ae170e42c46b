"""Webhooks as they are kept: read and written a company at a time."""

from __future__ import annotations

from typing import Any

import msgspec

from samsyn.online.errors import UnknownWebhook
from samsyn.records.tenant import Row, Tenant, is_postgresql

ON, OFF, FAILED = "on", "off", "failed"
_COLUMNS = (
    "id", "name", "url", "events", "types", "secret", "old_key", "old_until", "state", "why",
    "cursor", "quarantine", "sync", "next_no", "attempts", "failing_since", "next_try",
    "last_ok", "created", "created_by",
)  # fmt: skip
_LISTS = ("events", "types", "quarantine")
_READ = ", ".join(f'"{name}"' for name in _COLUMNS)


class Hook(msgspec.Struct, frozen=True):
    """A webhook; see `models.Webhook`."""

    id: str
    name: str
    url: str
    events: tuple[str, ...]
    types: tuple[str, ...]
    secret: str
    old_key: str
    old_until: str
    state: str
    why: str
    cursor: int
    quarantine: tuple[str, ...]
    sync: str
    next_no: int
    attempts: int
    failing_since: str
    next_try: str
    last_ok: str
    created: str
    created_by: str

    def wants(self, event: str, record_type: str | None) -> bool:
        """Whether it is to be told of an event."""
        return event in self.events and (
            not self.types or record_type is None or record_type in self.types
        )


def hooks(tenant: Tenant) -> list[Hook]:
    """All of a company, the oldest first."""
    return [_hook(row) for row in tenant.rows(f"{_select()} ORDER BY created, id")]


def hook(tenant: Tenant, hook_id: str, *, lock: bool = False) -> Hook:
    """One of them; UnknownWebhook. Locked, nobody else changes it until the transaction ends."""
    told = f"{_select()} AND id = %(id)s" + (" FOR UPDATE" if lock and is_postgresql() else "")
    row = tenant.row(told, id=hook_id)
    if row is None:
        raise UnknownWebhook(webhook=hook_id[:50])
    return _hook(row)


def some_on(tenant: Tenant) -> bool:
    """Whether any is to be delivered to."""
    found = tenant.row(
        "SELECT 1 FROM webhook WHERE company_id = %(company)s AND state = 'on' LIMIT 1"
    )
    return found is not None


def add(tenant: Tenant, made: Hook) -> None:
    """Keep a new one."""
    values = [_kept(name, getattr(made, name)) for name in _COLUMNS]
    tenant.insert("webhook", _COLUMNS, [tuple(values)])


def change(tenant: Tenant, hook_id: str, **values: Any) -> None:  # Any: what columns hold
    """Other values for some columns."""
    told = ", ".join(f'"{name}" = %({name})s' for name in values)
    kept = {name: _kept(name, value) for name, value in values.items()}
    tenant.execute(
        f"UPDATE webhook SET {told} WHERE company_id = %(company)s AND id = %(id)s",
        id=hook_id,
        **kept,
    )


def remove(tenant: Tenant, hook_id: str) -> None:
    """Take one away, with its log."""
    for table, column in (("webhook_delivery", "webhook"), ("webhook", "id")):
        tenant.execute(
            f"DELETE FROM {table} WHERE company_id = %(company)s AND {column} = %(id)s", id=hook_id
        )


def claim(tenant: Tenant, hook_id: str, lease: str, now: str, until: str) -> bool:
    """Take the lease of a hook that is on, or hold it longer; whether it is ours."""
    return bool(
        tenant.execute(
            "UPDATE webhook SET lease = %(lease)s, lease_until = %(until)s"
            " WHERE company_id = %(company)s AND id = %(id)s AND state = 'on'"
            " AND (lease = %(lease)s OR lease_until < %(now)s)",
            id=hook_id,
            lease=lease,
            now=now,
            until=until,
        )
    )


def release(tenant: Tenant, hook_id: str, lease: str) -> None:
    """Give the lease back."""
    tenant.execute(
        "UPDATE webhook SET lease = '', lease_until = '' WHERE company_id = %(company)s"
        " AND id = %(id)s AND lease = %(lease)s",
        id=hook_id,
        lease=lease,
    )


def _select() -> str:
    return f"SELECT {_READ} FROM webhook WHERE company_id = %(company)s"


def _hook(row: Row) -> Hook:
    told = dict(zip(_COLUMNS, row, strict=True))
    for name in _LISTS:
        told[name] = tuple(msgspec.json.decode(told[name]))
    return Hook(**told)


def _kept(name: str, value: Any) -> Any:  # Any: what columns hold
    return msgspec.json.encode(value).decode() if name in _LISTS else value
