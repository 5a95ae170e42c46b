"""The Django app of outgoing e-mail."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
