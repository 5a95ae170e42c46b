"""Makes, changes and removes webhooks, tries them, and sends an event once more."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from samsyn.online.companies.accounts import clean_name
from samsyn.online.companies.models import new_id
from samsyn.online.errors import BadEvents, TooManyWebhooks
from samsyn.online.webhooks import hooks, queue
from samsyn.online.webhooks.deliverer import deliverer
from samsyn.online.webhooks.events import CHOSEN, TEST, body_of
from samsyn.online.webhooks.gathering import open_entries, sync_state
from samsyn.online.webhooks.hooks import OFF, ON, Hook
from samsyn.online.webhooks.queue import Delivery, Queued
from samsyn.online.webhooks.retries import later
from samsyn.online.webhooks.signing import new_secret, sealed
from samsyn.online.webhooks.targets import target
from samsyn.records import clock, history
from samsyn.records.tenant import Tenant, together, writing

MOST = 20
MAX_NAME = 60
MAX_TYPES = 200
OLD_SECRET_S = 24 * 3_600
"""For so long both secrets sign after a change, so that no message is refused meanwhile."""


class Wanted(msgspec.Struct, frozen=True):
    """A webhook as a person or program asks for it."""

    name: str
    url: str
    events: Sequence[str]
    types: Sequence[str] = ()


def create(tenant: Tenant, wanted: Wanted, by: str) -> tuple[Hook, str]:
    """A new one that is told of all that happens from now on, and its secret, told once.

    BadName, BadWebhookUrl, BadEvents, TooManyWebhooks.
    """
    name, events = _checked(wanted)
    secret, now = new_secret(), clock.now()
    with together():
        if len(hooks.hooks(tenant)) >= MOST:
            raise TooManyWebhooks(limit=MOST)
        made = Hook(
            id=new_id(),
            name=name,
            url=wanted.url,
            events=events,
            types=tuple(wanted.types),
            secret=sealed(secret),
            old_key="",
            old_until="",
            state=ON,
            why="",
            cursor=history.log_head(tenant),
            quarantine=tuple(open_entries(tenant)),
            sync=sync_state(tenant),
            next_no=1,
            attempts=0,
            failing_since="",
            next_try="",
            last_ok="",
            created=now,
            created_by=by,
        )
        hooks.add(tenant, made)
    deliverer.news(tenant.company)
    return made, secret


def change(tenant: Tenant, hook_id: str, wanted: Wanted) -> Hook:
    """Another name, address or other events; UnknownWebhook and those of `create`."""
    name, events = _checked(wanted)
    with together():
        hook = hooks.hook(tenant, hook_id, lock=True)
        added = set(events) - set(hook.events)
        fresh: dict[str, object] = {}
        if any(event.startswith("quarantine.") for event in added):
            fresh["quarantine"] = open_entries(tenant)
        if "sync.changed" in added:
            fresh["sync"] = sync_state(tenant)
        hooks.change(
            tenant,
            hook_id,
            name=name,
            url=wanted.url,
            events=events,
            types=list(wanted.types),
            next_try="",
            **fresh,
        )
    deliverer.news(tenant.company)
    return hooks.hook(tenant, hook_id)


def switch(tenant: Tenant, hook_id: str, on: bool) -> Hook:
    """On again from where it was, or off; UnknownWebhook."""
    with writing():
        hooks.hook(tenant, hook_id, lock=True)
        state = {"state": ON if on else OFF}
        fresh = {"attempts": 0, "failing_since": "", "next_try": "", "why": ""} if on else {}
        hooks.change(tenant, hook_id, **state, **fresh)
    deliverer.news(tenant.company)
    return hooks.hook(tenant, hook_id)


def another_secret(tenant: Tenant, hook_id: str) -> str:
    """A new secret, told once; the old one signs beside it for a day. UnknownWebhook."""
    secret = new_secret()
    with writing():
        hook = hooks.hook(tenant, hook_id, lock=True)
        hooks.change(
            tenant,
            hook_id,
            secret=sealed(secret),
            old_key=hook.secret,
            old_until=later(clock.now(), OLD_SECRET_S),
        )
    return secret


def remove(tenant: Tenant, hook_id: str) -> None:
    """Take it away with its log; UnknownWebhook."""
    with writing():
        hooks.hook(tenant, hook_id, lock=True)
        hooks.remove(tenant, hook_id)


def try_out(tenant: Tenant, hook_id: str, by: str) -> Delivery:
    """Send an event that says nothing, after what waits; UnknownWebhook."""
    now = clock.now()
    body = body_of(TEST, now, tenant.company, {"by": by})
    return _put(tenant, hook_id, Queued(TEST, body), now)


def again(tenant: Tenant, hook_id: str, no: int) -> Delivery:
    """Send an event of the log once more, under its own id; UnknownWebhook, UnknownDelivery."""
    one = queue.delivery(tenant, hook_id, no)
    if one.state == queue.WAITING:
        with writing():
            hooks.change(tenant, hook_id, next_try="")
        deliverer.news(tenant.company)
        return one
    return _put(tenant, hook_id, Queued(one.event, one.body, one.message), clock.now())


def _put(tenant: Tenant, hook_id: str, event: Queued, now: str) -> Delivery:
    with writing():
        hook = hooks.hook(tenant, hook_id, lock=True)
        queue.put(tenant, hook, [event], now)
        hooks.change(tenant, hook_id, next_try="")
    deliverer.news(tenant.company)
    return queue.delivery(tenant, hook_id, hook.next_no)


def _checked(wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    name = clean_name(wanted.name)[:MAX_NAME]
    target(wanted.url)
    events = tuple(event for event in CHOSEN if event in wanted.events)
    if not events or len(events) != len(set(wanted.events)) or len(wanted.types) > MAX_TYPES:
        raise BadEvents(known=", ".join(CHOSEN))
    return name, events
