"""The office databases that are connected to a company. For superusers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import here
from samsyn.online.addresses import absolute
from samsyn.records import clock, pairing
from samsyn.records.connections import connections, revoke
from samsyn.records.tenant import writing
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event


def make_code(request: HttpRequest) -> HttpResponseBase:
    """A one-time code with which a database at the office is connected; told once."""
    at = here(request)
    if request.method != "POST":
        told = {
            "title": _("Make a code for the office?"),
            "words": [
                _(
                    "Whoever has the code connects a database to the company, within 15 minutes and"
                    " once. All that the company has online goes to that database, and what is in it"
                    " comes here."
                )
            ],
            "action": _("Make a code"),
            "cancel_url": reverse("office", args=[at.company.pk]),
        }
        return render(request, "webkit/confirm.html", told)
    code = pairing.make_code(at.tenant, at.company.name, clock.now_s())
    security_log.told(Event.OFFICE_APPROVED, company=at.company.pk, how="code")
    told = {"code": code, "service_url": absolute("/", request).rstrip("/")}
    return render(request, "companies/code.html", told)


def revoke_connection(request: HttpRequest, connection: str) -> HttpResponseBase:
    """End a connection: its key opens nothing any more."""
    at = here(request)
    found = next((c for c in connections(at.tenant) if c.id == connection), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        with writing():
            revoke(at.tenant, connection, clock.now())
        security_log.told(Event.CONNECTION_ENDED, company=at.company.pk, connection=connection)
        messages.success(request, _("The connection is revoked."))
        return redirect("office_connections")
    told = {
        "title": _("Revoke the connection of %(computer)s?") % {"computer": found.computer},
        "words": [
            _(
                "The database there is no longer kept the same as the copy here. Nothing is deleted."
            ),
            _("The office connects again by Update connection, and nothing is loaded anew."),
        ],
        "action": _("Revoke"),
        "danger": True,
        "cancel_url": reverse("office_connections"),
    }
    return render(request, "webkit/confirm.html", told)
