"""The Django app of the pages of the quarantine."""

from __future__ import annotations

from django.apps import AppConfig


class QuarantineConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.quarantine"
    label = "quarantine"
