"""The Django app of the pages about conflicts."""

from __future__ import annotations

from django.apps import AppConfig


class ConflictsConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.conflicts"
    label = "conflicts"
