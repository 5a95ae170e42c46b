"""The pages of API tokens: a member's own, and for a superuser everybody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here
from samsyn.online.companies.models import ApiToken, Member
from samsyn.online.companies.scopes import EVERYTHING, Scopes
from samsyn.online.companies.token_forms import LEVELS, TROUBLE, NewTokenForm
from samsyn.online.companies.tokens import Wanted, issue, revoke
from samsyn.online.errors import BadExpiry, BadName, TooManyTokens
from samsyn.online.registers.labels import labels
from samsyn.webkit.registers.book import May

SHOWN_ENDED = dt.timedelta(days=30)
"""For how long a token is listed after its end."""


def tokens(request: HttpRequest) -> HttpResponseBase:
    """Tokens that live, and those that ended of late."""
    at, now = here(request), timezone.now()
    rows = _of(at).select_related("person").order_by("-created")
    lately = now - SHOWN_ENDED
    kept = rows.exclude(Q(revoked__lt=lately) | Q(expires__lt=lately))
    known = labels(at.tenant)
    return render(
        request,
        "companies/tokens.html",
        {"tokens": [_row(known, token, now) for token in kept], "own": at.person.pk},
    )


def new_token(request: HttpRequest) -> HttpResponseBase:
    """Make a token for oneself; it is told once."""
    at = here(request)
    form = NewTokenForm(_registers(at), at.superuser, request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = _issued(at, form)
        if token is not None:
            return render(request, "companies/token_made.html", {"token": token})
    return render(request, "companies/token.html", {"form": form})


def revoke_token(request: HttpRequest, token: str) -> HttpResponseBase:
    """End a token: it opens nothing any more."""
    at = here(request)
    found = _of(at).filter(prefix=token, revoked=None).select_related("person").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        revoke(at.company, token, at.person.email, timezone.now())
        messages.success(request, _("The token is revoked."))
        return redirect("tokens", at.company.pk)
    told = {
        "title": _("Revoke the token %(token)s?") % {"token": found.name or found.prefix},
        "words": [_("The program that uses it gets nothing from the company any more.")],
        "action": _("Revoke"),
        "danger": True,
        "cancel_url": reverse("tokens", args=[at.company.pk]),
    }
    return render(request, "webkit/confirm.html", told)


def _of(at: Here) -> Any:  # Any: Django's query sets
    rows = ApiToken.objects.filter(company=at.company)
    return rows if at.superuser else rows.filter(person=at.person)


def _issued(at: Here, form: NewTokenForm) -> str | None:
    now = timezone.now()
    member = Member.objects.get(company=at.company, person=at.person)
    name = form.cleaned_data["name"]
    wanted = Wanted(form.scopes, name, form.last_moment(now), at.person.email)
    try:
        return issue(member, wanted, now)
    except BadName:
        form.add_error("name", _("A name has letters or digits that can be read."))
    except BadExpiry:
        form.add_error("day", _("Choose a day that is to come, within ten years."))
    except TooManyTokens as error:
        words = _("You have %(limit)s tokens, which is the most. Revoke those that nobody uses.")
        form.add_error(None, words % error.facts)
    return None


def _registers(at: Here) -> list[tuple[str, str, May]]:
    told = [(name, label, at.rights.level(name)) for name, label in labels(at.tenant).items()]
    return [one for one in told if one[2] >= May.READ]


def _row(
    known: dict[str, str], token: ApiToken, now: dt.datetime
) -> dict[str, Any]:  # Any: whatever the template shows
    return {
        "prefix": token.prefix,
        "name": token.name,
        "person": token.person,
        "own": token.person_id,
        "may": scope_words(token.scopes, known),
        "created": token.created,
        "by": token.created_by,
        "expires": token.expires,
        "lapsed": token.expires is not None and token.expires <= now,
        "last_used": token.last_used,
        "revoked": token.revoked,
        "revoked_by": token.revoked_by,
    }


def scope_words(names: list[str], known: dict[str, str]) -> list[str]:
    """What the scopes come to, a line each."""
    if set(names) >= set(EVERYTHING):
        return [_("Everything that the person may")]
    levels, trouble = {k: str(v) for k, v in LEVELS if k}, {k: str(v) for k, v in TROUBLE if k}
    words = [
        f"{_('All registers')}: {_small(levels[word])}"
        for word in ("delete", "write", "read")
        if word in names
    ][:1]
    words += [
        f"{known.get(name, name)}: {_small(levels[word])}"
        for word, _colon, name in (one.partition(":") for one in names)
        if word in levels and name
    ]
    given = Scopes(frozenset(names))
    for area, label in (("conflicts", _("Conflicts")), ("quarantine", _("Quarantine"))):
        deed = next((d for d in ("mend", "read") if given.allows(f"{area}:{d}")), None)
        words += [f"{label}: {_small(trouble[deed])}"] if deed else []
    words += [_("Take back online work")] if given.allows("undo") else []
    words += [_("Manage webhooks")] if given.allows("webhooks") else []
    return words


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
