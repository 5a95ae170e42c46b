"""Who is signed in: each session with its user, its company database and when it was last seen."""

from __future__ import annotations

import datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.models import SignedIn, User

SHOWN = datetime.timedelta(minutes=30)
"""Who has been silent for longer has left, whatever the browser keeps."""
NOTED = "presence"


def note_presence(request: HttpRequest, company: CompanyDatabase | None) -> None:
    """Note that the user is here, at most once a minute unless the company is another."""
    session, now = request.session, timezone.now()
    user_id = str(request.user.pk)
    alias = company.alias if company else str(session.get("company", ""))
    told = [alias, int(now.timestamp() // 60)]
    if session.get(NOTED) == told or session.session_key is None:
        return
    session[NOTED] = told
    if company is not None and session.get("company") != company.alias:
        session["company"] = company.alias
        User.objects.filter(pk=user_id).update(last_company=company.alias)
    SignedIn.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user_id": user_id, "company": alias, "last_seen": now},
        create_defaults={
            "user_id": user_id,
            "company": alias,
            "last_seen": now,
            "since": now,
            "address": request.META.get("REMOTE_ADDR", "")[:45],
            "browser": request.headers.get("User-Agent", "")[:200],
        },
    )


def present(now: datetime.datetime) -> list[SignedIn]:
    """The sessions of the last half hour, the latest first; what has ended goes."""
    SignedIn.objects.filter(last_seen__lt=now - SHOWN * 48).delete()
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    found = SignedIn.objects.select_related("user").filter(session_key__in=living)
    return list(found.filter(last_seen__gte=now - SHOWN).order_by("-last_seen"))


def end_sessions(user: User, but_not: str | None = None) -> None:
    """End every session of a user, perhaps but for one."""
    found = SignedIn.objects.filter(user=user).exclude(session_key=but_not or "")
    keys = list(found.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    found.delete()
