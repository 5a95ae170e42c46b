"""The Django app of users and their rights."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "samsyn.office.people"
    label = "office_people"
