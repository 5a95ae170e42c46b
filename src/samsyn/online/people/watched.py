"""What happens to Samsyn IDs is told to the log of security events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal

from samsyn.online.companies.models import Person
from samsyn.webkit.security_log import Event, told

# Any, throughout: what signals carry.
Hears = Callable[..., None]


def watch() -> None:
    """Listen from now on."""
    heard: dict[Signal, Hears] = {
        user_logged_in: _signed_in,
        user_login_failed: _failed,
        user_logged_out: _person(Event.SIGNED_OUT),
        account.user_signed_up: _person(Event.SIGNED_UP),
        account.password_set: _person(Event.PASSWORD_CHANGED),
        account.password_changed: _person(Event.PASSWORD_CHANGED),
        account.password_reset: _person(Event.PASSWORD_CHANGED, how="link"),
        account.email_changed: _person(Event.ADDRESS_CHANGED),
        factor.authenticator_added: _factor(Event.SECOND_FACTOR_ADDED),
        factor.authenticator_removed: _factor(Event.SECOND_FACTOR_REMOVED),
        factor.authenticator_reset: _factor(Event.RECOVERY_CODES_MADE),
        factor.authentication_failed: _factor(Event.SECOND_FACTOR_FAILED),
    }
    for signal, hears in heard.items():
        signal.connect(hears, dispatch_uid="samsyn.security", weak=False)


def _signed_in(request: Any, user: Any, **_: object) -> None:
    methods = [
        record.get("type", record["method"])
        for record in get_authentication_records(request, user)
        if "method" in record
    ]
    told(Event.SIGNED_IN, person=user.pk, how=", ".join(methods))


def _failed(credentials: dict[str, Any], **_: object) -> None:
    """An address that nobody has is not told: people type passwords where addresses belong."""
    email = str(credentials.get("email", "")).lower()
    person = Person.objects.filter(email=email).values_list("pk", flat=True).first()
    told(Event.SIGN_IN_FAILED, person=person or "nobody")


def _person(event: Event, **facts: str) -> Hears:
    def hears(user: Any, **_: object) -> None:
        if user is not None:
            told(event, person=user.pk, **facts)

    return hears


def _factor(event: Event) -> Hears:
    def hears(user: Any, authenticator: Authenticator, **_: object) -> None:
        told(event, person=user.pk, factor=str(authenticator.type))

    return hears
