"""The service as an ASGI application, for `samsyn online serve` or any ASGI server."""

from __future__ import annotations

import os
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started

from samsyn.online.home import home, prepare
from samsyn.online.limits import Limits
from samsyn.online.slashes import EncodedSlashes


class Handler(ASGIHandler):
    """Django's handler without a thread for each request.

    Django opens a thread context per request and runs its housekeeping of
    database connections there, so that a held request would hold a thread.
    Our views are coroutines and the database is used in the store's own
    workers alone, which look after their connections themselves.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: as Django has it
        """Answer one request; HEAD as GET, whose body the server leaves out."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.handle(scope, receive, send)


def build() -> Limits:
    """The application; Django must have been set up."""
    from django.db import close_old_connections, reset_queries

    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    return Limits(EncodedSlashes(Handler()))


def __getattr__(name: str) -> Limits:
    """`application`, made when a server asks for it."""
    if name != "application":
        raise AttributeError(name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    prepare(home())
    django.setup()
    globals()["application"] = build()
    made: Limits = globals()["application"]
    return made
