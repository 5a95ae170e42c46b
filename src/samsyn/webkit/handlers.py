"""Django's ASGI handler without a thread for each request, and the handler of pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

from samsyn.webkit.page_threads import in_page_thread
from samsyn.webkit.streaming import sent_in_parts


class Handler(ASGIHandler):
    """Django's handler without a thread for each request.

    Django opens a thread context per request and runs its housekeeping of
    database connections there, so that a held request would hold a thread.
    Databases are used in threads of our own alone, which look after their
    connections themselves.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: as Django has it
        """Answer one request; HEAD as GET, whose body the server leaves out."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.handle(scope, receive, send)


class ForPeople(Handler):
    """The pages: each is made from beginning to end in one of the threads for pages."""

    def load_middleware(self, is_async: bool = False) -> None:
        """All of the settings' middleware, as plain functions."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        set_urlconf(settings.ROOT_URLCONF)
        return sent_in_parts(await in_page_thread(self.get_response, request))


def without_housekeeping() -> None:
    """Take Django's housekeeping of connections away: it would run in threads of its own."""
    from django.db import close_old_connections, reset_queries

    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
