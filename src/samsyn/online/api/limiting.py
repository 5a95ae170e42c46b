"""Keeps programs to their rates, and tells them how they stand in every answer."""

from __future__ import annotations

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samsyn.online.api.answers import refused
from samsyn.online.api.errors import RateLimited
from samsyn.online.api.rates import WRONG_TOKEN, Buckets, Policy, Standing, network_of
from samsyn.online.grants import Access
from samsyn.webkit import security_log
from samsyn.webkit.headers import Async
from samsyn.webkit.security_log import Event

PLACE = "/api/v1/"
WINDOW_S = 60
ADDRESS_TIMES = 2
"""An address may ask so many times more than one token: several programs may share it."""


class Rates:
    """The buckets of this process; None where the operator has switched rates off."""

    def __init__(self, per_minute: int) -> None:
        self.tokens = Buckets(Policy("token", per_minute, WINDOW_S))
        self.addresses = Buckets(Policy("address", ADDRESS_TIMES * per_minute, WINDOW_S))


_rates: Rates | None = None


def rates() -> Rates | None:
    """The buckets, made when they are first asked for."""
    global _rates
    if _rates is None and settings.SAMSYN_API_RATE:
        _rates = Rates(settings.SAMSYN_API_RATE)
    return _rates


class RateLimits:
    """Middleware around the REST API; other interfaces pass."""

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Async) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with how its asker stands, or 429."""
        kept = rates() if request.path.startswith(PLACE) else None
        if kept is None:
            return await self.get_response(request)
        standing = kept.addresses.take(_network(request))
        if standing.allowed:
            response = await self.get_response(request)
        else:
            response = refused(request, _error(standing))
        return _told(response, getattr(request, "standing", standing))


def take_of_token(request: HttpRequest, access: Access) -> None:
    """Count a request of a token; RateLimited."""
    kept = rates()
    if kept is None:
        return
    standing = kept.tokens.take(f"{access.company}.{access.token}")
    request.standing = standing  # type: ignore[attr-defined]  # read above
    if not standing.allowed:
        raise _error(standing)


def take_of_stranger(request: HttpRequest) -> None:
    """A token that opens nothing costs its address much."""
    kept = rates()
    if kept is not None:
        kept.addresses.take(_network(request), WRONG_TOKEN - 1)
    security_log.told(Event.TOKEN_REFUSED, **{"from": request.META.get("REMOTE_ADDR") or ""})


def _network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR") or "")


def _error(standing: Standing) -> RateLimited:
    return RateLimited(policy=standing.policy.name, retry_after_s=standing.wait_s)


def _told(response: HttpResponseBase, standing: Standing) -> HttpResponseBase:
    response.headers["RateLimit-Policy"] = standing.policy.told
    response.headers["RateLimit"] = standing.told
    return response
