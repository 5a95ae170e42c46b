"""The fields of a card and a form in sections, by what their names tell, in the order in which people read them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

import msgspec
from django.utils.translation import pgettext

from samsyn.core.catalog import Field, Kind, RecordType

FEW = 7
"""A record of no more fields is not divided."""
LONG = 300


class Part(enum.Enum):
    """What the fields of a section are about."""

    MAIN = "main"
    REACH = "reach"
    ADDRESS = "address"
    DELIVERY = "delivery"
    AMOUNTS = "amounts"
    NOTES = "notes"


class Section(msgspec.Struct, frozen=True):
    """Fields that are shown together; without a title where the record is not divided."""

    part: Part
    title: str
    fields: tuple[Field, ...]


_DELIVERY = re.compile(r"(^|_)(delivery|shipping|ship_to|leverans|liefer)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"street|addr|postal|post_?code|zip|(^|_)city|(^|_)town|country|(^|_)region"
    r"|gata|postnr|postnummer|(^|_)ort($|_)|(^|_)land($|_)|stra(ss|ß)e|(^|_)plz",
    re.IGNORECASE,
)
_REACH = re.compile(
    r"phone|mobile|telefon|mobil|(^|_)fax|e-?mail|e-?post|website|web_?site|homepage|hemsida|(^|_)url|www",
    re.IGNORECASE,
)
_AMOUNTS = re.compile(
    r"amount|price|cost|total|currency|(^|_)vat|(^|_)tax|discount|credit|budget|percent|payment"
    r"|belopp|pris|summa|valuta|moms|rabatt|kredit|betal|betrag|preis|waehrung",
    re.IGNORECASE,
)


def sections_of(record_type: RecordType) -> list[Section]:
    """The sections of a record type, the main one first; one without title where it is small."""
    shown = record_type.shown
    if len(shown) <= FEW:
        return [Section(Part.MAIN, "", shown)]
    parts = {field.name: _part(record_type, field) for field in shown}
    _gather(parts, shown)
    found = (
        Section(part, _title(part), tuple(f for f in shown if parts[f.name] is part))
        for part in Part
    )
    told = [section for section in found if section.fields]
    return told if len(told) > 1 else [Section(Part.MAIN, "", shown)]


def _part(record_type: RecordType, field: Field) -> Part:
    told = field.name
    if field.name == record_type.title or field.name in record_type.key:
        return Part.MAIN
    if field.kind in (Kind.BLOB, Kind.JSON):
        return Part.NOTES
    if field.kind is Kind.TEXT and not field.choices and (field.max_length or LONG + 1) > LONG:
        return Part.NOTES if field.max_length or is_prose(told) else _by_name(told, field)
    return _by_name(told, field)


def _by_name(told: str, field: Field) -> Part:
    if field.kind is Kind.REFERENCE:
        return Part.MAIN
    if _DELIVERY.search(told) and _ADDRESS.search(told):
        return Part.DELIVERY
    if _REACH.search(told):
        return Part.REACH
    if _ADDRESS.search(told):
        return Part.ADDRESS
    return Part.AMOUNTS if _AMOUNTS.search(told) else Part.MAIN


def is_prose(told: str) -> bool:
    """Whether a field of that name is meant for sentences."""
    return bool(re.search(r"note|descr|comment|remark|memo|text|anm|beskriv", told, re.IGNORECASE))


def _gather(parts: dict[str, Part], shown: Iterable[Field]) -> None:
    """A field alone is no section, but notes; it goes to the main ones."""
    told = list(parts.values())
    for field in shown:
        part = parts[field.name]
        if part is not Part.NOTES and told.count(part) == 1:
            parts[field.name] = Part.MAIN


def _title(part: Part) -> str:
    return {
        Part.MAIN: pgettext("section of a card", "General"),
        Part.REACH: pgettext("section of a card", "Phone and e-mail"),
        Part.ADDRESS: pgettext("section of a card", "Address"),
        Part.DELIVERY: pgettext("section of a card", "Delivery address"),
        Part.AMOUNTS: pgettext("section of a card", "Amounts and terms"),
        Part.NOTES: pgettext("section of a card", "Notes"),
    }[part]
