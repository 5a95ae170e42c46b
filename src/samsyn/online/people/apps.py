"""The Django app of Samsyn IDs."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.people"
    label = "people"

    def ready(self) -> None:
        """What follows when somebody's password, address or second factor has changed."""
        from allauth.account.signals import email_changed, password_reset
        from allauth.mfa.signals import authenticator_added

        from samsyn.online.people import first_factor
        from samsyn.online.people.watched import watch

        watch()
        password_reset.connect(_confirm, dispatch_uid="samsyn.people")
        email_changed.connect(_keep_former, dispatch_uid="samsyn.people")
        authenticator_added.connect(first_factor.added, dispatch_uid="samsyn.people")


def _confirm(sender: object, user: Any, **_: object) -> None:  # Any: a Person
    """Whoever chose a password by the link in a letter has the address that it came to."""
    from samsyn.online.people.passwords import confirm_address

    confirm_address(user)


def _keep_former(
    sender: object, user: Any, from_email_address: Any, **_: object
) -> None:  # Any: a Person, an EmailAddress
    from samsyn.online.companies.accounts import keep_former_address

    if from_email_address is not None:
        keep_former_address(user, from_email_address.email)
