"""Answers of the API: JSON, entity tags, and problem documents in words."""

from __future__ import annotations

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


def json_answer(value: object, status: int = 200, version: int | None = None) -> HttpResponse:
    """A value as JSON, with the record's version as its entity tag."""
    answer = HttpResponse(_encoder.encode(value), status=status, content_type="application/json")
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
    told = request.headers.get("If-None-Match", "")
    return any(
        found is not None and int(found[1]) == version
        for found in (_TAG.fullmatch(tag.strip()) for tag in told.split(","))
    )


def refused(request: HttpRequest, error: SamsynError) -> HttpResponse:
    """A problem document with words."""
    error.facts.setdefault("detail", problem_words(error.code, error.facts))
    return problem_response(error)


def bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters of the address that are not of their type."""
    first = error.errors[0]
    name = str(first["loc"][-1])
    return refused(request, BadParameter(parameter=name, expected=str(first["msg"])[:200]))
