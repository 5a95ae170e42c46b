"""Answers to requests that no interface takes: problem documents below /api, pages for people."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.webkit import security_log
from samsyn.webkit.problems import PROBLEM_TYPE, document
from samsyn.webkit.security_log import Event


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request cannot be read at all."""
    return refusal(request, HTTPStatus.BAD_REQUEST, "BAD_REQUEST")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this address."""
    return refusal(request, HTTPStatus.NOT_FOUND, "NOT_FOUND")


def failed(request: HttpRequest) -> HttpResponse:
    """Our own fault; the log has the reason, the answer does not."""
    return refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR")


def refusal(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponse:
    """A refusal in the form that the address's readers expect."""
    if not request.path.startswith("/api/"):
        return _told(request, status)
    return HttpResponse(document(status, code), status=status, content_type=PROBLEM_TYPE)


def no_access(request: HttpRequest) -> HttpResponse:
    """A member asks for what his role does not allow."""
    security_log.told(Event.REFUSED, path=request.path)
    return _told(request, HTTPStatus.FORBIDDEN)


def busy(request: HttpRequest) -> HttpResponse:
    """Others do the same just now, and it is too much to do more of at once."""
    told = {
        "title": _("Others are just doing this"),
        "words": _("Wait a minute and try again."),
        "action": _("To the start page"),
        "sign": "clock",
    }
    return render(request, "webkit/refused.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)


def company_suspended(request: HttpRequest, why: str) -> HttpResponse:
    """A member asks for a company that the operator has suspended."""
    told = {
        "title": _("The company is suspended"),
        "words": why
        or _(
            "Whoever runs the service has suspended it for now. Nothing is lost, and the office"
            " goes on with its own work. Ask there what is to be done."
        ),
        "action": _("My companies"),
        "url": reverse("choose_company"),
        "sign": "lock",
    }
    return render(request, "webkit/refused.html", told, status=HTTPStatus.FORBIDDEN)


def needs_second_factor(request: HttpRequest, company: str = "") -> HttpResponse:
    """An operator, or a member of a company that demands it, has no second factor yet."""
    words = _(
        "%(company)s opens to a Samsyn ID with a second factor alone: an app for codes, or a passkey."
    )
    told = {
        "title": _("Add a second factor first"),
        "words": words % {"company": company}
        if company
        else _(
            "The operator's pages open to a Samsyn ID with a second factor alone: an app for codes,"
            " or a passkey."
        ),
        "action": _("Second factor"),
        "url": reverse("mfa_index"),
        "sign": "shield",
    }
    return render(request, "webkit/refused.html", told, status=HTTPStatus.FORBIDDEN)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark that we put into it, or from another site."""
    security_log.told(Event.FORGED_FORM, path=request.path, why=reason)
    told = {
        "title": _("The form could not be sent"),
        "words": _(
            "It came from another site, or the page had been open too long. Go back, load the page"
            " again and send it once more. Cookies must be allowed for this site."
        ),
        "action": _("To the start page"),
        "sign": "shield",
    }
    return render(request, "webkit/refused.html", told, status=HTTPStatus.FORBIDDEN)


def _told(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """A page in the reader's language; plain text where no session tells who reads."""
    if not hasattr(request, "user"):
        return HttpResponse(status.phrase, status=status, content_type="text/plain; charset=utf-8")
    match status:
        case HTTPStatus.NOT_FOUND:
            told = {
                "title": _("This page does not exist"),
                "words": _(
                    "The address may be wrong, what it showed may be gone, or you are not a member"
                    " of the company it belongs to."
                ),
                "sign": "search",
            }
        case HTTPStatus.FORBIDDEN:
            told = {
                "title": _("Your role does not allow this"),
                "words": _("A superuser of the company can give you the right."),
                "sign": "lock",
            }
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            told = {
                "title": _("Something went wrong here"),
                "words": _("Nothing of yours is lost. Try again; the fault has been noted."),
                "sign": "warning",
            }
        case _:
            told = {
                "title": _("The request could not be read"),
                "words": _("Go back and try again."),
                "sign": "warning",
            }
    told["action"] = _("To the start page")
    return render(request, "webkit/refused.html", told, status=status)
