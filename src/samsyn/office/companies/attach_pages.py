"""The pages that attach a database which is there already: which one, the plan with its reasons, done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from samsyn.companydb import attach as attaching
from samsyn.companydb import books
from samsyn.companydb.attach import AttachPlan, References
from samsyn.companydb.attached import is_attached
from samsyn.companydb.leaving_out import FieldNeeded
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import CompanyUrl, SqliteUrl, parse
from samsyn.core.errors import SamsynError
from samsyn.office.access import here
from samsyn.office.companies.choosing import chosen, lines, needed_words
from samsyn.office.companies.files import Folder, look_in
from samsyn.office.companies.making import take_in
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.connection.registers_form import directions, left_aside
from samsyn.office.trouble import trouble_words
from samsyn.webkit.preferences import back_to

KEPT = "attaching"


class Which(forms.Form):
    """Which database, and what the company is called. The address may hold a password: it stays on this computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django's forms have it
        super().__init__(*args, **kwargs)
        name = gettext_lazy("Company name")
        self.fields["name"] = forms.CharField(label=name, max_length=120)
        self.fields["location"] = forms.CharField(
            label=gettext_lazy("File or address"),
            max_length=1000,
            help_text=gettext_lazy(
                "The path of an SQLite file on this computer, or postgresql://user:password@host/database."
            ),
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


class Asked(msgspec.Struct, frozen=True):
    """What the first page was told; kept in the session until the database is attached."""

    location: str
    name: str
    back: str = ""
    """Where the person came from; empty: on to the company's details."""
    alias: str = ""
    """Of a company that is here already; empty for one that comes."""


@require_http_methods(["GET", "POST"])
def which(request: HttpRequest) -> HttpResponseBase:
    """Which database."""
    form = Which(request.POST or None, initial=_picked(request))
    if request.method == "POST" and form.is_valid():
        asked = Asked(form.cleaned_data["location"].strip(), form.cleaned_data["name"].strip())
        try:
            attaching.plan(_url(asked))
        except SamsynError as error:
            form.add_error("location", why_not(error))
        else:
            request.session[KEPT] = msgspec.to_builtins(asked)
            return redirect("attach_plan")
    folder = _folder(request)
    told = {"form": form, "folder": folder}
    return render(request, "office_companies/which.html", told)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponseBase:
    """What would be synced, what not and why; choosing, and doing it."""
    asked = _asked(request)
    if asked is None:
        return redirect("attach_database")
    try:
        planned = attaching.plan(_url(asked), references=References.SUGGESTED)
        if request.method == "POST":
            return _attached(request, asked, planned)
    except SamsynError as error:
        messages.error(request, why_not(error))
        return redirect("attach_database")
    return _shown(request, asked, planned)


def _shown(
    request: HttpRequest,
    asked: Asked,
    planned: AttachPlan,
    posted: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    told = {
        "asked": asked,
        "place": planned.url.text,
        "lines": lines(planned, posted),
        "aside": left_aside(planned),
        "directions": directions(),
        "suggestions": [one.candidate for one in planned.suggestions],
        "empty": not planned.catalog.types,
        "again": bool(planned.wanted.kept),
        "connected": _is_connected(planned.url),
    }
    return render(request, "office_companies/plan.html", told)


def again(request: HttpRequest) -> HttpResponseBase:
    """The plan of a database that is here already, to choose anew, or to attach it where somebody has detached it."""
    company = here(request).opened
    asked = Asked(company.location, company.name, back_to(request, ""), company.alias)
    request.session[KEPT] = msgspec.to_builtins(asked)
    return redirect("attach_plan")


def why_not(error: SamsynError) -> str:
    """Why a database cannot be attached, and what to do."""
    match error.code:
        case "URL_UNREADABLE" | "ENGINE_UNKNOWN":
            return _("This names no SQLite file and no PostgreSQL database.")
        case "TABLE_UNKNOWN" | "FIELD_UNKNOWN" | "SCHEMA_MOVED":
            return _("Its tables have just changed. Look at the plan once more.")
        case "NAME_TAKEN":
            return _("It has tables whose names begin as Samsyn's own do, and they are not ours.")
    return (
        needed_words(error)
        or trouble_words(error)
        or _("It cannot be attached: %(code)s") % {"code": error.code}
    )


def _attached(request: HttpRequest, asked: Asked, planned: AttachPlan) -> HttpResponseBase:
    told = chosen(planned, request.POST)
    if not told.tables:
        messages.error(request, _("Choose at least one register."))
        return redirect("attach_plan")
    suggested = request.POST.get("references") == "suggested"
    try:
        wanted = attaching.plan(
            planned.url,
            tables=told.tables,
            exclude=told.exclude,
            references=References.SUGGESTED if suggested else References.DECLARED,
            directions=told.directions,
        )
    except FieldNeeded as error:
        messages.error(request, why_not(error))
        return _shown(request, asked, planned, request.POST)
    attaching.attach(wanted)
    made = take_in(asked.location, asked.name)
    del request.session[KEPT]
    said = _("The choice is saved.") if planned.wanted.kept else _("%(company)s is attached.")
    messages.success(request, said % {"company": made.name})
    return redirect(asked.back or reverse("company_details", args=[made.alias]))


def _is_connected(url: CompanyUrl) -> bool:
    """Whether what is chosen changes what is online now."""
    with opened(url, writing=False) as session:
        return is_attached(session) and books.connection(session) is not None


def _url(asked: Asked) -> CompanyUrl:
    return parse(asked.location)


def _asked(request: HttpRequest) -> Asked | None:
    try:
        return msgspec.convert(request.session.get(KEPT), Asked)
    except msgspec.ValidationError:
        return None


def _picked(request: HttpRequest) -> dict[str, str]:
    return {"location": request.GET.get("file", ""), "name": request.GET.get("name", "")}


def _folder(request: HttpRequest) -> Folder:
    known = (one.url for one in CompanyDatabase.objects.all())
    taken = {url.path for url in known if isinstance(url, SqliteUrl)}
    return look_in(request.GET.get("folder", ""), taken)
