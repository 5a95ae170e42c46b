"""The Django app of what the pages share."""

from __future__ import annotations

from django.apps import AppConfig


class WebkitConfig(AppConfig):
    """Names the app."""

    name = "samsyn.webkit"
    label = "webkit"

    def ready(self) -> None:
        """Sessions are noted when they begin."""
        from samsyn.webkit.session_ends import watch

        watch()
