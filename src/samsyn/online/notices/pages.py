"""The pages of what a member is told about his own work, and of how he wants to be told."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from samsyn.online.access import here
from samsyn.online.notices import inbox, settings
from samsyn.online.notices.fates import beyond_words
from samsyn.online.notices.settings import Way
from samsyn.online.notices.telling import told
from samsyn.online.registers.book import book
from samsyn.records import clock
from samsyn.records.tenant import snapshot, writing
from samsyn.webkit.preferences import back_to
from samsyn.webkit.shell import Inbox

ROWS = 30


class HowToTell(forms.Form):
    """The choice between the list and letters."""

    way = forms.ChoiceField(
        label=gettext_lazy("How do you want to be told?"),
        widget=forms.RadioSelect,
        choices=[
            (Way.LIST.value, gettext_lazy("In the list only")),
            (Way.AT_ONCE.value, gettext_lazy("By e-mail at once; much at the same time becomes one letter")),
            (Way.DAILY.value, gettext_lazy("By e-mail once a day, in the morning")),
        ],
    )  # fmt: skip


@require_GET
def notices(request: HttpRequest) -> HttpResponseBase:
    """The news, the newest first."""
    at, registers = here(request), book(request)
    unread = request.GET.get("show") == "unread"
    before = request.GET.get("before", "")
    with snapshot():
        found = inbox.listed(
            at.tenant, at.person.pk, ROWS + 1, before if before.isalnum() else "", unread=unread
        )
    shown = told(at.tenant, registers, found[:ROWS], at.person.email)
    return render(
        request,
        "notices/inbox.html",
        {
            "notices": [(one, beyond_words(one.notice)) for one in shown],
            "any_unread": any(not one.read for one in found),
            "unread": unread,
            "next": found[ROWS - 1].id if len(found) > ROWS else None,
            "company": at.company.pk,
        },
    )


@require_POST
def mark(request: HttpRequest) -> HttpResponseBase:
    """One is read, or all are."""
    at = here(request)
    one = request.POST.get("notice", "")
    with writing():
        inbox.mark_read(
            at.tenant, at.person.pk, clock.now(), [one] if one and one.isalnum() else None
        )
    return redirect(back_to(request, reverse("notices", args=[at.company.pk])))


def how(request: HttpRequest) -> HttpResponseBase:
    """How the member wants to be told in this company."""
    at = here(request)
    now = settings.setting(at.tenant, at.person.pk)
    form = HowToTell(request.POST or None, initial={"way": now.way.value})
    if request.method == "POST" and form.is_valid():
        language = translation.get_language() or "en"
        with writing():
            way = Way(form.cleaned_data["way"])
            settings.choose(at.tenant, at.person.pk, way, language)
        messages.success(request, _("Saved."))
        return redirect("notices", at.company.pk)
    return render(request, "notices/how.html", {"form": form, "email": at.person.email})


@require_GET
def unread(request: HttpRequest) -> HttpResponseBase:
    """The mark in the header, for pages that stand open."""
    return render(request, "webkit/inbox.html", {"inbox": mark_of(request)})


def mark_of(request: HttpRequest) -> Inbox:
    """The mark in the header: how many unread news the member has."""
    at = here(request)
    address = [at.company.pk]
    number = inbox.count_unread(at.tenant, at.person.pk)
    return Inbox(reverse("notices", args=address), reverse("unread_notices", args=address), number)
