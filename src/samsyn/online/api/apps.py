"""The Django app of the REST API's own records."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Answers that are kept for requests which are sent again."""

    name = "samsyn.online.api"
    label = "api"
    verbose_name = "REST API"
