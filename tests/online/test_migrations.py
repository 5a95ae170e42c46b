"""Migrations run while other processes of the service answer agents: they only add, so that the program before goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
django.setup()

from django.apps import apps  # noqa: E402  # Django must be set up
from django.db import migrations  # noqa: E402  # as above
from django.db.migrations.loader import MigrationLoader  # noqa: E402  # as above
from django.db.migrations.operations.base import Operation  # noqa: E402  # as above

ADDING = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.AddConstraint,
    migrations.RunPython,
    migrations.RunSQL,
    migrations.AlterModelOptions,
    migrations.SeparateDatabaseAndState,
)
BEFORE = frozenset(
    {
        ("companies", "0002_people"),
        ("companies", "0003_members"),
        ("companies", "0004_token_scopes"),
        ("companies", "0005_scopes_for_read_only"),
        ("records", "0006_held"),
    }
)
"""Older than the first version that was released: no process of before them is left. Nothing is added here."""


def operations() -> Iterator[tuple[str, str, Operation]]:
    own = {c.label for c in apps.get_app_configs() if c.name.startswith("samsyn.")}
    # In an order of their own: test processes must agree on it.
    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if label in own and (label, name) not in BEFORE:
            for operation in migration.operations:
                yield label, name, operation


@pytest.mark.parametrize(
    ("label", "name", "operation"),
    [pytest.param(*one, id=f"{one[0]}-{one[1]}-{n}") for n, one in enumerate(operations())],
)
def test_a_migration_only_adds(label: str, name: str, operation: Operation) -> None:
    """What a process of the version before writes must still fit: docs/decisions tells how to take something away."""
    if isinstance(operation, migrations.AddField):
        field = operation.field
        assert field.null or field.has_db_default(), f"{label}.{name}: {operation.describe()}"
    elif isinstance(operation, migrations.AlterField):
        assert operation.field.null or operation.field.has_db_default(), operation.describe()
    else:
        assert isinstance(operation, ADDING), f"{label}.{name}: {operation.describe()}"
