"""Why a database did not take a change, in words for the person who made it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field
from samsyn.webkit.registers.faults import error_words

DATABASE_SPEAKS = frozenset(
    {
        "ROW_REFUSED",
        "UNIQUE_TAKEN",
        "REQUIRED_MISSING",
        "CHECK_FAILED",
        "REFERENCE_MISSING",
        "PERMISSION_MISSING",
        "VALUE_UNFIT",
        "REFUSED_BY_TRIGGER",
        "EVERYTHING_UNDONE",
    }
)
"""Refusals whose reason is what the database said, in the language that it speaks."""


def refusal_words(code: str, field: str = "", waits_for: str = "") -> str:
    """What is wrong, and what to do; `waits_for` is what the record that must come first is called."""
    match code:
        case "ROW_REFUSED" | "ROW_GONE":
            return _("The office's database does not take the change.")
        case "UNIQUE_TAKEN":
            return _("Another record has this value already, and two may not have it.")
        case "REQUIRED_MISSING":
            return _("A value is missing that the office's database requires.")
        case "CHECK_FAILED":
            return _("The value breaks a rule of the office's database.")
        case "REFERENCE_MISSING":
            return _("It points at a record that the office does not have, or others point at it.")
        case "PARENT_MISSING" if waits_for:
            return _(
                "%(field)s points at %(record)s, which the office does not have yet. It goes on by itself when that arrives."
            ) % {"field": field, "record": waits_for}
        case "PARENT_MISSING":
            return _("It points at a record that the office does not have.")
        case "PERMISSION_MISSING":
            return _(
                "Samsyn may not write this in the office's database. Who looks after the database has to allow it."
            )
        case "PROGRAM_NEEDED":
            return _("Only the office's own program can write this.")
        case "VALUE_UNFIT":
            return _("The value does not fit in the office's database.")
        case "IGNORED_BY_TRIGGER" | "REFUSED_BY_TRIGGER" | "EVERYTHING_UNDONE":
            return _("The rules of the office's own program do not let the change through.")
    return error_words(BadValue(code))


def told_words(error: BadValue, field: Field | None = None) -> str:
    """What is wrong with a value of a form, also where the database itself did not take it."""
    if error.code in DATABASE_SPEAKS or error.code == "IGNORED_BY_TRIGGER":
        return refusal_words(error.code)
    return error_words(error, field)
