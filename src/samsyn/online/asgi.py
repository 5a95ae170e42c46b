"""The service as an ASGI application, for `samsyn online serve` or any ASGI server."""

from __future__ import annotations

import os
from typing import Any

import django
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response

from samsyn.lanes.lane import LANE, lane_of
from samsyn.online.home import home
from samsyn.online.slashes import EncodedSlashes
from samsyn.webkit.handlers import ForPeople, Handler, without_housekeeping
from samsyn.webkit.headers import SecureHeaders
from samsyn.webkit.home import prepare
from samsyn.webkit.languages import compile_languages
from samsyn.webkit.limits import App, Limits
from samsyn.webkit.static_files import StaticFiles

FOR_PROGRAMS = ("/api/", "/health/", "/metrics")
"""Where other programs ask; their views are coroutines."""


def lean(handler: BaseHandler) -> None:
    """Give a handler the middleware that programs meet: headers and rates, no thread held."""
    from samsyn.online.api.limiting import RateLimits  # Django must be set up

    # Any: Django keeps these to itself
    own: Any = handler
    own._view_middleware, own._template_response_middleware = [], []
    own._exception_middleware = []
    views: Any = convert_exception_to_response(own._get_response_async)
    own._middleware_chain = convert_exception_to_response(SecureHeaders(RateLimits(views)))


class ForPrograms(Handler):
    """The interfaces for programs: coroutines, no session, no language, no thread."""

    def load_middleware(self, is_async: bool = False) -> None:
        """The headers alone."""
        lean(self)


class Door:
    """Programs to the one handler, people to the other."""

    def __init__(self) -> None:
        self.programs, self.people = ForPrograms(), ForPeople()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: as ASGI has it
        """Hand the request to the handler of its address."""
        path: str = scope.get("path", "")
        asker = (scope.get("client") or ("",))[0]
        LANE.set(lane_of(path, scope.get("headers", ()), asker))
        handler = self.programs if path.startswith(FOR_PROGRAMS) else self.people
        await handler(scope, receive, send)


def build() -> App:
    """The application; Django must have been set up."""
    from samsyn.online.observing import Observed

    without_housekeeping()
    return Observed(Limits(EncodedSlashes(StaticFiles(Door()))))


def __getattr__(name: str) -> App:
    """`application`, made when a server asks for it."""
    if name != "application":
        raise AttributeError(name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    prepare(home())
    compile_languages(home())
    django.setup()
    globals()["application"] = build()
    made: App = globals()["application"]
    return made
