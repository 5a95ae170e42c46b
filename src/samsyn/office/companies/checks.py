"""A company's details, checked as what they are: organisation number, telephone, e-mail, postal code."""

from __future__ import annotations

import re
from types import ModuleType

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import exceptions
from stdnum.dk import cvr
from stdnum.fi import ytunnus
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

COUNTRIES = ("SE", "NO", "DK", "FI")
_NUMBERS: dict[str, ModuleType] = {"SE": swedish, "NO": norwegian, "DK": cvr, "FI": ytunnus}
_POSTAL_DIGITS = {"SE": 5, "NO": 4, "DK": 4, "FI": 5}


class NotOne(ValueError):
    """The text is no organisation number, telephone number, e-mail address or postal code."""


def org_no(text: str, country: str) -> str:
    """The organisation number as its country writes it; NotOne where the check digit is wrong."""
    of_country = _NUMBERS[country]
    bare = text.strip().upper().removeprefix("DK" if country == "DK" else "")
    if country == "SE" and len(digits := re.sub(r"\D", "", bare)) == 12:
        bare = digits[2:]  # with the century, as of a sole trader
    try:
        valid = of_country.validate(bare)
    except exceptions.ValidationError as error:
        raise NotOne from error
    if country == "SE":
        return f"{valid[:6]}-{valid[6:]}"
    if country == "FI":
        return f"{valid[:7]}-{valid[7:]}"
    return (
        " ".join(re.findall("..", valid)) if country == "DK" else " ".join(re.findall("...", valid))
    )


def phone(text: str, country: str) -> str:
    """The telephone number as it is dialled from its own country, or from abroad; NotOne."""
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise NotOne from error
    if not phonenumbers.is_valid_number(parsed):
        raise NotOne
    at_home = phonenumbers.country_code_for_region(country) == parsed.country_code
    kind = phonenumbers.PhoneNumberFormat
    written: str = phonenumbers.format_number(
        parsed, kind.NATIONAL if at_home else kind.INTERNATIONAL
    )
    return written


def email(text: str) -> str:
    """The e-mail address, tidied; NotOne. Nobody is asked whether it is there."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotOne from error


def postal_code(text: str, country: str) -> str:
    """The postal code as its country writes it; NotOne."""
    bare = re.sub(r"[\s-]", "", text.upper().removeprefix(f"{country}-"))
    if not (bare.isascii() and bare.isdigit() and len(bare) == _POSTAL_DIGITS[country]):
        raise NotOne
    return f"{bare[:3]} {bare[3:]}" if country == "SE" else bare
