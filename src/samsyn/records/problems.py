"""Errors as problem documents (RFC 9457), the same for the sync API and the REST API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse

from samsyn.core.errors import SamsynError

PROBLEM_TYPE = "application/problem+json"


def status_of(error: SamsynError) -> int:
    """The HTTP status that goes with an error's class; 400 where it names none."""
    return int(getattr(error, "status", HTTPStatus.BAD_REQUEST))


def problem_response(error: SamsynError, status: int | None = None) -> HttpResponse:
    """A problem document with the error's code and facts."""
    number = status if status is not None else status_of(error)
    document = {
        **{name: _plain(value) for name, value in error.facts.items()},
        "type": f"urn:samsyn:problem:{error.code.lower()}",
        "title": HTTPStatus(number).phrase,
        "status": number,
        "code": error.code,
    }
    document.setdefault("detail", str(error))
    response = HttpResponse(msgspec.json.encode(document), status=number, content_type=PROBLEM_TYPE)
    if number == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if error.transient:
        response["Retry-After"] = str(error.facts.get("retry_after_s", 1))
    if getattr(error, "meant", False):
        # Any: Django's own mark, for which it has no type
        marked: Any = response
        marked._has_been_logged = True
    return response


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool | None | list | dict):
        return value
    return str(value)
