"""The form of a record: a control for each field, and back from what was sent to values.

A form carries what each control showed. Only what differs from that was
changed by the person and is saved; where somebody else changed the same field
meanwhile, the person is asked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.given import Literal
from samsyn.core.listing import Query
from samsyn.core.values import render
from samsyn.webkit.registers.asking import as_number
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.showing import as_base64, key_text, title_of

FEW = 200
"""References are chosen from a list up to so many records, else by what one types."""
MATCHES = 20
LONG = 200
_INTEGER = re.compile(r"[+-]?\d{1,30}")
_REAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_MAIL = re.compile(r"e-?(mail|post)", re.IGNORECASE)
_PHONE = re.compile(r"phone|mobile|telefon|mobil|fax", re.IGNORECASE)
_WEB = re.compile(r"www|web|homepage|hemsida|url", re.IGNORECASE)


class Choice(msgspec.Struct, frozen=True):
    """A value of a list, and what it is called."""

    value: str
    label: str


class Control(msgspec.Struct):
    """One field of a form, as the template draws it."""

    field: Field
    kind: str
    """text, area, number, select, yes_no, date, datetime, time, file or pick."""
    label: str
    required: bool
    value: str = ""
    was: str = ""
    """What the control showed when the form was opened."""
    picked: str = ""
    """Of a reference: what the chosen record is called."""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    theirs: str = ""
    """What somebody else has written meanwhile, where that differs."""
    has_file: bool = False
    pick_url: str = ""
    """Where suggestions for a reference come from."""

    @property
    def name(self) -> str:
        """The name that the browser sends the value under."""
        return f"v:{self.field.name}"

    @property
    def was_name(self) -> str:
        """The name under which what was shown comes back."""
        return f"was:{self.field.name}"

    @property
    def text_name(self) -> str:
        """Of a reference that is typed: the text."""
        return f"t:{self.field.name}"

    @property
    def away_name(self) -> str:
        """Of a file: that it is to be taken away."""
        return f"away:{self.field.name}"

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return "f-" + re.sub(r"[^A-Za-z0-9_-]", lambda m: f"_{ord(m[0]):x}_", self.field.name)

    @property
    def type(self) -> str:
        """The browser's type of a text control: it gives a fitting keyboard on a phone."""
        told = f"{self.field.name} {self.field.label}"
        if self.kind != "text" or self.field.kind is not Kind.TEXT:
            return "text"
        if _MAIL.search(told):
            return "email"
        return "tel" if _PHONE.search(told) else "url" if _WEB.search(told) else "text"

    @property
    def unlisted(self) -> bool:
        """Of a reference that is chosen from a list: what it holds is not in the list."""
        return bool(self.value) and all(choice.value != self.value for choice in self.choices)

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width of the form."""
        return self.kind == "area"


def controls_of(book: Book, record_type: RecordType, kept: Kept | None) -> list[Control]:
    """The form as it is opened: of a record, or of a new one."""
    made = []
    for field in record_type.shown:
        if record_type.is_read_only(field):
            continue
        cell = None if kept is None else kept.fields.get(field.name)
        control = Control(
            field=field,
            kind=_kind(field, cell),
            label=field.label or field.name,
            required=record_type.is_required(field),
            value=_entry(field, cell),
        )
        control.was = control.value
        control.has_file = field.kind is Kind.BLOB and cell is not None
        if field.choices:
            control.choices = tuple(Choice(word, word) for word in field.choices)
        made.append(control)
    _fill_references(book, made)
    return made


def give(book: Book, controls: Iterable[Control], told: QueryDict) -> None:
    """Values of a new record that the address gives, as for what belongs to another record."""
    wanted = list(controls)
    for control in wanted:
        if control.name in told and control.kind != "file":
            control.value = told.get(control.name, "")[:LONG]
    _fill_references(book, wanted)


def fill(book: Book, controls: Iterable[Control], request: HttpRequest) -> dict[str, object]:
    """Takes over what was sent into the controls; the values that the person changed, by field.

    Raises nothing: what cannot be read stands in `error` of its control.
    """
    given: dict[str, object] = {}
    wanted = list(controls)
    for control in wanted:
        if control.kind == "file":
            _take_file(control, request, given)
            continue
        if control.name not in request.POST:
            continue
        sent = request.POST.get(control.name, "").replace("\r\n", "\n")
        control.was = request.POST.get(control.was_name, "").replace("\r\n", "\n")
        control.value = sent
        if control.text_name in request.POST:
            _take_typed(book, control, request.POST.get(control.text_name, "").strip())
        if control.value != control.was:
            try:
                given[control.field.name] = value_of(control.field, control.value)
            except BadValue as error:
                control.error = error_words(error, control.field)
    _fill_references(book, wanted)
    return given


def value_of(field: Field, text: str) -> object:
    """The value in what a control sent, as `core.values.parse` reads it; BadValue."""
    if text == "":
        return (
            None if (field.nullable and not field.required) or field.kind is not Kind.TEXT else ""
        )
    match field.kind:
        case Kind.INTEGER:
            bare = as_number(text)
            if not _INTEGER.fullmatch(bare):
                raise BadValue("WRONG_TYPE", expected="integer")
            return int(bare)
        case Kind.DECIMAL:
            return as_number(text)
        case Kind.REAL:
            bare = as_number(text)
            if not _REAL.fullmatch(bare):
                raise BadValue("WRONG_TYPE", expected="number")
            return Literal(bare)
        case Kind.BOOLEAN:
            return text == "true"
    return text


def shows(control: Control, cell: Cell) -> bool:
    """Whether the control showed this cell when the form was opened."""
    return _entry(control.field, cell) == control.was


def differ(controls: Iterable[Control], now: Mapping[str, Cell]) -> None:
    """Tells the person what others wrote meanwhile; saving once more then writes over it."""
    for control in controls:
        if control.field.name in now:
            entry = _entry(control.field, now[control.field.name])
            control.theirs = entry or _("nothing")
            control.was = entry


def accuse(controls: Iterable[Control], errors: Mapping[str, BadValue]) -> list[str]:
    """Puts errors beside their fields; those of no field of the form come back."""
    known = {control.field.name: control for control in controls}
    rest = []
    for name, error in errors.items():
        control = known.get(name)
        if control is None:
            rest.append(error_words(error, None) if not name else f"{name}: {error_words(error)}")
        else:
            control.error = error_words(error, control.field)
    return rest


def suggestions(book: Book, name: str, typed: str) -> list[Choice]:
    """Records of a register that a person may mean."""
    record_type = book.register(name).type
    page = book.page(name, Query(search=typed, limit=MATCHES))
    return [_choice(record_type, kept) for kept in page.records]


def _kind(field: Field, cell: Cell) -> str:
    if field.choices:
        return "select"
    match field.kind:
        case Kind.REFERENCE:
            return "pick"
        case Kind.BLOB:
            return "file"
        case Kind.BOOLEAN:
            return "yes_no"
        case Kind.INTEGER | Kind.DECIMAL | Kind.REAL:
            return "number"
        case Kind.DATE | Kind.DATETIME | Kind.TIME if _is_iso(field.kind, cell):
            return str(field.kind.value)
        case Kind.JSON:
            return "area"
    text = cell if isinstance(cell, str) else ""
    long = field.kind is Kind.TEXT and (field.max_length or 0) > LONG
    return "area" if long or "\n" in text or len(text) > LONG else "text"


def _is_iso(kind: Kind, cell: Cell) -> bool:
    """Whether the browser's own control for dates can hold the value; zones it knows nothing of."""
    if cell is None:
        return kind is not Kind.DATETIME
    try:
        text = str(cell)
        if kind is Kind.DATE:
            return datetime.date.fromisoformat(text).isoformat() == text
        if kind is Kind.TIME:
            return datetime.time.fromisoformat(text).tzinfo is None
        return False
    except ValueError:
        return False


def _entry(field: Field, cell: Cell) -> str:
    """What a control shows for a cell: the same text goes back for the same cell."""
    told = render(field, cell)
    match told:
        case None:
            return ""
        case bool():
            return "true" if told else "false"
        case dict():
            return str(next(iter(told.values()), ""))
        case list():
            return key_text((cell,))
    text = repr(told) if isinstance(told, float) else str(told)
    if field.kind in (Kind.DECIMAL, Kind.REAL):
        separator: str = formats.get_format("DECIMAL_SEPARATOR")
        return text.replace(".", separator)
    return text.replace("\r\n", "\n")


def _take_file(control: Control, request: HttpRequest, given: dict[str, object]) -> None:
    sent = request.FILES.get(control.name)
    if isinstance(sent, UploadedFile):
        given[control.field.name] = as_base64(sent.read())
    elif request.POST.get(control.away_name):
        given[control.field.name] = None


def _take_typed(book: Book, control: Control, typed: str) -> None:
    """A reference that was typed: the one record of that name, or a choice among several."""
    reference = control.field.reference
    assert reference is not None
    if typed == _title_held(book, control):
        return
    if not typed:
        control.value = ""
        return
    found = suggestions(book, reference.type, typed)
    same = [one for one in found if one.label.casefold() == typed.casefold()]
    if len(same) == 1 or len(found) == 1:
        control.value = (same or found)[0].value
        return
    control.picked = typed
    control.choices = tuple(found)
    control.error = (
        _("Several fit. Choose one of them.") if found else _("Nothing there is called that.")
    )
    control.value = control.was


def _title_held(book: Book, control: Control) -> str:
    """What the record that a control holds is called; empty for none."""
    found = book.records([control.value]).get(control.value) if control.value else None
    if found is None:
        return ""
    return title_of(book.register(found.type).type, found)


def _fill_references(book: Book, controls: Iterable[Control]) -> None:
    """What the chosen records are called, and short lists whole."""
    picks = [c for c in controls if c.kind == "pick"]
    ids = [c.value for c in picks if c.value]
    found = book.records(ids) if ids else {}
    known = {register.type.name: register for register in book.registers()}
    lists: dict[str, list[Choice]] = {}
    for control in picks:
        reference = control.field.reference
        assert reference is not None
        register = known.get(reference.type)
        kept = found.get(control.value)
        if kept is not None and register is not None and not control.error:
            control.picked = title_of(register.type, kept)
        elif control.value and not control.error:
            control.picked = control.value
        if register is None or control.error:
            continue
        if reference.type not in lists:
            page = book.page(reference.type, Query(limit=FEW))
            few = [] if page.next else [_choice(register.type, one) for one in page.records]
            lists[reference.type] = sorted(few, key=lambda choice: choice.label.casefold())
        control.choices = tuple(lists[reference.type])


def _choice(record_type: RecordType, kept: Kept) -> Choice:
    title, key = title_of(record_type, kept), key_text(kept.key)
    return Choice(kept.id, title if not key or key == title else f"{title} ({key})")


def error_words(error: BadValue, field: Field | None = None) -> str:
    """What is wrong with a value, and what to do."""
    facts = error.facts
    number = field is not None and field.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.REAL)
    match error.code:
        case "REQUIRED" | "NOT_NULL":
            return _("Fill this in.")
        case "READ_ONLY":
            return _("The office alone gives this value.")
        case "UNKNOWN_FIELD":
            return _("The office has no such field any more. Open the form again.")
        case "WRONG_TYPE" if facts.get("expected") == "integer":
            return _("Write a whole number.")
        case "WRONG_TYPE" | "NOT_A_DECIMAL" if number:
            return _("Write a number.")
        case "TOO_LONG" if "limit" in facts:
            return _("At most %(limit)s characters.") % facts
        case "TOO_LARGE":
            return _("The number is outside what the office's database can hold.")
        case "TOO_PRECISE":
            return _("At most %(scale)s decimals.") % facts
        case "NOT_A_CHOICE":
            return _("Choose one of the values of the list.")
        case "NOT_A_DATE":
            return _("Write a date as 2026-11-24.")
        case "NOT_A_DATETIME" | "ZONE_NOT_ALLOWED":
            return _("Write date and time as 2026-11-24 14:30.")
        case "ZONE_REQUIRED":
            return _("Write date, time and zone as 2026-11-24 14:30+01:00.")
        case "NOT_A_TIME":
            return _("Write a time as 14:30.")
        case "NOT_JSON":
            return _("This is no JSON document.")
        case "NOT_A_REFERENCE" | "UNKNOWN_REFERENCE":
            return _("Choose a record that is there.")
        case "KEY_TAKEN":
            return _("Another record has this key already.")
    return _("This value cannot be stored.")
