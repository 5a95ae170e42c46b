"""What is wrong with a value, in words for who wrote it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, Kind


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
        case "NOT_YES_OR_NO":
            return _("Write yes or no.")
        case "NOT_JSON":
            return _("This is no JSON document.")
        case "NOT_A_REFERENCE" | "UNKNOWN_REFERENCE":
            return _("Choose a record that is there.")
        case "KEY_TAKEN":
            return _("Another record has this key already.")
    return _("This value cannot be stored.")
