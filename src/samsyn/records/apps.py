"""The Django app of the online record store."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from samsyn.records.sql import add_functions


class RecordsConfig(AppConfig):
    """Records, change log, connections, conflicts and quarantine."""

    name = "samsyn.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have new SQLite connections taught our functions."""
        connection_created.connect(add_functions, dispatch_uid="samsyn.records")
