"""How each member wants to be told, and when a letter is due."""

from __future__ import annotations

import datetime
import enum
import zoneinfo

import msgspec
from django.conf import settings as service

from samsyn.records.tenant import Tenant

PAUSE = datetime.timedelta(minutes=10)
"""Between two letters to one person about one company: a flood becomes one letter."""
MORNING = datetime.time(7)
"""When the daily summary is written, in the person's time zone."""


class Way(enum.Enum):
    """How news reach a person."""

    LIST = "list"
    AT_ONCE = "at_once"
    DAILY = "daily"


class Setting(msgspec.Struct, frozen=True):
    """What a member has chosen; those who have not, are told in the list only."""

    way: Way = Way.LIST
    language: str = ""
    last_letter: str | None = None


def setting(tenant: Tenant, person: str) -> Setting:
    """The member's choice."""
    found = tenant.row(
        "SELECT way, language, last_letter FROM notice_setting"
        " WHERE company_id = %(company)s AND person_id = %(person)s",
        person=person,
    )
    return Setting() if found is None else Setting(Way(found[0]), found[1], found[2])


def choose(tenant: Tenant, person: str, way: Way, language: str) -> None:
    """Keep a choice; what waits for a letter waits for the next news."""
    tenant.execute(
        "INSERT INTO notice_setting (company_id, person_id, way, language)"
        " VALUES (%(company)s, %(person)s, %(way)s, %(language)s)"
        " ON CONFLICT (company_id, person_id) DO UPDATE SET way = excluded.way,"
        " language = excluded.language, next_letter = NULL",
        person=person,
        way=way.value,
        language=language,
    )
    tenant.execute(
        "UPDATE notice SET mailed_at = '' WHERE company_id = %(company)s"
        " AND person_id = %(person)s AND mailed_at IS NULL",
        person=person,
    )


def make_due(tenant: Tenant, person: str, at: str) -> None:
    """A letter is due at that moment, or before where one is already."""
    tenant.execute(
        "UPDATE notice_setting SET next_letter = coalesce(next_letter, %(at)s)"
        " WHERE company_id = %(company)s AND person_id = %(person)s",
        person=person,
        at=at,
    )


def letter_written(tenant: Tenant, person: str, moment: str, at: str) -> bool:
    """The letter that was due at a moment is written now; False where somebody else has written it."""
    return bool(
        tenant.execute(
            "UPDATE notice_setting SET next_letter = NULL, last_letter = %(at)s"
            " WHERE company_id = %(company)s AND person_id = %(person)s"
            " AND next_letter = %(moment)s",
            person=person,
            moment=moment,
            at=at,
        )
    )


def due(way: Way, now: datetime.datetime, last: str | None, zone: datetime.tzinfo) -> str | None:
    """When the next letter is to be written about news of this moment; None for never."""
    match way:
        case Way.LIST:
            return None
        case Way.AT_ONCE:
            earliest = now if last is None else datetime.datetime.fromisoformat(last) + PAUSE
            return text(max(now, earliest))
        case Way.DAILY:
            local = now.astimezone(zone)
            day = local.date() + datetime.timedelta(days=local.time() >= MORNING)
            return text(datetime.datetime.combine(day, MORNING, zone))


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """A person's time zone; the service's where it is unset or unknown."""
    for told in (name, service.WEBKIT_TIME_ZONE):
        try:
            return zoneinfo.ZoneInfo(told)
        except (ValueError, zoneinfo.ZoneInfoNotFoundError):
            continue
    return zoneinfo.ZoneInfo("UTC")


def text(at: datetime.datetime) -> str:
    """A moment as the tables have it."""
    told = at.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")
