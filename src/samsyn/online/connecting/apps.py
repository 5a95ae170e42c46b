"""The Django app of the pages on which an office's question is answered."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectingConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.connecting"
    label = "connecting"
