"""The quarantine clinic at the office: finds the entry that is meant, reads values, asks the service."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import ClassVar

from samsyn.agent import lists
from samsyn.agent.runner import connected_service
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import CompanyDb
from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind
from samsyn.core.cells import Cell
from samsyn.core.clinic import Fix
from samsyn.core.errors import SamsynError
from samsyn.core.given import Literal
from samsyn.core.values import parse
from samsyn.protocol.messages import FixOrder, QuarantineEntry

DIGITS = 4
"""Of an entry's number; more where two would have the same."""


class NoSuchEntry(SamsynError):
    """Nothing in quarantine has this `number`."""

    code: ClassVar[str] = "NO_SUCH_QUARANTINE_NUMBER"


class NotToldYet(SamsynError):
    """The service does not know of the entry yet: `number`."""

    code: ClassVar[str] = "QUARANTINE_NOT_TOLD"


class UnknownFieldName(SamsynError):
    """The type has no such field: `type`, `field`, `fields`."""

    code: ClassVar[str] = "NO_SUCH_FIELD"


class ValueWrong(SamsynError):
    """A value that the field cannot have; `problem` tells why, with the facts of that."""

    code: ClassVar[str] = "VALUE_WRONG"


def numbered(entries: Iterable[QuarantineEntry]) -> dict[str, QuarantineEntry]:
    """The entries by number. A number follows from the record, so it stays while the list changes."""
    listed = list(entries)
    short = Counter(_number(entry, DIGITS) for entry in listed)
    return {
        _number(entry, DIGITS if short[_number(entry, DIGITS)] == 1 else 2 * DIGITS): entry
        for entry in listed
    }


def find(db: CompanyDb, number: str) -> QuarantineEntry:
    """The entry of that number. Raises NoSuchEntry."""
    entry = numbered(lists.quarantine(db)).get(number)
    if entry is None:
        raise NoSuchEntry(number=number)
    return entry


def mend(
    db: CompanyDb,
    number: str,
    fix: Fix,
    texts: Mapping[str, str],
    record: str | None = None,
    prefer: tuple[str, ...] = (),
) -> QuarantineEntry:
    """The entry after the fix. Values are texts as a person writes them.

    Raises NoSuchEntry, NotToldYet, UnknownFieldName, ValueWrong, NotConnected
    and what the service refuses.
    """
    entry = find(db, number)
    if not entry.id:
        raise NotToldYet(number=number)
    fields = {name: cell_of(db, entry.type, name, text) for name, text in texts.items()}
    with closing(connected_service(db)) as service:
        return service.mend(FixOrder(entry.id, fix.value, fields, record, prefer))


def cell_of(db: CompanyDb, type_: str, name: str, text: str) -> Cell:
    """What a person wrote, as a cell; nothing at all is an empty field."""
    record_type = by_name(db).get(type_)
    known = () if record_type is None else record_type.fields
    field = next((field for field in known if field.name == name), None)
    if field is None:
        raise UnknownFieldName(type=type_, field=name, fields=[field.name for field in known])
    try:
        if text == "" and (field.kind is not Kind.TEXT or field.nullable):
            return parse(field, db.engine, None)
        return parse(field, db.engine, _plain(db, field, text))
    except BadValue as error:
        raise ValueWrong(problem=error.code, field=name, type=type_, **error.facts) from error


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
YES = frozenset({"true", "yes", "1", "ja", "sant"})
NO = frozenset({"false", "no", "0", "nej", "falskt"})


def _plain(db: CompanyDb, field: Field, text: str) -> object:
    """The value as the REST API would get it."""
    match field.kind:
        case Kind.INTEGER:
            return int(text) if text.removeprefix("-").isdecimal() else text
        case Kind.REAL:
            return Literal(text) if _NUMBER.fullmatch(text) else text
        case Kind.BOOLEAN if text.lower() in YES | NO:
            return text.lower() in YES
        case Kind.REFERENCE:
            return _referred(db, field, text) or text
    return text


def _referred(db: CompanyDb, field: Field, text: str) -> str | None:
    """The id of the record that a person names by its key."""
    assert field.reference is not None, "a reference"
    target = by_name(db).get(field.reference.type)
    if target is None:
        return None
    column = target.field(field.reference.column)
    if column.kind is Kind.INTEGER and not text.isdecimal():
        return None
    value = int(text) if column.kind is Kind.INTEGER else text
    key = db.find(target, field.reference.column, value)
    return None if key is None else db.ids_of(target, [key]).get(key)


def _number(entry: QuarantineEntry, digits: int) -> str:
    digest = hashlib.blake2b(f"{entry.side} {entry.record}".encode(), digest_size=8).digest()
    return str(10 ** (digits - 1) + int.from_bytes(digest) % (9 * 10 ** (digits - 1)))
