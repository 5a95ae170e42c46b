"""The tab *Connection*: the criteria, live, and the ways in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.agent import home
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.agent.service import UnsafeAddress
from samsyn.companydb import books
from samsyn.office import agents
from samsyn.office.access import here
from samsyn.office.connection import asking
from samsyn.office.connection.address import keep_address, service_address
from samsyn.office.connection.looking_up import employee_of, looked_up
from samsyn.office.connection.standing import Responsible, make_responsible, responsible
from samsyn.office.people.rights import Area
from samsyn.office.registers.opened import opened_for
from samsyn.office.synchronising.state import describe
from samsyn.webkit.fragments import page
from samsyn.webkit.registers.book import May


class AddressForm(forms.Form):
    """Where Samsyn Online is."""

    url = forms.CharField(
        label=gettext_lazy("Address of Samsyn Online"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "url"}),
    )


@require_GET
def connection(request: HttpRequest) -> HttpResponseBase:
    """How the company is connected; or what must be true before it is."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    known = books.connection(db)
    told: dict[str, Any] = {  # Any: whatever the template shows
        "alias": at.opened.alias,
        "company": at.opened,
        "superuser": at.rights.superuser,
        "may_address": at.rights.area(Area.ONLINE) >= May.FULL,
        "tab": "connection",
    }
    if known is None:
        looked = looked_up(request, at, reverse("online", args=[at.opened.alias]))
        told |= {
            "criteria": looked.shown,
            "unmet": looked.unmet,
            "form": AddressForm(initial={"url": service_address()}),
            "attempt": asking.current(at.opened, renews=False),
        }
        return page(request, "office_connection/unconnected.html", told, block="criteria")
    told |= {
        "known": known,
        "by": responsible(db),
        "home": home.home_of(db),
        "state": describe(db, at.opened),
        "is_me": _is_me(request),
    }
    return page(request, "office_connection/connected.html", told, block="standing")


@require_POST
def address(request: HttpRequest) -> HttpResponseBase:
    """Another address of Samsyn Online."""
    at, form = here(request), AddressForm(request.POST)
    if form.is_valid():
        try:
            keep_address(form.cleaned_data["url"])
            messages.success(request, _("The address is kept."))
        except (UnsafeAddress, ValueError):
            messages.error(
                request, _("The address has to begin with https://, or be on this computer.")
            )
    return redirect("online", at.opened.alias)


@require_http_methods(["GET", "POST"])
def change_user(request: HttpRequest) -> HttpResponseBase:
    """The user of the page answers for the connection from now on."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    if books.connection(db) is None:
        return redirect("online", at.opened.alias)
    employee = employee_of(request, at)
    if request.method == "POST" and employee is not None and employee.email:
        make_responsible(db, Responsible(str(at.user), employee.email, now_text()))
        messages.success(request, _("You answer for the connection now."))
        return redirect("online", at.opened.alias)
    told = {
        "alias": at.opened.alias,
        "now": responsible(db),
        "employee": employee,
        "ready": employee is not None and bool(employee.email),
    }
    return render(request, "office_connection/change_user.html", told)


@require_POST
def moved(request: HttpRequest) -> HttpResponseBase:
    """A person says that the database lies here from now on, and is no copy."""
    at = here(request)
    home.move(opened_for(request, at.opened.url).db, this_computer())
    agents.look(at.opened.pk)
    messages.success(request, _("The database is synced where it lies now."))
    return redirect("online", at.opened.alias)


def _is_me(request: HttpRequest) -> bool:
    at = here(request)
    known = responsible(opened_for(request, at.opened.url).db)
    return known is not None and known.user == str(at.user)
