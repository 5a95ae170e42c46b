"""The Django app of companies, people, members and tokens."""

from __future__ import annotations

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Names the app."""

    name = "samsyn.online.companies"
    label = "companies"
