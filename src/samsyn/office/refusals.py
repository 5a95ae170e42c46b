"""Answers to requests that no page takes, in the reader's language."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from samsyn.webkit import security_log
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


def no_access(request: HttpRequest) -> HttpResponse:
    """A user asks for what his access does not allow."""
    security_log.told(Event.REFUSED, path=request.path)
    return refusal(request, HTTPStatus.FORBIDDEN, "NOT_ALLOWED")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark that we put into it, or from another site."""
    security_log.told(Event.FORGED_FORM, path=request.path, why=reason)
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("The form could not be sent"),
        _(
            "It came from another site, or the page had been open too long. Go back, load the page"
            " again and send it once more. Cookies must be allowed for this site."
        ),
        "shield",
    )


def refusal(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponse:
    """The page that tells it; plain text where no session tells who reads."""
    if not hasattr(request, "user"):
        return HttpResponse(status.phrase, status=status, content_type="text/plain; charset=utf-8")
    match status:
        case HTTPStatus.NOT_FOUND:
            words = _("The address may be wrong, or what it showed may be gone.")
            return _page(request, status, _("This page does not exist"), words, "search")
        case HTTPStatus.FORBIDDEN:
            words = _("A superuser can give you the right.")
            return _page(request, status, _("Your access does not allow this"), words, "lock")
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            words = _("Nothing of yours is lost. Try again; the fault has been noted.")
            return _page(request, status, _("Something went wrong here"), words, "warning")
    words = _("Go back and try again.")
    return _page(request, status, _("The request could not be read"), words, "warning")


def _page(
    request: HttpRequest, status: HTTPStatus, title: str, words: str, sign: str
) -> HttpResponse:
    told = {"title": title, "words": words, "sign": sign, "action": _("To the start page")}
    return render(request, "webkit/refused.html", told, status=status)
