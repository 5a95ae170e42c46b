"""The page about a company database that cannot be used now: what is wrong, and what to do."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from samsyn.core.errors import SamsynError


def database_trouble(request: HttpRequest, error: SamsynError) -> HttpResponseBase | None:
    """The page; None where the error is not about a company database."""
    words = trouble_words(error)
    if words is None:
        return None
    title = _("The company's database cannot be used now")
    told = {"title": title, "words": words, "action": _("To the start page"), "sign": "warning"}
    return render(request, "webkit/refused.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)


def trouble_words(error: SamsynError) -> str | None:
    """What is wrong with a company database, and what to do; None for any other error."""
    match error.code:
        case "DATABASE_UNAVAILABLE":
            return _("It cannot be opened: %(reason)s") % {"reason": error.facts.get("reason", "")}
        case "DATABASE_BUSY":
            return _(
                "Another program holds it. Wait a moment and try again; nothing has been saved."
            )
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
