"""Wrong sign-ins are counted, by user name and by address; too many have to wait."""

from __future__ import annotations

from django.core.cache import cache

from samsyn.office.people.models import key_of

PERIOD_S = 300
FOR_A_NAME = 5
FOR_AN_ADDRESS = 30
"""Several people may come from one address."""


def must_wait(username: str, address: str) -> bool:
    """Whether too many wrong passwords came for this name, or from this address."""
    return any(cache.get(key, 0) >= limit for key, limit in _counters(username, address))


def count_wrong(username: str, address: str) -> None:
    """One more; the period begins with the first."""
    for key, _limit in _counters(username, address):
        cache.add(key, 0, PERIOD_S)
        cache.incr(key)


def forget_wrong(username: str) -> None:
    """The name's own count begins anew, after a right password."""
    cache.delete(_of_name(username))


def _counters(username: str, address: str) -> tuple[tuple[str, int], ...]:
    return (_of_name(username), FOR_A_NAME), (f"wrong-from:{address}", FOR_AN_ADDRESS)


def _of_name(username: str) -> str:
    return f"wrong-for:{key_of(username).encode().hex()[:200]}"
