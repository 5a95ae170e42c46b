"""The Django app of Samsyn IDs."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.people"
    label = "people"

    def ready(self) -> None:
        """A password chosen by the link in an e-mail confirms the address that the link came to."""
        from allauth.account.signals import password_reset

        password_reset.connect(_confirm, dispatch_uid="samsyn.people")


def _confirm(sender: object, user: Any, **_: object) -> None:  # Any: a Person
    from samsyn.online.people.passwords import confirm_address

    confirm_address(user)
