"""The Django app of company databases."""

from __future__ import annotations

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Names the app."""

    name = "samsyn.office.companies"
    label = "office_companies"
