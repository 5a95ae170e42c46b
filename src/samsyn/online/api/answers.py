"""Answers of the API: JSON, entity tags, and problem documents in words."""

from __future__ import annotations

import hashlib
import re

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from samsyn.core.errors import SamsynError
from samsyn.online.api.errors import BadParameter
from samsyn.online.api.words import problem_words
from samsyn.records.problems import problem_response

_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')
_encoder = msgspec.json.Encoder()


def json_bytes(value: object) -> bytes:
    """A value as JSON."""
    return _encoder.encode(value)


def json_answer(value: object, status: int = 200, version: int | None = None) -> HttpResponse:
    """A value as JSON, with the record's version as its entity tag."""
    return encoded(json_bytes(value), status, version)


def list_answer(request: HttpRequest, value: object) -> HttpResponse:
    """A list, with a digest as its entity tag; 304 to whoever has it already.

    It is read all the same: the tag saves what travels.
    """
    body = json_bytes(value)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if tag in (told.strip().removeprefix("W/") for told in _none_match(request).split(",")):
        answer = HttpResponse(status=304)
    else:
        answer = encoded(body)
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer


def encoded(body: bytes, status: int = 200, version: int | None = None) -> HttpResponse:
    """An answer of JSON, with the record's version as its entity tag."""
    answer = HttpResponse(body, status=status, content_type="application/json")
    answer["Cache-Control"] = "no-store" if version is None else "no-cache"
    if version is not None:
        answer["ETag"] = f'"{version}"'
    return answer


def wanted_version(request: HttpRequest) -> int | None:
    """The version that If-Match asks for; None for none or any; BadParameter."""
    told = request.headers.get("If-Match", "").strip()
    if told in ("", "*"):
        return None
    found = _TAG.fullmatch(told)
    if found is None:
        raise BadParameter(parameter="If-Match", expected='one entity tag, like "17"')
    return int(found[1])


def is_unchanged(request: HttpRequest, version: int) -> bool:
    """Whether the reader has this version already (If-None-Match)."""
    told = _none_match(request)
    return any(
        found is not None and int(found[1]) == version
        for found in (_TAG.fullmatch(tag.strip()) for tag in told.split(","))
    )


def _none_match(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "")


def refused(request: HttpRequest, error: SamsynError) -> HttpResponse:
    """A problem document with words."""
    error.facts.setdefault("detail", problem_words(error.code, error.facts))
    return problem_response(error)


def bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters of the address that are not of their type."""
    first = error.errors[0]
    name = str(first["loc"][-1])
    return refused(request, BadParameter(parameter=name, expected=str(first["msg"])[:200]))
