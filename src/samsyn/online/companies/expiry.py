"""The last day of a token, as people write it."""

from __future__ import annotations

import datetime as dt
import re

from samsyn.online.errors import BadExpiry

DAYS = re.compile(r"(\d{1,4})d")


def moment(told: str, now: dt.datetime) -> dt.datetime:
    """The end of a day such as 2027-06-30, or of the day so many days from now (90d); BadExpiry."""
    days = DAYS.fullmatch(told)
    try:
        day = now.date() + dt.timedelta(days=int(days[1])) if days else dt.date.fromisoformat(told)
        return end_of(day)
    except (ValueError, OverflowError) as error:
        raise BadExpiry(expires=told[:40]) from error


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)
