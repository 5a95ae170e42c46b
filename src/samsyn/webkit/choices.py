"""What each person has chosen for the pages of a company, kept until it is chosen otherwise."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from django.db import models

from samsyn.webkit.models import Choice
from samsyn.webkit.registers.book import Whose

T = TypeVar("T")
MAX_BYTES = 16_000
"""Of a value's JSON; a longer one is not kept."""
MAX_NAME = 300


def chosen(whose: Whose, name: str, kind: type[T], otherwise: T) -> T:
    """The value of that name, of that type; `otherwise` where nothing fit is kept."""
    found = _row(whose, name).values_list("value", flat=True).first()
    if found is None:
        return otherwise
    try:
        return msgspec.json.decode(found, type=kind)
    except msgspec.DecodeError:
        return otherwise


def choose(whose: Whose, name: str, value: object) -> None:
    """Keep a value under that name; the others stay."""
    told = msgspec.json.encode(value).decode()
    if len(told) > MAX_BYTES or len(name) > MAX_NAME:
        return
    Choice.objects.update_or_create(
        company_id=whose.company, person_id=whose.person, name=name, defaults={"value": told}
    )


def forget(whose: Whose, name: str) -> None:
    """Back to what stands where nothing is chosen."""
    _row(whose, name).delete()


def _row(whose: Whose, name: str) -> models.QuerySet[Choice]:
    return Choice.objects.filter(company_id=whose.company, person_id=whose.person, name=name)
