"""The Django app of what the pages share."""

from __future__ import annotations

from django.apps import AppConfig


class WebkitConfig(AppConfig):
    """Names the app."""

    name = "samsyn.webkit"
    label = "webkit"
