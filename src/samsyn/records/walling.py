"""Puts tables behind the wall between companies (`wall.py`), for migrations."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from samsyn.records.wall import SETTING


def walled(*tables: str) -> RunPython:
    """The operation that gives these tables, which have a `company_id`, their policy on PostgreSQL."""

    def build(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            _execute(
                editor,
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY one_company ON {table}"
                f" USING (company_id = (SELECT current_setting('{SETTING}', true)))",
            )

    def tear_down(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            _execute(
                editor,
                f"DROP POLICY one_company ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
            )

    return RunPython(build, tear_down)


def _execute(editor: BaseDatabaseSchemaEditor, *statements: str) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in statements:
            editor.execute(statement)
