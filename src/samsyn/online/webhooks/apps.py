"""The Django app of webhooks."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks and what was sent to them."""

    name = "samsyn.online.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
