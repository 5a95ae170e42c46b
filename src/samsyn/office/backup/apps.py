"""The Django app of backups."""

from __future__ import annotations

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """Names the app."""

    name = "samsyn.office.backup"
    label = "office_backup"
