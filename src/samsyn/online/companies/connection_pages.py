"""The office databases that are connected to a company. For superusers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import here
from samsyn.records import clock
from samsyn.records.connections import connections, revoke
from samsyn.records.tenant import writing


def revoke_connection(request: HttpRequest, connection: str) -> HttpResponseBase:
    """End a connection: its key opens nothing any more."""
    at = here(request)
    found = next((c for c in connections(at.tenant) if c.id == connection), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        with writing():
            revoke(at.tenant, connection, clock.now())
        messages.success(request, _("The connection is revoked."))
        return redirect("office_connections")
    told = {
        "title": _("Revoke the connection of %(computer)s?") % {"computer": found.computer},
        "words": [
            _(
                "The database there is no longer kept the same as the copy here. Nothing is deleted."
            ),
            _("It is connected again by a new code and `samsyn update-connection`."),
        ],
        "action": _("Revoke"),
        "danger": True,
        "cancel_url": reverse("office_connections"),
    }
    return render(request, "webkit/confirm.html", told)
