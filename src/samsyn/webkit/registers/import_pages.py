"""The pages of an import: a table is sent, what it would do is shown, and done after a yes."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from samsyn.core.catalog import RecordType
from samsyn.webkit import drafts
from samsyn.webkit.drafts import FormId
from samsyn.webkit.fragments import page
from samsyn.webkit.registers import matching
from samsyn.webkit.registers.addresses import Addresses, name_in
from samsyn.webkit.registers.book import Book, OneRefused, Register, Through
from samsyn.webkit.registers.edits import writable
from samsyn.webkit.registers.guarding import of_book
from samsyn.webkit.registers.importing import Becomes, Plan, plan
from samsyn.webkit.registers.showing import labels
from samsyn.webkit.tables import reading
from samsyn.webkit.tables.reading import Table

ROWS = 100
"""Of the preview, on a page."""


class Waiting(msgspec.Struct, frozen=True):
    """A sent table that waits for a yes: which column is which field, and how rows find their record."""

    file: str
    table: Table
    columns: tuple[str, ...]
    way: str


@require_http_methods(["GET", "POST"])
@of_book
def send(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """Takes a table; nothing of it is written yet."""
    name = name_in(register)
    found = writable(book, name)
    error = ""
    if request.method == "POST":
        try:
            waiting = _received(found.type, request.FILES.get("table"))
        except (reading.NotATable, reading.TooMuch, reading.NothingIn) as refusal:
            error = _words(refusal)
        else:
            if _keep(book, name, waiting):
                return HttpResponseRedirect(Addresses(book.root).preview(name))
            error = _words(reading.TooMuch(what="bytes", limit=drafts.MAX_TABLE_BYTES))
    to = Addresses(book.root)
    return page(
        request,
        "registers/import.html",
        {
            "register": found,
            "error": error,
            "waiting": _waiting(book, name),
            "limit": reading.MAX_ROWS,
            "to": {
                "list": to.list(name),
                "preview": to.preview(name),
                "example": f"{to.export(name)}?as=xlsx",
            },
        },
        status=422 if error else 200,
    )


@require_http_methods(["GET", "POST"])
@of_book
def preview(request: HttpRequest, book: Book, register: str) -> HttpResponseBase:
    """What the sent table would do, row by row; a yes does it, if it would still do the same."""
    name = name_in(register)
    found, waiting = writable(book, name), _waiting(book, name)
    to = Addresses(book.root)
    if waiting is None:
        return HttpResponseRedirect(to.import_(name))
    wanted = request.POST.get("do", "")
    if wanted == "leave":
        drafts.drop(book.whose, _form(name))
        messages.info(request, _("Nothing was imported."))
        return HttpResponseRedirect(to.list(name))
    if wanted == "match":
        _keep(book, name, _rematched(found.type, waiting, request))
        return HttpResponseRedirect(to.preview(name))
    told = plan(book, found, waiting.table, _matched(found.type, waiting))
    if wanted == "write":
        if request.POST.get("seen") == told.digest and told.writes:
            if _write(request, book, name, told):
                return HttpResponseRedirect(to.list(name))
            told = plan(book, found, waiting.table, _matched(found.type, waiting))
        messages.warning(request, _("Something has changed meanwhile. Look once more before you import."))  # fmt: skip
    return _shown(request, book, found, waiting, told)


def _write(request: HttpRequest, book: Book, name: str, told: Plan) -> bool:
    try:
        book.write(told.writes, Through.IMPORT)
    except OneRefused:
        return False
    drafts.drop(book.whose, _form(name))
    new, changed = told.count(Becomes.NEW), told.count(Becomes.CHANGED)
    messages.success(
        request,
        _("Imported: %(new)s, %(changed)s.")
        % {
            "new": ngettext("%(n)d new record", "%(n)d new records", new) % {"n": new},
            "changed": ngettext("%(n)d changed", "%(n)d changed", changed) % {"n": changed},
        },
    )
    if refused := told.count(Becomes.REFUSED):
        words = ngettext("%(n)d row was left out.", "%(n)d rows were left out.", refused)
        messages.warning(request, words % {"n": refused})
    return True


def _shown(
    request: HttpRequest, book: Book, register: Register, waiting: Waiting, told: Plan
) -> HttpResponseBase:
    name, to = register.type.name, Addresses(book.root)
    kinds = [kind for kind in Becomes if told.count(kind)]
    asked = request.GET.get("show", "")
    shown = next((kind for kind in kinds if kind.value == asked), None) or _first(kinds)
    rows = [row for row in told.rows if row.becomes is shown]
    start = _number(request.GET.get("from", ""))
    return page(
        request,
        "registers/import_preview.html",
        {
            "register": register,
            "file": waiting.file,
            "plan": told,
            "writes": len(told.writes),
            "tabs": [
                {
                    "words": _kind_words(kind),
                    "count": told.count(kind),
                    "url": f"{to.preview(name)}?show={kind.value}",
                    "current": kind is shown,
                    "bad": kind is Becomes.REFUSED,
                }
                for kind in kinds
            ],
            "rows": rows[start : start + ROWS],
            "next": start + ROWS if len(rows) > start + ROWS else None,
            "shown": shown.value if shown else "",
            "columns": _columns(register.type, waiting),
            "fields": _takeable(register.type),
            "ways": matching.ways(register.type, waiting.columns),
            "way": waiting.way,
            "left_out": _left_out(register.type, waiting),
            "to": {
                "list": to.list(name),
                "import": to.import_(name),
                "preview": to.preview(name),
            },
        },
        block="results",
    )


def _columns(record_type: RecordType, waiting: Waiting) -> list[dict[str, Any]]:  # Any: as shown
    samples = waiting.table.rows[:200]
    return [
        {
            "head": head or _("Column %(n)d") % {"n": place + 1},
            "field": field,
            "sample": next((row[place] for row in samples if row[place]), ""),
        }
        for place, (head, field) in enumerate(zip(waiting.table.head, waiting.columns, strict=True))
    ]


def _takeable(record_type: RecordType) -> list[tuple[str, str]]:
    called = labels(record_type)
    return [
        (field.name, called[field.name])
        for field in record_type.shown
        if field.kind not in matching.NOT_TAKEN
        and (field.name in record_type.key or not record_type.is_read_only(field))
    ]


def _left_out(record_type: RecordType, waiting: Waiting) -> list[str]:
    """The heads of columns that say nothing to the register, or what the office alone gives."""
    takeable = {name for name, _label in _takeable(record_type)}
    return [
        head
        for head, field in zip(waiting.table.head, waiting.columns, strict=True)
        if field not in takeable and head
    ]


def _received(record_type: RecordType, sent: object) -> Waiting:
    """The table of an upload, matched as well as can be guessed; NotATable, TooMuch, NothingIn."""
    if not isinstance(sent, UploadedFile):
        raise reading.NotATable
    if (sent.size or 0) > reading.MAX_FILE_BYTES:
        raise reading.TooMuch(what="bytes", limit=reading.MAX_FILE_BYTES)
    table = reading.read(sent.read())
    columns = tuple(matching.guessed(record_type, table.head))
    return Waiting((sent.name or "")[:100], table, columns, _usual_way(record_type, columns))


def _rematched(record_type: RecordType, waiting: Waiting, request: HttpRequest) -> Waiting:
    known = {name for name, _label in _takeable(record_type)}
    columns: list[str] = []
    for place in range(len(waiting.columns)):
        told = request.POST.get(f"column-{place}", "")
        columns.append(told if told in known and told not in columns else "")
    way = request.POST.get("way", "")
    if way not in dict(matching.ways(record_type, columns)):
        way = _usual_way(record_type, columns)
    return Waiting(waiting.file, waiting.table, tuple(columns), way)


def _usual_way(record_type: RecordType, columns: tuple[str, ...] | list[str]) -> str:
    return matching.BY_KEY if set(record_type.key) <= set(columns) else matching.ALL_NEW


def _matched(record_type: RecordType, waiting: Waiting) -> matching.Matched:
    return matching.matched(record_type, waiting.columns, waiting.way)


def _form(name: str) -> FormId:
    return FormId("import", name)


def _keep(book: Book, name: str, waiting: Waiting) -> bool:
    return drafts.keep(book.whose, _form(name), waiting, timezone.now())


def _waiting(book: Book, name: str) -> Waiting | None:
    kept = drafts.kept(book.whose, _form(name), timezone.now())
    if kept is None:
        return None
    told = msgspec.json.decode(kept.content, type=Waiting)
    known = {field.name for field in book.register(name).type.fields}
    columns = tuple(column if column in known else "" for column in told.columns)
    return msgspec.structs.replace(told, columns=columns)


def _first(kinds: list[Becomes]) -> Becomes | None:
    """What wants to be looked at first."""
    order = (Becomes.REFUSED, Becomes.CHANGED, Becomes.NEW, Becomes.UNCHANGED)
    return next((kind for kind in order if kind in kinds), None)


def _kind_words(kind: Becomes) -> str:
    return {
        Becomes.NEW: pgettext("rows of an import", "New"),
        Becomes.CHANGED: pgettext("rows of an import", "Changed"),
        Becomes.UNCHANGED: pgettext("rows of an import", "Unchanged"),
        Becomes.REFUSED: pgettext("rows of an import", "Refused"),
    }[kind]


def _words(error: reading.NotATable | reading.TooMuch | reading.NothingIn) -> str:
    match error:
        case reading.TooMuch():
            facts = error.facts
            if facts["what"] == "rows":
                return _("The table has more than %(limit)s rows. Send it in parts.") % facts
            if facts["what"] == "columns":
                return _("The table has more than %(limit)s columns.") % facts
            size = filesizeformat(str(facts["limit"]))
            return _("The file is larger than %(size)s. Send it in parts.") % {"size": size}
        case reading.NothingIn():
            return _("The file has no rows below its headings.")
    return _("Choose a CSV or Excel file (.csv, .xlsx). This is none, or it is damaged.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
