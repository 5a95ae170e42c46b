"""An office's question: found by its code, shown with all that tells whether it is one's own, and answered."""

from __future__ import annotations

import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.online.access import person
from samsyn.online.companies.accounts import create_company
from samsyn.online.companies.models import Company, Person
from samsyn.online.connecting import coming_back
from samsyn.online.connecting.choosing import choices, may_make_another, renewed
from samsyn.online.connecting.forms import NEW, CodeForm, CompanyForm
from samsyn.online.connecting.letters import tell_superusers
from samsyn.online.refusals import needs_second_factor
from samsyn.records import approval, clock
from samsyn.records.approval import Question
from samsyn.records.errors import BadApprovalCode, TooManyAttempts
from samsyn.records.tenant import Tenant, writing
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event


def find(request: HttpRequest) -> HttpResponseBase:
    """Type the code, or compare the one that a link brought along; nothing is approved here."""
    brought = request.GET.get("code", "")[:20]
    if not request.user.is_authenticated:
        told = {"next": coming_back.address(brought)}
        first = render(request, "connecting/first.html", told)
        coming_back.keep(first, brought)
        return first
    form = CodeForm(request.POST or None, initial={"code": brought})
    if request.method == "POST" and form.is_valid():
        try:
            found = approval.question(form.cleaned_data["code"], person(request).pk, clock.now_s())
            return redirect("connect_answer", found.code)
        except BadApprovalCode:
            form.add_error("code", _unknown())
        except TooManyAttempts:
            form.add_error("code", _("Too many wrong codes. Wait a minute and try again."))
    typed = render(request, "connecting/find.html", {"form": form, "brought": bool(brought)})
    coming_back.forget(typed)
    return typed


def answer(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who asks, and for which company yes is said; or no."""
    someone = person(request)
    try:
        asked = approval.question(code, someone.pk, clock.now_s())
        if request.method == "POST" and "no" in request.POST:
            approval.refuse(asked, clock.now_s())
            return render(request, "connecting/done.html", {"refused": True, "asked": asked})
        if asked.ask.connection:
            return _renewal(request, someone, asked)
        return _connection(request, someone, asked)
    except BadApprovalCode:
        return _refused(request, _("This question is not open any more"), _unknown())
    except TooManyAttempts:
        words = _("Too many wrong codes. Wait a minute and try again.")
        return _refused(request, _("Wait a little"), words)


def _connection(request: HttpRequest, someone: Person, asked: Question) -> HttpResponseBase:
    listed, may_make = choices(someone), may_make_another(someone)
    form = CompanyForm(listed, asked.ask.company_name, may_make, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _approved(request, someone, asked, _chosen(form, someone), form)
    taken = [choice for choice in listed if choice.connected and not choice.closed]
    closed = [choice for choice in listed if choice.closed]
    told = {
        "form": form,
        "taken": taken,
        "closed": closed,
        "possible": bool(form.listed) or may_make,
    }
    return render(request, "connecting/answer.html", _shown(request, asked) | told)


def _renewal(request: HttpRequest, someone: Person, asked: Question) -> HttpResponseBase:
    choice = renewed(someone, asked.ask)
    if choice is None:
        title = _("You cannot renew this connection")
        words = _(
            "It belongs to a company of which you are not a superuser. Let one of its superusers"
            " open the link, or sign in with the Samsyn ID that is one."
        )
        return _refused(request, title, words)
    if choice.closed:
        return needs_second_factor(request, choice.company.name)
    if request.method == "POST":
        return _approved(request, someone, asked, choice.company)
    told = {"renewed": choice, "possible": True}
    return render(request, "connecting/answer.html", _shown(request, asked) | told)


def _chosen(form: CompanyForm, someone: Person) -> Company | str:
    """A company that is there, or the name of a new one."""
    chosen = form.cleaned_data["company"]
    if chosen == NEW:
        return str(form.cleaned_data["name"])
    return next(c.company for c in form.listed if c.company.pk == chosen)


def _approved(
    request: HttpRequest,
    someone: Person,
    asked: Question,
    company: Company | str,
    form: CompanyForm | None = None,
) -> HttpResponseBase:
    """A new company is made for an approval that counts, and for no other."""
    with writing():
        if isinstance(company, str):
            company = create_company(company, someone.email, timezone.now())
        approval.approve(asked, Tenant(company.pk), company.name, someone.email, clock.now_s())
        tell_superusers(request, company, someone, asked)
    facts = {"company": company.pk, "computer": asked.ask.computer, "asked_from": asked.address}
    security_log.told(Event.OFFICE_APPROVED, **facts)
    return render(request, "connecting/done.html", {"company": company, "asked": asked})


def _shown(request: HttpRequest, asked: Question) -> dict[str, object]:
    minutes = max(1, (asked.expires_s - clock.now_s()) // 60)
    left = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return {
        "asked": asked,
        "asked_at": datetime.datetime.fromisoformat(asked.asked_at),
        "left": left,
        "elsewhere": asked.address != request.META.get("REMOTE_ADDR", ""),
        "own_address": request.META.get("REMOTE_ADDR", ""),
    }


def _unknown() -> str:
    return _(
        "No office asks with this code. It may be mistyped, answered already or older than half an"
        " hour. Have the office show a new one."
    )


def _refused(request: HttpRequest, title: str, words: str) -> HttpResponseBase:
    told = {
        "title": title,
        "words": words,
        "sign": "link",
        "action": _("Type another code"),
        "url": reverse("connect"),
    }
    return render(request, "webkit/refused.html", told, status=410)
