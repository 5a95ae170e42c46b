"""A form that was not saved comes back as it was left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import msgspec
from django.http import QueryDict
from django.utils import timezone

from samsyn.webkit import drafts
from samsyn.webkit.drafts import FormId
from samsyn.webkit.models import Draft
from samsyn.webkit.registers import entering
from samsyn.webkit.registers.book import Book
from samsyn.webkit.registers.controls import Control

AUTO, BY_HAND = "auto", "draft"
"""What a form sends as `keep` where it is not to be saved but kept: by itself, or by a button."""


def form_id(name: str, record: str, given: QueryDict) -> FormId:
    """The form of a record; of a new one together with what the address gives it."""
    return FormId("edit", name, record) if record else FormId("new", name, _given(given))


def keep(book: Book, form: FormId, controls: Iterable[Control], sent: QueryDict) -> bool:
    """Keeps what a form holds; False where that is too much. Files are not kept."""
    names = {name for control in controls for name in control.names}
    content = {name: sent.get(name, "") for name in sent if name in names}
    return drafts.keep(book.whose, form, content, timezone.now())


def keep_at_work(book: Book, form: FormId, controls: Sequence[Control], sent: QueryDict) -> bool:
    """As `keep`, by itself; where all is saved by now, the keeping has come after the save, and nothing is kept."""
    said = [one for one in controls if one.name in sent and one.takes_text]
    texts = {name: sent.get(name, "") for name in sent}
    if form.kind == "edit" and not any(_differs(control, texts) for control in said):
        drafts.drop(book.whose, form)
        return True
    return keep(book, form, controls, sent)


def restore(book: Book, form: FormId, controls: Sequence[Control]) -> datetime.datetime | None:
    """Fills the form with its draft; when that was kept, None where there is none.

    A draft that says no more than what is kept already is thrown away.
    """
    draft = drafts.kept(book.whose, form, timezone.now())
    if draft is None:
        return None
    sent = msgspec.json.decode(draft.content, type=dict[str, str])
    for control in controls:
        if control.name in sent and control.takes_text:
            control.drafted = _differs(control, sent)
            control.value, control.was = sent[control.name], sent.get(control.was_name, "")
            control.picked = sent.get(control.text_name, "")
    if not any(control.drafted for control in controls):
        drafts.drop(book.whose, form)
        return None
    entering.fill_references(book, controls, keep_typed=True)
    return draft.saved


def of_registers(book: Book) -> list[Draft]:
    """The person's drafts in registers that he may still write in, the newest first."""
    writable = {one.type.name for one in book.registers() if one.writable}
    found = drafts.listed(book.whose, timezone.now())
    return [draft for draft in found if draft.register in writable]


def count(book: Book, name: str) -> int:
    """How many drafts the person has in a register."""
    return sum(one.register == name for one in drafts.listed(book.whose, timezone.now()))


def _differs(control: Control, sent: dict[str, str]) -> bool:
    typed = control.text_name in sent and sent[control.text_name] != control.picked
    return typed or sent[control.name] != control.value


def _given(given: QueryDict) -> str:
    told = sorted((name, value) for name, value in given.items() if name != "draft")
    return "" if not told else msgspec.json.encode(told).decode()
