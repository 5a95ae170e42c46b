"""The service as an ASGI application, for `samsyn online serve` or any ASGI server."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.signals import request_finished, request_started
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

from samsyn.online.headers import SecureHeaders
from samsyn.online.home import home, prepare
from samsyn.online.limits import Limits
from samsyn.online.slashes import EncodedSlashes
from samsyn.records.worker import in_page_thread
from samsyn.webkit.languages import compile_languages
from samsyn.webkit.static_files import StaticFiles

FOR_PROGRAMS = ("/api/", "/health/")
"""Where other programs ask; their views are coroutines."""


class Handler(ASGIHandler):
    """Django's handler without a thread for each request.

    Django opens a thread context per request and runs its housekeeping of
    database connections there, so that a held request would hold a thread.
    The database is used in the store's own workers alone, which look after
    their connections themselves.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: as Django has it
        """Answer one request; HEAD as GET, whose body the server leaves out."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.handle(scope, receive, send)


def lean(handler: BaseHandler) -> None:
    """Give a handler the middleware that programs meet: the headers alone, no thread held."""
    # Any: Django keeps these to itself
    own: Any = handler
    own._view_middleware, own._template_response_middleware = [], []
    own._exception_middleware = []
    views: Any = convert_exception_to_response(own._get_response_async)
    own._middleware_chain = convert_exception_to_response(SecureHeaders(views))


class ForPrograms(Handler):
    """The interfaces for programs: coroutines, no session, no language, no thread."""

    def load_middleware(self, is_async: bool = False) -> None:
        """The headers alone."""
        lean(self)


class ForPeople(Handler):
    """The pages: each is made from beginning to end in one of the threads for pages."""

    def load_middleware(self, is_async: bool = False) -> None:
        """All of the settings' middleware, as plain functions."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        set_urlconf(settings.ROOT_URLCONF)
        return await in_page_thread(self.get_response, request)


class Door:
    """Programs to the one handler, people to the other."""

    def __init__(self) -> None:
        self.programs, self.people = ForPrograms(), ForPeople()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: as ASGI has it
        """Hand the request to the handler of its address."""
        path: str = scope.get("path", "")
        handler = self.programs if path.startswith(FOR_PROGRAMS) else self.people
        await handler(scope, receive, send)


def build() -> Limits:
    """The application; Django must have been set up."""
    from django.db import close_old_connections, reset_queries

    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    return Limits(EncodedSlashes(StaticFiles(Door())))


def __getattr__(name: str) -> Limits:
    """`application`, made when a server asks for it."""
    if name != "application":
        raise AttributeError(name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    prepare(home())
    compile_languages(home())
    django.setup()
    globals()["application"] = build()
    made: Limits = globals()["application"]
    return made
