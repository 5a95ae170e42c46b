"""The form of a record: a control for each field, and back from what was sent to values.

A form carries what each control showed. Only what differs from that was
changed by the person and is saved; where somebody else changed the same field
meanwhile, the person is asked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.core.cells import Cell
from samsyn.core.given import Literal
from samsyn.core.listing import Query
from samsyn.core.values import render
from samsyn.webkit.registers import moments
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.asking import as_number
from samsyn.webkit.registers.book import Book, Kept
from samsyn.webkit.registers.controls import Choice, Control
from samsyn.webkit.registers.faults import error_words
from samsyn.webkit.registers.refusals import told_words
from samsyn.webkit.registers.sections import is_prose
from samsyn.webkit.registers.showing import Names, as_base64, key_text, title_of
from samsyn.webkit.registers.showing import value_of as shown_value

FEW = 200
"""References are chosen from a list up to so many records, else by what one types."""
MATCHES = 20
MAX_FILE_BYTES = 8 * 1024 * 1024
LONG = 200
_WITH_KEY = re.compile(r" \([^()]*\)$")
"""A record's key behind its title, as choices are told."""
_INTEGER = re.compile(r"[+-]?\d{1,30}")
_REAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def controls_of(
    book: Book, record_type: RecordType, kept: Kept | None, reckoned: Collection[str] = ()
) -> list[Control]:
    """The form as it is opened: of a record, or of a new one; reckoned fields are only shown."""
    made = bare_controls(record_type, kept, record_type.shown)
    for control in made:
        if control.field.name in reckoned:
            control.kind = "shown"
    _tell_zones(book, record_type, made, kept)
    fill_references(book, made)
    _show_read_only(book, record_type, made, kept)
    return made


def bare_controls(
    record_type: RecordType, kept: Kept | None, fields: Iterable[Field]
) -> list[Control]:
    """A control for each field with what stands there; references have no names yet."""
    made = []
    for field in fields:
        cell = None if kept is None else kept.fields.get(field.name)
        control = Control(
            field=field,
            kind="shown" if record_type.is_read_only(field) else _kind(field, cell),
            label=field.label or field.name,
            required=record_type.is_required(field),
            value=_entry(field, cell),
        )
        control.was = control.value
        control.has_file = field.kind is Kind.BLOB and cell is not None
        if field.choices:
            control.choices = tuple(Choice(word, word) for word in field.choices)
        made.append(control)
    return made


def _tell_zones(
    book: Book, record_type: RecordType, controls: Iterable[Control], kept: Kept | None
) -> None:
    """Which moments are stored with a zone: as those of the record are, else of another one."""
    wanted = [control for control in controls if control.kind == "datetime"]
    if not wanted:
        return
    names = [field.name for field in record_type.fields if field.kind is Kind.DATETIME]
    cells = [] if kept is None else [kept.fields.get(name) for name in names]
    if not any(cells) and any("timestamp" not in c.field.storage.lower() for c in wanted):
        others = book.page(record_type.name, Query(limit=1)).records
        cells = [one.fields.get(name) for one in others for name in names]
    for control in wanted:
        control.zoned = moments.has_zone(control.field, *cells)


def _show_read_only(
    book: Book, record_type: RecordType, controls: Iterable[Control], kept: Kept | None
) -> None:
    """What stands in the fields that are only read; of a new record nothing does."""
    wanted = [control for control in controls if control.kind == "shown"]
    if not wanted or kept is None:
        return
    names = Names(book, [register.type for register in book.registers()], [kept])
    for control in wanted:
        control.shown = shown_value(control.field, kept, names, Addresses(book.root))


def give(book: Book, controls: Iterable[Control], told: QueryDict) -> None:
    """Values of a new record that the address gives, as for what belongs to another record."""
    wanted = list(controls)
    for control in wanted:
        if control.name in told and control.takes_text:
            control.value = told.get(control.name, "")[:LONG]
    fill_references(book, wanted)


def fill(
    book: Book, controls: Iterable[Control], request: HttpRequest, *, references: bool = True
) -> dict[str, object]:
    """Takes over what was sent into the controls; the values that the person changed, by field.

    Raises nothing: what cannot be read stands in `error` of its control. Who fills
    many records reads the names of their references at once, and not here.
    """
    given: dict[str, object] = {}
    wanted = list(controls)
    for control in wanted:
        if control.kind == "file":
            _take_file(control, request, given)
            continue
        if control.name not in request.POST or not control.takes_text:
            continue
        sent = request.POST.get(control.name, "").replace("\r\n", "\n")
        control.was = request.POST.get(control.was_name, "").replace("\r\n", "\n")
        control.value = sent
        told = request.POST.getlist(control.name)
        if control.text_name in request.POST and len(told) == 1:  # else: chosen among several
            _take_typed(book, control, request.POST.get(control.text_name, "").strip())
        if control.value != control.was:
            try:
                given[control.field.name] = _given(control)
            except BadValue as error:
                control.error = error_words(error, control.field)
    if references:
        fill_references(book, wanted)
    return given


def _given(control: Control) -> object:
    """The value that a person wrote or chose; BadValue."""
    if control.required and control.value == "":
        raise BadValue("REQUIRED")
    if control.kind == "datetime" and control.value:
        return moments.written(control.value, zoned=control.zoned)
    return value_of(control.field, control.value)


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
            rest.append(told_words(error, None) if not name else f"{name}: {told_words(error)}")
        else:
            control.error = told_words(error, control.field)
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
        case Kind.DATETIME if cell is None or moments.entry(cell) is not None:
            return "datetime"
        case Kind.DATE | Kind.TIME if _is_iso(field.kind, cell):
            return str(field.kind.value)
        case Kind.JSON:
            return "area"
    text = cell if isinstance(cell, str) else ""
    free = field.max_length is None and is_prose(field.name)
    long = field.kind is Kind.TEXT and (free or (field.max_length or 0) > LONG)
    return "area" if long or "\n" in text or len(text) > LONG else "text"


def _is_iso(kind: Kind, cell: Cell) -> bool:
    """Whether the browser's own control can hold a day or a time; zones it knows nothing of."""
    if cell is None:
        return True
    try:
        text = str(cell)
        if kind is Kind.DATE:
            return datetime.date.fromisoformat(text).isoformat() == text
        return datetime.time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _entry(field: Field, cell: Cell) -> str:
    """What a control shows for a cell: the same text goes back for the same cell."""
    if field.kind is Kind.DATETIME and (told_locally := moments.entry(cell)) is not None:
        return told_locally
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
    if isinstance(sent, UploadedFile) and (sent.size or 0) > MAX_FILE_BYTES:
        control.error = _("At most %(size)s. Choose a smaller file.") % {
            "size": filesizeformat(MAX_FILE_BYTES)
        }
    elif isinstance(sent, UploadedFile):
        given[control.field.name] = as_base64(sent.read())
    elif request.POST.get(control.away_name):
        given[control.field.name] = None


def _take_typed(book: Book, control: Control, typed: str) -> None:
    """A reference that was typed: the one record of that name, or a choice among several."""
    reference = control.field.reference
    assert reference is not None
    if typed in _names_held(book, control):
        return
    if not typed:
        control.value = ""
        return
    found = suggestions(book, reference.type, _WITH_KEY.sub("", typed))
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


def _names_held(book: Book, control: Control) -> tuple[str, ...]:
    """What the record that a control holds is called, alone and with its key; the empty text for none."""
    found = book.records([control.value]).get(control.value) if control.value else None
    if found is None:
        return ("",)
    record_type = book.register(found.type).type
    return (title_of(record_type, found), _choice(record_type, found).label)


def fill_references(book: Book, controls: Iterable[Control], *, keep_typed: bool = False) -> None:
    """What the chosen records are called, and short lists whole; texts that were typed may stay."""
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
        if keep_typed and control.picked:
            pass
        elif kept is not None and register is not None and not control.error:
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
