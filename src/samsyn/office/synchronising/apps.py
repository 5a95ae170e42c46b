"""The Django app of the synchronisation's pages."""

from __future__ import annotations

from django.apps import AppConfig


class SynchronisingConfig(AppConfig):
    """Names the app."""

    name = "samsyn.office.synchronising"
    label = "office_synchronising"
