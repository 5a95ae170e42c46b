"""Every table that holds rows of companies, read from the models: to count, to delete, to distribute."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

COMPANY = "company_id"
"""The column that leads every key of such a table."""


def of_companies() -> list[type[Model]]:
    """The models whose rows belong to a company; whoever refers to others comes before them."""
    left = [m for m in apps.get_models() if COMPANY in columns_of(m)]
    ordered: list[type[Model]] = []
    while left:
        free = [m for m in left if not any(m in refers_to(other) for other in left if other != m)]
        assert free, "tables that refer to each other in a ring"
        ordered += free
        left = [m for m in left if m not in free]
    return ordered


def refers_to(model: type[Model]) -> set[type[Model]]:
    """The models that a model's foreign keys lead to."""
    return {f.related_model for f in model._meta.local_fields if isinstance(f.related_model, type)}


def columns_of(model: type[Model]) -> list[str]:
    """The columns of the table."""
    return [field.column for field in model._meta.concrete_fields if field.column is not None]


def key_of(model: type[Model]) -> tuple[str, ...]:
    """The columns of the primary key."""
    return tuple(field.column for field in model._meta.pk_fields if field.column is not None)
