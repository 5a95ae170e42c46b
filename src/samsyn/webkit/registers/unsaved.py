"""The page of a person's drafts."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from samsyn.webkit.drafts import FormId
from samsyn.webkit.fragments import page
from samsyn.webkit.registers import drafting
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.edits import draft_address
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.showing import title_of


@require_GET
@of_book
def listed(request: HttpRequest, book: Book) -> HttpResponseBase:
    """Forms that the person has begun and not saved, the newest first."""
    found = drafting.of_registers(book)
    known = {register.type.name: register for register in book.registers()}
    records = book.records([d.record for d in found if d.kind == "edit"])
    rows = []
    for draft in found:
        register = known[draft.register]
        kept = records.get(draft.record)
        if draft.kind == "edit" and kept is None:
            continue
        rows.append(
            {
                "register": register.label,
                "title": title_of(register.type, kept) if kept else "",
                "saved": draft.saved,
                "url": draft_address(book, FormId(draft.kind, draft.register, draft.record)),
            }
        )
    return page(request, "registers/drafts.html", {"drafts": rows, "root": book.root})
