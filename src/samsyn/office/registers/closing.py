"""Closes the company database that a request has opened, and tells in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import psycopg
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samsyn.core.errors import SamsynError
from samsyn.office.registers.opened import Opened
from samsyn.office.trouble import database_trouble


class CompanyDatabases:
    """Closes what a request has opened, and tells in words what is wrong with a company database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; one that is made while it is sent keeps the database until its end."""
        response = self.get_response(request)
        opened: Opened | None = getattr(request, "opened", None)
        if opened is not None and response.streaming:
            # Django's own way of ending with an answer; its stubs do not tell of it.
            response._resource_closers.append(opened.close)  # type: ignore[attr-defined]  # as above
        elif opened is not None:
            opened.close()
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """The page about a company database that cannot be used; None for any other fault."""
        error = exception
        opened: Opened | None = getattr(request, "opened", None)
        if opened is not None and isinstance(exception, apsw.Error | psycopg.Error):
            error = opened.failed(exception) or exception
        return database_trouble(request, error) if isinstance(error, SamsynError) else None
