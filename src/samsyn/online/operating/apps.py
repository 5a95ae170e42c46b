"""The Django app of the operator's part."""

from __future__ import annotations

from django.apps import AppConfig


class OperatingConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.operating"
    label = "operating"
    default_auto_field = "django.db.models.BigAutoField"
