"""The filter above a list of what happened: register, period, a text, one's own alone; as a form and as a link."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.webkit.registers.book import Register

MAX_SEARCH = 200
ALL = "all"
PERIODS = ("7", "30", "90")


class Asked(msgspec.Struct, frozen=True):
    """What the reader wants to see; what cannot be read is left out."""

    register: str = ""
    days: int | None = None
    """Not older than so many; None for whatever age."""
    search: str = ""
    mine: bool = False
    narrowed: bool = False
    """Whether it is less than what is shown by itself."""

    def since(self) -> datetime.datetime | None:
        """From when on."""
        return None if self.days is None else timezone.now() - datetime.timedelta(days=self.days)

    def types(self, registers: Sequence[Register]) -> tuple[str, ...]:
        """The record types: the chosen one, or all that the reader sees."""
        return tuple(r.type.name for r in registers if self.register in ("", r.type.name))


def asked(
    told: QueryDict | Mapping[str, str], registers: Sequence[Register], usual: int | None
) -> Asked:
    """What the address says; `usual` is the period that is shown by itself."""
    register = told.get("register", "") or ""
    known = any(r.type.name == register for r in registers)
    period = told.get("days", "") or ""
    days = None if period == ALL else int(period) if period in PERIODS else usual
    search = (told.get("q", "") or "")[:MAX_SEARCH]
    mine = told.get("mine") == "1"
    narrowed = bool(known or search.strip() or mine)
    return Asked(register if known else "", days, search, mine, narrowed)


def form(
    asked: Asked, registers: Sequence[Register], *, mine: bool
) -> dict[str, Any]:  # Any: for the template
    """The filter for `webkit/filter_bar.html`."""
    return {
        "registers": [
            {"name": r.type.name, "label": r.label, "chosen": r.type.name == asked.register}
            for r in registers
        ],
        "periods": [
            {"value": value, "label": label, "chosen": value == str(asked.days or ALL)}
            for value, label in _periods().items()
        ],
        "search": asked.search,
        "may_mine": mine,
        "mine": asked.mine,
    }


def titles(registers: Sequence[Register]) -> dict[str, str]:
    """The title field of each register that has one."""
    return {r.type.name: r.type.title for r in registers if r.type.title is not None}


def _periods() -> dict[str, str]:
    return {
        "7": _("the last 7 days"),
        "30": _("the last 30 days"),
        "90": _("the last 90 days"),
        ALL: _("all that is kept"),
    }
