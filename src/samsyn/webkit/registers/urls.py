"""The addresses of the register pages, for a program to put behind its rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from samsyn.webkit.desktop.viewed import noting
from samsyn.webkit.registers import cards, edits, exporting, import_pages, lists, removing, unsaved
from samsyn.webkit.registers.calendar.pages import calendar
from samsyn.webkit.registers.lines.pages import lines

Page = Callable[[str, Any, str], URLPattern]  # Any: a view
"""Makes an address of a route, a view and a name."""


def register_pages(prefix: str, page: Page) -> list[URLPattern]:
    """All register pages below a prefix, which has no slash at its end."""
    return [
        page(prefix, lists.registers, "registers"),
        page(f"{prefix}/search", lists.search, "search_registers"),
        page(f"{prefix}/drafts", unsaved.listed, "drafts"),
        page(f"{prefix}/<str:register>", lists.records, "register"),
        page(f"{prefix}/<str:register>/new", edits.new, "new_record"),
        page(f"{prefix}/<str:register>/pick", edits.pick, "pick_record"),
        page(f"{prefix}/<str:register>/calendar", calendar, "calendar"),
        page(f"{prefix}/<str:register>/columns", lists.choose_columns, "choose_columns"),
        page(f"{prefix}/<str:register>/import", import_pages.send, "import_register"),
        page(f"{prefix}/<str:register>/import/preview", import_pages.preview, "import_preview"),
        page(f"{prefix}/<str:register>/export", exporting.export, "export_register"),
        page(f"{prefix}/<str:register>/<str:record>", noting(cards.card), "record"),
        page(f"{prefix}/<str:register>/<str:record>/edit", edits.edit, "edit_record"),
        page(f"{prefix}/<str:register>/<str:record>/delete", removing.delete, "delete_record"),
        page(f"{prefix}/<str:register>/<str:record>/lines", lines, "record_lines"),
        page(f"{prefix}/<str:register>/<str:record>/switch", removing.switch, "switch_record"),
        page(f"{prefix}/<str:register>/<str:record>/related", cards.related, "related_records"),
        page(f"{prefix}/<str:register>/<str:record>/history", cards.history, "record_history"),
        page(f"{prefix}/<str:register>/<str:record>/file/<str:field>", cards.file, "record_file"),
    ]
