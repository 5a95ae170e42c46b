"""The Django app of Samsyn IDs."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.people"
    label = "people"

    def ready(self) -> None:
        """A password chosen by the link in an e-mail confirms the address that the link came to; one's old address is kept."""
        from allauth.account.signals import email_changed, password_reset

        from samsyn.online.people.watched import watch

        watch()
        password_reset.connect(_confirm, dispatch_uid="samsyn.people")
        email_changed.connect(_keep_former, dispatch_uid="samsyn.people")


def _confirm(sender: object, user: Any, **_: object) -> None:  # Any: a Person
    from samsyn.online.people.passwords import confirm_address

    confirm_address(user)


def _keep_former(
    sender: object, user: Any, from_email_address: Any, **_: object
) -> None:  # Any: a Person, an EmailAddress
    from samsyn.online.companies.accounts import keep_former_address

    if from_email_address is not None:
        keep_former_address(user, from_email_address.email)
