"""The operator's pages about companies: how they stand, never what is in their registers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.online.access import person
from samsyn.online.companies.models import Company
from samsyn.online.operating import acts, care, chores
from samsyn.online.operating.acts import What
from samsyn.online.operating.data_pages import exported
from samsyn.online.operating.forms import End, Keep, Rename, Suspend
from samsyn.online.operating.models import Act
from samsyn.online.operating.overview import page_of, standing_of
from samsyn.records import clock
from samsyn.records.connections import connections, revoke
from samsyn.records.tenant import Tenant, writing

MAX_PAGES = 10_000


def companies(request: HttpRequest) -> HttpResponseBase:
    """The companies of the service, searched by name, id or a member's address."""
    words, number = request.GET.get("q", "")[:200], _number(request.GET.get("page", ""))
    found, more = page_of(words, number, timezone.now())
    told = {"companies": found, "words": words, "page": number, "next": number + 1 if more else 0}
    return render(request, "operating/companies.html", told)


def company(request: HttpRequest, of: str) -> HttpResponseBase:
    """One company: members' number, office, connections, what it takes, what is to become of it."""
    found = get_object_or_404(Company, pk=of)
    told = {
        "company": found,
        "standing": standing_of(found, care.care_of(of), timezone.now()),
        "connections": connections(Tenant(of)),
        "acts": acts.told(Act.objects.filter(about=of).order_by("-pk")[:20]),
    }
    return render(request, "operating/company.html", told)


def suspend(request: HttpRequest, of: str) -> HttpResponseBase:
    """Turn the company's office, programs and members away."""
    found = get_object_or_404(Company, pk=of)
    form = Suspend(request.POST or None)
    if request.method == "POST" and form.is_valid():
        care.suspend(found, form.cleaned_data["why"], _by(request), timezone.now())
        messages.success(request, _("The company is suspended."))
        return redirect("operator_company", of)
    return _asked(
        request, found, form, _("Suspend %(company)s?"), _("Suspend"),
        _("Its office, other programs and its members are turned away until it is resumed. Nothing is lost."),
    )  # fmt: skip


@require_POST
def resume(request: HttpRequest, of: str) -> HttpResponseBase:
    """Let everybody in again."""
    care.resume(get_object_or_404(Company, pk=of), _by(request), timezone.now())
    messages.success(request, _("The company is let in again. Its office goes on by itself."))
    return redirect("operator_company", of)


def rename(request: HttpRequest, of: str) -> HttpResponseBase:
    """Another name."""
    found = get_object_or_404(Company, pk=of)
    form = Rename(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        care.rename(found, form.cleaned_data["name"], _by(request), timezone.now())
        messages.success(request, _("The company has another name."))
        return redirect("operator_company", of)
    return _asked(request, found, form, _("Rename %(company)s"), _("Save"), danger=False)


def keep(request: HttpRequest, of: str) -> HttpResponseBase:
    """How long its changes are kept."""
    found = get_object_or_404(Company, pk=of)
    form = Keep(request.POST or None, initial={"days": care.care_of(of).keep_days})
    if request.method == "POST" and form.is_valid():
        care.keep(found, form.cleaned_data["days"], _by(request), timezone.now())
        messages.success(request, _("The period is changed."))
        return redirect("operator_company", of)
    return _asked(
        request, found, form, _("How long changes of %(company)s are kept"), _("Save"),
        _("Older changes and conflicts are let go of once a day. What the office waits for stays."),
        danger=False,
    )  # fmt: skip


def end(request: HttpRequest, of: str) -> HttpResponseBase:
    """The company is deleted on a day."""
    found, now = get_object_or_404(Company, pk=of), timezone.now()
    initial = {"day": care.ordinary_end(now).date()}
    form = End(now.date(), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        care.decide_deletion(found, care.end_of_day(form.cleaned_data["day"]), _by(request), now)
        messages.success(request, _("The company will be deleted. A letter tells its superusers."))
        return redirect("operator_company", of)
    return _asked(
        request, found, form, _("Delete %(company)s?"), _("Delete on that day"),
        _("Everything of the company is deleted here at the end of that day, by itself. Its superusers get a letter now."),
        _("What the office has is not touched."),
    )  # fmt: skip


@require_POST
def stay(request: HttpRequest, of: str) -> HttpResponseBase:
    """The company stays."""
    care.cancel_deletion(get_object_or_404(Company, pk=of), _by(request), timezone.now())
    messages.success(request, _("The company stays."))
    return redirect("operator_company", of)


def end_connection(request: HttpRequest, of: str, connection: str) -> HttpResponseBase:
    """A connection's key opens nothing any more."""
    found = get_object_or_404(Company, pk=of)
    one = next((c for c in connections(Tenant(of)) if c.id == connection), None)
    if one is None:
        raise Http404
    if request.method == "POST":
        with writing():
            revoke(Tenant(of), one.id, clock.now())
            acts.note(What.CONNECTION_ENDED, _by(request), timezone.now(), found, detail=one.id)
        messages.success(request, _("The connection is revoked."))
        return redirect("operator_company", of)
    title = _("Revoke the connection of %(computer)s?") % {"computer": one.computer}
    told = {
        "title": title,
        "words": [
            _("The database there is no longer kept the same as the copy here. Nothing is deleted.")
        ],
        "action": _("Revoke"),
        "danger": True,
        "cancel_url": reverse("operator_company", args=[of]),
    }
    return render(request, "webkit/confirm.html", told)


@require_POST
def measure(request: HttpRequest, of: str) -> HttpResponseBase:
    """Count anew what the company takes."""
    chores.measure_one(get_object_or_404(Company, pk=of), timezone.now())
    return redirect("operator_company", of)


@require_POST
def export(request: HttpRequest, of: str, kind: str) -> HttpResponseBase:
    """The whole company as a file, to hand over to it."""
    return exported(request, get_object_or_404(Company, pk=of), kind)


def _asked(
    request: HttpRequest,
    company: Company,
    form: forms.Form,
    title: str,
    action: str,
    *words: str,
    danger: bool = True,
) -> HttpResponseBase:
    told = {
        "title": title % {"company": company.name},
        "words": words,
        "form": form,
        "action": action,
        "danger": danger,
        "cancel_url": reverse("operator_company", args=[company.pk]),
    }
    return render(request, "webkit/confirm.html", told)


def _by(request: HttpRequest) -> str:
    return person(request).email


def _number(told: str) -> int:
    return min(int(told), MAX_PAGES) if told.isascii() and told.isdigit() and len(told) < 6 else 0
