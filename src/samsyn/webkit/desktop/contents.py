"""Contents that panels of both programs show: rows, a ranking with bars, days with columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice

import msgspec
from django.utils.formats import number_format

from samsyn.webkit.desktop.desk import Content

ITEMS = 200
"""No panel shows more."""
WIDTH, HEIGHT = 100, 40
"""Of the charts, in their own units."""


class Row(msgspec.Struct, frozen=True):
    """A line of a panel: what it is about, and what is told beside it."""

    title: str
    url: str = ""
    more: str = ""
    at: str = ""
    icon: str = ""
    tag: str = ""
    """A word that stands out, such as `overdue`."""


class Ranked(msgspec.Struct, frozen=True):
    """Something with a number by which it is compared with others."""

    title: str
    value: Decimal
    url: str = ""


class Day(msgspec.Struct, frozen=True):
    """What went either way in a day; `name` is the day as people read it."""

    name: str
    up: int
    down: int


def rows(found: Iterable[Row], empty: str, *, more_url: str = "", more_words: str = "") -> Content:
    """Lines, or the words for none."""
    values = {"rows": list(islice(found, ITEMS)), "empty": empty}
    return Content("desktop/rows.html", values, more_url, more_words)


def ranking(
    found: Sequence[Ranked], empty: str, unit: str = "", note: str = "", *, more_url: str = "",
    more_words: str = "",
) -> Content:  # fmt: skip
    """Lines in falling order, each with a bar as long as its share of the first."""
    listed = sorted(found, key=lambda one: -one.value)[:ITEMS]
    most = max((one.value for one in listed), default=Decimal(0))
    values = {
        "ranked": [
            {
                "title": one.title,
                "url": one.url,
                "value": number_format(one.value, 2 if unit else 0, force_grouping=True),
                "share": share(one.value, most, WIDTH),
            }
            for one in listed
        ],
        "unit": unit,
        "note": note,
        "empty": empty,
    }
    return Content("desktop/ranking.html", values, more_url, more_words)


def days(
    found: Sequence[Day], facts: Sequence[tuple[str, str]], *, more_url: str = "",
    more_words: str = "",
) -> Content:  # fmt: skip
    """Columns for what went up and down in each day, the numbers in a table, facts above."""
    most = max((max(one.up, one.down) for one in found), default=0)
    step = WIDTH // max(1, len(found))
    values = {
        "facts": facts,
        "days": [
            {
                "name": one.name,
                "up": number_format(one.up, force_grouping=True),
                "down": number_format(one.down, force_grouping=True),
                "x": step * place + 1,
                "x2": step * place + step // 2,
                "width": max(1, step // 2 - 2),
                "up_height": share(Decimal(one.up), Decimal(most), HEIGHT),
                "down_height": share(Decimal(one.down), Decimal(most), HEIGHT),
            }
            for place, one in enumerate(found)
        ],
        "any": most > 0,
        "height": HEIGHT,
        "width": WIDTH,
    }
    return Content("desktop/days.html", values, more_url, more_words)


def share(value: Decimal, most: Decimal, of: int) -> int:
    """A length in whole units, so that no language's decimal comma gets into a drawing; never none for something."""
    if value <= 0 or most <= 0:
        return 0
    return max(1, int(value * of / most))
