"""The page about a company database that cannot be used now: what is wrong, and what to do."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from samsyn.core.errors import SamsynError
from samsyn.office.access import here_or_none
from samsyn.office.people.rights import Area
from samsyn.webkit.registers.book import May

LOST = frozenset({"DATABASE_UNAVAILABLE", "DATABASE_DAMAGED"})
"""A backup may be the way out."""


def database_trouble(request: HttpRequest, error: SamsynError) -> HttpResponseBase | None:
    """The page; None where the error is not about a company database."""
    words = trouble_words(error)
    if words is None:
        return None
    title = _("The company's database cannot be used now")
    told = {
        "title": title,
        "words": words,
        "action": _("Try again"),
        "url": _again(request),
        "sign": "warning",
        "other_url": _backups(request) if error.code in LOST else "",
        "other": _("Backups"),
    }
    return render(request, "webkit/refused.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)


def trouble_words(error: SamsynError) -> str | None:
    """What is wrong with a company database, and what to do; None for any other error."""
    match error.code:
        case "DATABASE_UNAVAILABLE":
            return _("It cannot be opened: %(reason)s") % {"reason": error.facts.get("reason", "")}
        case "DATABASE_BUSY":
            return _(
                "Another program is writing to it and lets nobody else in. Nothing has been saved. Wait a moment,"
                " then try again. Where it goes on: end that program, or its long job."
            )
        case "DATABASE_AWAY":
            return _("It does not answer any more: %(reason)s") % {
                "reason": error.facts.get("reason", "")
            }
        case "DATABASE_DAMAGED":
            return _(
                "Its file is damaged: %(reason)s. A backup can be put back; the damaged file is kept."
            ) % {"reason": error.facts.get("reason", "")}
        case "DATABASE_FULL":
            return _("The disk that it lies on is full. Make room, then try again.")
        case "NOT_ATTACHED":
            return _(
                "Samsyn's own tables are gone from it: somebody has detached it. A superuser attaches"
                " it again under Company details."
            )
        case "SERVER_TOO_OLD":
            return _("PostgreSQL 13 or newer is needed.")
        case "PRIVILEGE_MISSING":
            return _(
                "The database user lacks a right that Samsyn needs. Who looks after the database"
                " has to grant it."
            )
    return None


def _again(request: HttpRequest) -> str:
    """Where trying again begins: the page itself, or the one with the form that was sent; empty for the start."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    return came_from if ours else ""


def _backups(request: HttpRequest) -> str:
    """The company's backups, for who may put one back; empty for anybody else."""
    at = here_or_none(request)
    if at is None or at.company is None or at.rights.area(Area.BACKUP) < May.FULL:
        return ""
    return reverse("backups", args=[at.company.alias])
