"""The column type of JSON that the store reads and writes as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]  # Any: the stubs' descriptor types; a str
else:
    TextField = models.TextField


class JsonText(TextField):
    """JSON as text in Python: TEXT on SQLite, jsonb on PostgreSQL.

    Django's own JSONField would parse every value, and check it once more on SQLite.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type in that database."""
        return "jsonb" if connection.vendor == "postgresql" else "text"
