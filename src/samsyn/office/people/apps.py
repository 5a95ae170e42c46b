"""The Django app of users and their rights."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.db.transaction import on_commit


class PeopleConfig(AppConfig):
    """Names the app; whoever changes users or rights has the service told of it."""

    name = "samsyn.office.people"
    label = "office_people"

    def ready(self) -> None:
        """Listen to what is saved."""
        for signal in (post_save, post_delete):
            for model in ("User", "Template", "KeptOut"):
                signal.connect(_changed, sender=self.get_model(model))


def _changed(**_: object) -> None:
    from samsyn.office import agents

    on_commit(agents.tell_users)
