"""Webhooks as the REST API tells and takes them."""

from __future__ import annotations

from typing import Any

from samsyn.online.api.errors import BadShape
from samsyn.online.api.received import mapping
from samsyn.online.api.shapes import Json
from samsyn.online.grants import Access
from samsyn.online.webhooks import hooks, managing, queue
from samsyn.online.webhooks.hooks import Hook
from samsyn.online.webhooks.managing import Wanted
from samsyn.online.webhooks.queue import Delivery
from samsyn.records.tenant import Tenant

MEMBERS = ("name", "url", "events", "types")
LONGEST = 2_000


def checked(body: object, *, whole: bool) -> dict[str, Any]:
    """The members of a body, each of its kind; BadShape."""
    told = mapping(body, "body")
    allowed = MEMBERS if whole else (*MEMBERS, "on")
    for name, value in told.items():
        if name not in allowed:
            raise BadShape(where=name[:200], expected=f"one of {sorted(allowed)}")
        if value is None and not whole:
            continue
        _check(name, value)
    for name in ("name", "url", "events") if whole else ():
        if name not in told:
            raise BadShape(where=name, expected="a value")
    return {name: value for name, value in told.items() if value is not None}


def _check(name: str, value: object) -> None:
    if name == "on":
        fits, expected = isinstance(value, bool), "true or false"
    elif name in ("events", "types"):
        fits = isinstance(value, list) and all(_is_text(one) for one in value)
        expected = "a list of strings"
    else:
        fits, expected = _is_text(value), f"a string of at most {LONGEST} characters"
    if not fits:
        raise BadShape(where=name, expected=expected)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\0" not in value


def all_shapes(access: Access) -> Json:
    """All of a company."""
    tenant = Tenant(access.company)
    return {"webhooks": [_shape(tenant, hook) for hook in hooks.hooks(tenant)]}


def shape(access: Access, hook_id: str) -> Json:
    """One; UnknownWebhook."""
    tenant = Tenant(access.company)
    return _shape(tenant, hooks.hook(tenant, hook_id))


def made(access: Access, told: dict[str, Any]) -> Json:
    """A new one with its secret; what `managing.create` raises."""
    tenant = Tenant(access.company)
    hook, secret = managing.create(tenant, _wanted(told), access.by)
    return {**_shape(tenant, hook), "secret": secret}


def changed(access: Access, hook_id: str, told: dict[str, Any]) -> Json:
    """One with other values; what `managing.change` raises."""
    tenant = Tenant(access.company)
    now = hooks.hook(tenant, hook_id)
    if set(told) & set(MEMBERS):
        kept = {name: getattr(now, name) for name in MEMBERS}
        managing.change(tenant, hook_id, _wanted({**kept, **told}))
    if "on" in told:
        managing.switch(tenant, hook_id, told["on"])
    return shape(access, hook_id)


def log_shape(access: Access, hook_id: str, before: int | None, limit: int) -> Json:
    """A part of its log; UnknownWebhook."""
    tenant = Tenant(access.company)
    hooks.hook(tenant, hook_id)
    found = queue.log(tenant, hook_id, before, limit + 1)
    shown = found[:limit]
    return {
        "deliveries": [delivery_shape(one) for one in shown],
        "next": shown[-1].no if len(found) > limit else None,
    }


def delivery_shape(one: Delivery) -> Json:
    """A message, without its body: that is the receiver's."""
    return {
        "no": one.no,
        "message": one.message,
        "event": one.event,
        "state": one.state,
        "at": one.at,
        "attempts": one.attempts,
        "tried": one.tried or None,
        "status": one.status,
        "error": one.error or None,
        "duration_ms": one.duration_ms,
        "answer": one.answer,
    }


def _wanted(told: dict[str, Any]) -> Wanted:
    return Wanted(told["name"], told["url"], tuple(told["events"]), tuple(told.get("types", ())))


def _shape(tenant: Tenant, hook: Hook) -> Json:
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "types": list(hook.types),
        "state": hook.state,
        "why": hook.why or None,
        "waiting": queue.waiting(tenant, hook.id),
        "attempts": hook.attempts,
        "failing_since": hook.failing_since or None,
        "next_try": hook.next_try or None,
        "last_ok": hook.last_ok or None,
        "created": hook.created,
        "created_by": hook.created_by,
    }
