"""The Django app of what people are told about their own work."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the app, and has the record store's news kept for people."""

    name = "samsyn.online.notices"
    label = "notices"

    def ready(self) -> None:
        """Keep news in the transactions that record them."""
        from samsyn.online.notices.keeping import keep  # models need Django set up
        from samsyn.records.befalling import listen

        listen(keep)
