"""The addresses of the register pages, for a program to put behind its rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from samsyn.webkit.registers import exporting, views

Page = Callable[[str, Any, str], URLPattern]  # Any: a view
"""Makes an address of a route, a view and a name."""


def register_pages(prefix: str, page: Page) -> list[URLPattern]:
    """All register pages below a prefix, which has no slash at its end."""
    return [
        page(prefix, views.registers, "registers"),
        page(f"{prefix}/search", views.search, "search_registers"),
        page(f"{prefix}/<str:register>", views.records, "register"),
        page(f"{prefix}/<str:register>/new", views.new, "new_record"),
        page(f"{prefix}/<str:register>/pick", views.pick, "pick_record"),
        page(f"{prefix}/<str:register>/export", exporting.export, "export_register"),
        page(f"{prefix}/<str:register>/<str:record>", views.card, "record"),
        page(f"{prefix}/<str:register>/<str:record>/edit", views.edit, "edit_record"),
        page(f"{prefix}/<str:register>/<str:record>/delete", views.delete, "delete_record"),
        page(f"{prefix}/<str:register>/<str:record>/related", views.related, "related_records"),
        page(f"{prefix}/<str:register>/<str:record>/history", views.history, "record_history"),
        page(f"{prefix}/<str:register>/<str:record>/file/<str:field>", views.file, "record_file"),
    ]
