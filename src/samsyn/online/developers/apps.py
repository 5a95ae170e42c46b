"""The Django app of the guide for programs."""

from __future__ import annotations

from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    """The guide."""

    name = "samsyn.online.developers"
    label = "developers"
    verbose_name = "Guide for programs"
