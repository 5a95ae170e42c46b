"""Keeps news for the members whose work it was: in the transaction that records it, and each once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import uuid_utils
from django.db import transaction

from samsyn.online.companies.models import Member
from samsyn.online.notices import settings
from samsyn.online.notices.waking import letters_due
from samsyn.records.befalling import News
from samsyn.records.tenant import Tenant

AT_ONCE = 200
"""News of one sync that one person gets a line each for; the last line tells how many more."""
_COLUMNS = ("id", "person_id", "fate", "type", "record_id", "about", "at", "beyond")


def keep(tenant: Tenant, news: Sequence[News]) -> None:
    """Lines for the members among those whom the news concern."""
    people = _members(tenant, {one.by for one in news})
    for person, zone in sorted(set(people.values())):
        own = [one for one in news if people.get(one.by) == (person, zone)]
        if _keep(tenant, person, own):
            _make_due(tenant, person, zone, own[-1].at)


def _members(tenant: Tenant, addresses: set[str]) -> dict[str, tuple[str, str]]:
    """Person and time zone by address, present or former; only those who are members now."""
    members = Member.objects.filter(company_id=tenant.company)
    of_now = members.filter(person__email__in=addresses)
    rows = of_now.values_list("person__email", "person_id", "person__time_zone")
    people = {email: (person, zone) for email, person, zone in rows}
    left = addresses - people.keys()
    if left:
        of_before = members.filter(person__formeraddress__email__in=left)
        rows = of_before.values_list(
            "person__formeraddress__email", "person_id", "person__time_zone"
        )
        people |= {email: (person, zone) for email, person, zone in rows if email in left}
    return people


def _keep(tenant: Tenant, person: str, news: Sequence[News]) -> bool:
    """Whether any of it is new."""
    known = _known(tenant, person, news[:AT_ONCE])
    shown = [one for one in news[:AT_ONCE] if (one.fate.value, one.about) not in known]
    beyond = len(news) - AT_ONCE
    tenant.insert(
        "notice",
        _COLUMNS,
        [
            (
                uuid_utils.uuid7().hex,
                person,
                one.fate.value,
                one.type,
                one.record,
                one.about,
                one.at,
                max(0, beyond) if one is shown[-1] else 0,
            )
            for one in shown
        ],
        " ON CONFLICT DO NOTHING",
    )
    return bool(shown)


def _known(tenant: Tenant, person: str, news: Sequence[News]) -> set[tuple[str, str]]:
    asked = {f"a{place}": one.about for place, one in enumerate(news)}
    found = tenant.rows(
        "SELECT fate, about FROM notice WHERE company_id = %(company)s AND person_id = %(person)s"
        f" AND about IN ({', '.join(f'%({name})s' for name in asked)})",
        person=person,
        **asked,
    )
    return {(fate, about) for fate, about in found}


def _make_due(tenant: Tenant, person: str, zone: str, at: str) -> None:
    """A letter, where the member wants one; an earlier one that is due tells this too.

    The row is written also where a letter is due already: whoever writes that
    letter waits for this transaction, or this one for the letter.
    """
    chosen = settings.setting(tenant, person)
    now = datetime.datetime.fromisoformat(at)
    moment = settings.due(chosen.way, now, chosen.last_letter, settings.zone_of(zone))
    if moment is not None:
        settings.make_due(tenant, person, moment)
        transaction.on_commit(letters_due.set)
