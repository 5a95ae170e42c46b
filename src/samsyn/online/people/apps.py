"""The Django app of Samsyn IDs."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.people"
    label = "people"
