"""What all endpoints of the sync protocol share: one method, errors as problem documents, who asks, the answer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from http import HTTPStatus

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.messages import Cursor
from samsyn.records.connections import Caller, authenticate
from samsyn.records.errors import BadQuery, NotConnected, StoreBusy
from samsyn.records.problems import problem_response, status_of
from samsyn.records.worker import in_reader, in_worker

View = Callable[[HttpRequest], Coroutine[None, None, HttpResponseBase]]


def endpoint(method: str) -> Callable[[View], View]:
    """A view of one method whose expected errors become problem documents."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        async def answered(request: HttpRequest) -> HttpResponseBase:
            if request.method != method:
                return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": method})
            try:
                return await view(request)
            except wire.BodyTooLarge as error:
                return problem_response(error, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            except SamsynError as error:
                return problem_response(error, status_of(error))
            except DataError as error:  # a NUL in a name, on PostgreSQL: nothing has it
                unreadable = BadQuery(detail=str(error).strip())
                return problem_response(unreadable, unreadable.status)
            except (OperationalError, InterfaceError) as error:
                away = StoreBusy(detail=str(error).strip())
                return problem_response(away, away.status)

        return answered

    return decorate


async def written(request: HttpRequest, work: Callable[[Caller], bytes]) -> HttpResponse:
    """What a caller has written: its answer, when it is in the store."""
    secret = secret_of(request)
    return answer_with(request, await in_worker(lambda: work(authenticate(secret))))


async def read(request: HttpRequest, work: Callable[[Caller], bytes]) -> HttpResponse:
    """What a caller has asked: its answer, from a reader."""
    secret = secret_of(request)
    return answer_with(request, await in_reader(lambda: work(authenticate(secret))))


def secret_of(request: HttpRequest) -> str:
    """The credential of a connection that a request carries; NotConnected."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotConnected()
    return secret.strip()


def body_of(request: HttpRequest) -> bytes:
    """The JSON of a request; BodyTooLarge, BadBody."""
    return wire.decompress(request.body, request.headers.get("Content-Encoding"))


def answer_with(request: HttpRequest, plain: bytes) -> HttpResponse:
    """A good answer, compressed where it is worth it."""
    body, encoding = plain, None
    if "zstd" in request.headers.get("Accept-Encoding", ""):
        body, encoding = wire.compress(plain)
    response = HttpResponse(body, content_type=wire.JSON_TYPE)
    if encoding is not None:
        response["Content-Encoding"] = encoding
    return response


def text_of(request: HttpRequest, name: str) -> str:
    """A parameter of the query that must be there; BadQuery."""
    text = request.GET.get(name)
    if not text:
        raise BadQuery(detail=f"{name} is missing")
    return text


def cursor_of(request: HttpRequest, name: str, default: int | None = None) -> Cursor:
    """The office's cursor under that name, with the mark of the change there where one is told."""
    return Cursor(number_of(request, name, default), request.GET.get("mark", ""))


def number_of(request: HttpRequest, name: str, default: int | None = None) -> int:
    """A whole number of the query; BadQuery."""
    text = request.GET.get(name)
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadQuery(detail=f"{name} is a whole number")
    return int(text)
