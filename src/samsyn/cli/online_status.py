"""`samsyn online status`: each company's office as the service sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from samsyn.cli.moments import local
from samsyn.online.companies.accounts import CompanySummary
from samsyn.records.contact import Contact


def as_data(company: CompanySummary, found: Contact) -> dict[str, Any]:
    """A company for programs."""
    return {"company": company.company, "name": company.name, **msgspec.to_builtins(found)}


def lines(company: CompanySummary, found: Contact) -> Iterator[tuple[str, dict[str, object]]]:
    """What is said of a company: how its office stands, and each alarm, as codes with facts."""
    about: dict[str, object] = {
        "company": company.company,
        "name": company.name,
        "computer": found.computer or "–",
        "last_heard": local(found.last_heard) if found.last_heard else "–",
        "waiting": found.waiting,
    }
    if not found.connected:
        yield "CONTACT_NONE", about
        return
    yield "CONTACT_HEARD" if found.heard else "CONTACT_AWAY", about
    if found.paused is not None:
        yield "OFFICE_PAUSED", {**about, "since": local(found.paused)}
    for alarm in found.alarms:
        office = alarm.office.code if alarm.office is not None else "–"
        yield alarm.code, {**about, "since": local(alarm.since), "office_code": office}
