"""The panel of the latest changes: what was written in the office program, and what came from online."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from samsyn.companydb import notes
from samsyn.companydb.notes import OFFICE, Note
from samsyn.companydb.rows import CompanyDb
from samsyn.webkit.desktop.contents import Row, rows
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.heading import heading_of
from samsyn.webkit.registers.timeline import action_words, where_words

SHOWN = 12
READ = 100
"""So many are read: one record may have been changed many times, and some are hidden from the reader."""


def changes(db: CompanyDb, book: Book) -> Content:
    """Each record once, by its newest change; records that are gone have their own history no more."""
    newest = _newest(notes.latest(db, READ))
    named, to = book.records(newest), Addresses(book.root)
    registers = {one.type.name: one for one in book.registers()}
    found = []
    for record, note in newest.items():
        if (kept := named.get(record)) is None:
            continue
        register = registers[kept.type]
        source = OFFICE if note.side == OFFICE else "web"
        told = f"{action_words(note.action)} {where_words(source)}"
        words = " · ".join(filter(None, (register.label, told, note.by)))
        title = heading_of(register.type, kept)
        found.append(Row(title, to.card(kept.type, kept.id), words, note.at))
    return rows(found[:SHOWN], _("What is changed here or online is listed here."))


def _newest(found: Iterable[Note]) -> dict[str, Note]:
    """The newest note of each record, by the record's address or id."""
    newest: dict[str, Note] = {}
    for note in found:
        newest.setdefault(note.row or note.record or "", note)
    newest.pop("", None)
    return newest
