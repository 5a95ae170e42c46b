"""A first second factor ends the person's other sessions: they were signed in without one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from samsyn.online.companies.demanding import FACTORS
from samsyn.online.companies.models import Person
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event


def end_others(request: HttpRequest, person: Person) -> int:
    """End all sessions of the person but the one that asks; how many."""
    others = [s for s in UserSession.objects.filter(user=person) if not s.is_current()]
    end_sessions(request, others)
    if others:
        security_log.told(Event.SESSIONS_ENDED, person=person.pk)
    return len(others)


def added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: object) -> None:
    """A receiver of `authenticator_added`: whoever knew the password alone is out."""
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    if authenticator.type in FACTORS and factors.count() == 1:
        end_others(request, user)
