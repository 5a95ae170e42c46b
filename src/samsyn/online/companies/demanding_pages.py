"""The page on which a superuser demands a second factor of every member, or leaves it to each."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here
from samsyn.online.addresses import absolute
from samsyn.online.companies import demanding
from samsyn.online.companies.demanding import Without
from samsyn.online.errors import SecondFactorNeeded


def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Who has none, what demanding one means, and the button; refused to who has none himself."""
    at = here(request)
    without = demanding.without(at.company, timezone.now())
    if request.method == "POST":
        if "free" in request.POST:
            demanding.leave_free(at.company)
            messages.success(request, _("Each member chooses again."))
            return redirect("members", at.company.pk)
        if _demanded(request, at, without):
            messages.success(request, _("From now on every member needs a second factor."))
            return redirect("members", at.company.pk)
    told = {"without": without, "ready": demanding.has_one(at.person)}
    return render(request, "companies/second_factor.html", told)


def _demanded(request: HttpRequest, at: Here, without: Sequence[Without]) -> bool:
    try:
        with transaction.atomic():
            demanding.demand(at.company, at.person)
            for one in without:
                _write(request, at, one)
    except SecondFactorNeeded:
        return False
    return True


def _write(request: HttpRequest, at: Here, one: Without) -> None:
    """A letter to who is closed out now, unless it is an address at which nobody signs in."""
    if not one.person.has_password:
        return
    language = one.person.language or translation.get_language() or "en"
    url = absolute(reverse("mfa_index"), request)
    with translation.override(language):
        told = {"company": at.company.name, "by": str(at.person), "url": url, "tokens": one.tokens}
        subject = render_to_string("companies/email/second_factor_subject.txt", told)
        text = render_to_string("companies/email/second_factor_message.txt", told)
    EmailMessage(" ".join(subject.split()), text, to=[one.person.email]).send()
