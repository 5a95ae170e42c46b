"""The guide, for everybody: what a program needs to know before its first request and after."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from samsyn.core.errors import SamsynError
from samsyn.online.addresses import absolute
from samsyn.online.api.words import PROBLEMS
from samsyn.online.companies.scopes import OTHERS, RECORDS
from samsyn.online.webhooks.events import CHOSEN
from samsyn.records.problems import status_of


@require_safe
def guide(request: HttpRequest) -> HttpResponseBase:
    """The page."""
    told = {
        "service_url": absolute("/", request).rstrip("/"),
        "errors": sorted(set(_errors())),
        "scopes": (*RECORDS, *OTHERS),
        "events": CHOSEN,
    }
    return render(request, "developers/guide.html", told)


def _errors() -> Iterator[tuple[int, str, str]]:
    """Status, code and words of each refusal that the API knows words for; its endpoints have been imported."""
    for kind in _kinds(SamsynError):
        if kind.code in PROBLEMS:
            yield status_of(kind()), kind.code, PROBLEMS[kind.code]


def _kinds(kind: type[SamsynError]) -> Iterator[type[SamsynError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
