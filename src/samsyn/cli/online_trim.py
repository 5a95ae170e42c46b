"""`samsyn online trim`: how long things are kept, as an operator says it."""

from __future__ import annotations

import datetime as dt
import re

from samsyn.online.errors import BadPeriod, PeriodTooShort
from samsyn.records.periods import LEAST_DAYS, ORDINARY_DAYS

_PERIOD = re.compile(r"(\d{1,5})d?")


def before(period: str, now: dt.datetime, *, force: bool) -> str:
    """The moment before which things are let go of, as the store writes moments. BadPeriod, PeriodTooShort."""
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        raise BadPeriod(period=period[:40])
    days = int(found[1])
    least = LEAST_DAYS if force else ORDINARY_DAYS
    if days < least:
        raise PeriodTooShort(days=days, limit=least)
    moment = now.astimezone(dt.UTC) - dt.timedelta(days=days)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
