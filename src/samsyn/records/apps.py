"""The Django app of the online record store."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records, change log, connections, conflicts and quarantine."""

    name = "samsyn.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
