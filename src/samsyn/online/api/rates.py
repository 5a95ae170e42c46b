"""How much a token and a network address may ask: a bucket each, refilled evenly.

Counted in each process: several processes allow as many times more.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

MOST = 50_000
"""Buckets that are remembered; the one unused for longest goes first, and is full by then."""
WRONG_TOKEN = 100
"""What a request with a token that opens nothing costs its address: guessing is slow."""


class Policy(msgspec.Struct, frozen=True):
    """So much in so many seconds; also how much may come at once."""

    name: str
    quota: int
    window_s: int

    @property
    def told(self) -> str:
        """The value of RateLimit-Policy."""
        return f'"{self.name}";q={self.quota};w={self.window_s}'


class Standing(msgspec.Struct, frozen=True):
    """How a bucket stands after a request."""

    policy: Policy
    allowed: bool
    left: int
    full_in_s: int
    wait_s: int
    """Until a request is allowed again; 0 where it is."""

    @property
    def told(self) -> str:
        """The value of RateLimit."""
        return f'"{self.policy.name}";r={self.left};t={self.full_in_s}'


class Buckets:
    """The buckets of one policy, in one process's event loop."""

    def __init__(self, policy: Policy, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.policy = policy
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, whose: str, cost: int = 1) -> Standing:
        """Take so much out of somebody's bucket, where there is any; what is refused costs nothing."""
        now, policy = self._monotonic(), self.policy
        each_s = policy.window_s / policy.quota
        left, at = self._kept.pop(whose, (float(policy.quota), now))
        left = min(policy.quota, left + (now - at) / each_s)
        allowed = left >= 1
        if allowed:
            left = max(0.0, left - cost)
        self._kept[whose] = (left, now)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return Standing(
            policy,
            allowed,
            int(left),
            math.ceil((policy.quota - left) * each_s),
            0 if allowed else max(1, math.ceil((1 - left) * each_s)),
        )


def network_of(address: str) -> str:
    """Whose an address is: of IPv6 a whole network is one household's."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
