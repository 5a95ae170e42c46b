"""Delivers what waits for one webhook, in its order: the next event goes when the one before has been taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from samsyn import __version__
from samsyn.online.webhooks import hooks, queue
from samsyn.online.webhooks.gathering import gather
from samsyn.online.webhooks.hooks import FAILED, Hook
from samsyn.online.webhooks.notices import tell_switched_off
from samsyn.online.webhooks.queue import SENT, WAITING, Delivery
from samsyn.online.webhooks.retries import GONE, is_over, later, next_try
from samsyn.online.webhooks.sending import Tried
from samsyn.online.webhooks.signing import headers, opened
from samsyn.records import clock, suspension
from samsyn.records.tenant import Tenant, writing

LEASE_S = 40
"""Half of it is longer than any one attempt takes."""
AT_ONCE = 100
"""Messages in one go; then others have their turn."""
Post = Callable[[str, bytes, Mapping[str, str]], Tried]


class Lease:
    """A process's hold on hooks. It is kept while there is nothing to do: each claim is a write beside the company's own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._until: dict[tuple[str, str], str] = {}

    def holds(self, tenant: Tenant, hook_id: str) -> bool:
        """Whether the hook is ours for long enough for an attempt; claimed anew where it is not."""
        now, held = clock.now(), (tenant.company, hook_id)
        if self._until.get(held, "") > later(now, LEASE_S / 2):
            return True
        until = later(now, LEASE_S)
        if hooks.claim(tenant, hook_id, self.name, now, until):
            self._until[held] = until
            return True
        self._until.pop(held, None)
        return False

    def give_back(self) -> None:
        """Let other processes go on at once."""
        for company, hook_id in list(self._until):
            hooks.release(Tenant(company), hook_id, self.name)
        self._until.clear()


def deliver(tenant: Tenant, hook_id: str, lease: Lease, post: Post) -> bool:
    """Send what waits, as far as it goes; whether there is more to be sent at once.

    Does nothing where another process holds the hook or it is not yet time.
    """
    if not _is_due(tenant, hook_id):
        return False
    return all(_one(tenant, hook_id, lease, post) for _ in range(AT_ONCE))


def _is_due(tenant: Tenant, hook_id: str) -> bool:
    hook = hooks.hook(tenant, hook_id)
    if suspension.suspended(tenant) is not None:
        return False
    if hook.state != hooks.ON:
        return False
    gather(tenant, hook_id)
    return hook.next_try <= clock.now() and queue.first_waiting(tenant, hook_id) is not None


def _one(tenant: Tenant, hook_id: str, lease: Lease, post: Post) -> bool:
    """Send the next event; whether to go on."""
    if queue.first_waiting(tenant, hook_id) is None:
        gather(tenant, hook_id)
    one = queue.first_waiting(tenant, hook_id)
    if one is None or not lease.holds(tenant, hook_id):
        return False
    hook = hooks.hook(tenant, hook_id)
    now = clock.now()
    if hook.state != hooks.ON or hook.next_try > now:
        return False
    tried = post(hook.url, one.body.encode(), _headers(hook, one, now))
    return _noted(tenant, hook_id, one, tried)


def _headers(hook: Hook, one: Delivery, now: str) -> dict[str, str]:
    at_s = int(dt.datetime.fromisoformat(now).timestamp())
    keys = [opened(hook.secret)]
    if hook.old_key and hook.old_until > now:
        keys.append(opened(hook.old_key))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Samsyn/{__version__}",
        **headers(one.message, at_s, one.body.encode(), keys),
    }


def _noted(tenant: Tenant, hook_id: str, one: Delivery, tried: Tried) -> bool:
    """Keep what came of it; whether the next may go."""
    now = clock.now()
    with writing():
        hook = hooks.hook(tenant, hook_id, lock=True)
        if tried.good:
            queue.note(tenant, hook_id, one, tried, SENT, now)
            hooks.change(
                tenant, hook_id, attempts=0, failing_since="", next_try="", why="", last_ok=now
            )
            queue.clear_away(tenant, hook, now)
            return True
        since = hook.failing_since or now
        over = tried.status == GONE or is_over(since, now)
        queue.note(tenant, hook_id, one, tried, WAITING, now)
        hooks.change(
            tenant,
            hook_id,
            attempts=hook.attempts + 1,
            failing_since=since,
            next_try=next_try(hook.attempts + 1, now),
            why=tried.error or f"HTTP_{tried.status}",
            state=FAILED if over and hook.state == hooks.ON else hook.state,
        )
        if over and hook.state == hooks.ON:
            tell_switched_off(tenant.company, hook)
    return False
