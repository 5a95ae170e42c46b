"""The operator's pages about people: who has a Samsyn ID, and help for those who cannot get in. No password is ever shown."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.online.access import person
from samsyn.online.companies.models import Member, Person
from samsyn.online.operating import acts
from samsyn.online.operating.acts import What
from samsyn.online.operating.models import Act, Operator

AT_ONCE = 50


def people(request: HttpRequest) -> HttpResponseBase:
    """People whose address or name has the words; none before something is searched for."""
    words = request.GET.get("q", "").strip()[:200]
    found = Person.objects.filter(email__icontains=words) | Person.objects.filter(
        name__icontains=words
    )
    listed = found.order_by("email").annotate(companies=Count("member"))[: AT_ONCE + 1]
    told = {
        "people": list(listed)[:AT_ONCE] if words else [],
        "words": words,
        "more": bool(words) and len(listed) > AT_ONCE,
    }
    return render(request, "operating/people.html", told)


def someone(request: HttpRequest, who: str) -> HttpResponseBase:
    """One person: companies with roles, second factor, sessions; and what may be done to help."""
    found = get_object_or_404(Person, pk=who)
    told: dict[str, Any] = {  # Any: whatever the template shows
        "someone": found,
        "confirmed": EmailAddress.objects.filter(user=found, verified=True).exists(),
        "factors": sorted(
            {_factor_words(a.type) for a in Authenticator.objects.filter(user=found)}
        ),
        "sessions": UserSession.objects.filter(user=found).count(),
        "members": Member.objects.filter(person=found)
        .select_related("company")
        .order_by("company__name"),
        "operator": Operator.objects.filter(person=found).exists(),
        "acts": acts.told(Act.objects.filter(about="", name=found.email).order_by("-pk")[:20]),
    }
    return render(request, "operating/person.html", told)


@require_POST
def unlock(request: HttpRequest, who: str) -> HttpResponseBase:
    """Forget the wrong attempts that were counted for the person's address."""
    found = get_object_or_404(Person, pk=who)
    for action in ("login_failed", "reset_password", "confirm_email"):
        ratelimit.clear(request, action=action, key=found.email)
    acts.note(What.UNLOCKED, person(request).email, timezone.now(), person=found.email)
    messages.success(request, _("The person may try again at once."))
    return redirect("operator_person", who)


@require_POST
def sign_out(request: HttpRequest, who: str) -> HttpResponseBase:
    """End every session of the person."""
    found = get_object_or_404(Person, pk=who)
    for session in UserSession.objects.filter(user=found):
        session.end()
    acts.note(What.SIGNED_OUT, person(request).email, timezone.now(), person=found.email)
    messages.success(request, _("Every session of the person has ended."))
    return redirect("operator_person", who)


@require_POST
def close(request: HttpRequest, who: str) -> HttpResponseBase:
    """Close or open a Samsyn ID: a closed one signs in nowhere. Nobody closes himself out."""
    found, by = get_object_or_404(Person, pk=who), person(request)
    if found.pk == by.pk:
        messages.error(request, _("You cannot close your own Samsyn ID here."))
        return redirect("operator_person", who)
    opened = not found.is_active
    with transaction.atomic():
        Person.objects.filter(pk=who).update(is_active=opened)
        what = What.OPENED if opened else What.CLOSED
        acts.note(what, by.email, timezone.now(), person=found.email)
    if not opened:
        for session in UserSession.objects.filter(user=found):
            session.end()
    messages.success(
        request, _("The Samsyn ID is open again.") if opened else _("The Samsyn ID is closed.")
    )
    return redirect("operator_person", who)


def _factor_words(kind: str) -> str:
    return {
        Authenticator.Type.TOTP: _("app with codes"),
        Authenticator.Type.WEBAUTHN: _("passkey"),
        Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
    }.get(Authenticator.Type(kind), kind)
