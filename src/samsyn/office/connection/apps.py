"""The Django app of the connection to Samsyn Online."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectionConfig(AppConfig):
    """Names the app."""

    name = "samsyn.office.connection"
    label = "office_connection"
