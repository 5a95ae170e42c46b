"""Small edits of contacts and contact persons."""

from __future__ import annotations

import datetime as dt
from random import Random

from samsyn.demo import numbers, people, places
from samsyn.demo.company import domain
from samsyn.demo.desk import Desk
from samsyn.demo.firms import new_firm_name
from samsyn.demo.picking import any_employee, any_of, whole
from samsyn.demo.telling import Happening

_NEW_FIRMS_FROM = 400_000
"""New firms' organisation numbers lie beyond those of the firms a company starts with."""


def phone_changed(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A contact has a new telephone number."""
    found = any_of(desk, dice, "contacts", "contact_no, name, country")
    if found is None:
        return None
    contact_no, name, phone = whole(found[0]), found[1], numbers.line_no(str(found[2]), dice)
    desk.write("UPDATE contacts SET phone = ? WHERE contact_no = ?", phone, contact_no)
    return Happening(
        "contacts",
        contact_no,
        f"New telephone number for {name}: {phone}",
        f"Nytt telefonnummer till {name}: {phone}",
    )


def contact_moved(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A contact has moved to another address in its country."""
    found = any_of(desk, dice, "contacts", "contact_no, name, country")
    if found is None:
        return None
    contact_no, name, new = whole(found[0]), found[1], places.address(str(found[2]), dice)
    desk.write(
        "UPDATE contacts SET street = ?, postal_code = ?, city = ? WHERE contact_no = ?",
        new.street,
        new.postal_code,
        new.city,
        contact_no,
    )
    there = f"{new.street}, {new.postal_code} {new.city}"
    return Happening(
        "contacts",
        contact_no,
        f"{name} has moved to {there}",
        f"{name} har flyttat till {there}",
    )


def terms_changed(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A contact gets other terms of payment."""
    found = any_of(desk, dice, "contacts", "contact_no, name, payment_days")
    if found is None:
        return None
    contact_no, name, before = whole(found[0]), found[1], whole(found[2])
    days = dice.choice([d for d in (10, 15, 20, 30, 45, 60) if d != before])
    desk.write("UPDATE contacts SET payment_days = ? WHERE contact_no = ?", days, contact_no)
    return Happening(
        "contacts",
        contact_no,
        f"{name} now pays within {days} days instead of {before}",
        f"{name} betalar nu på {days} dagar i stället för {before}",
    )


def contact_entered(desk: Desk, dice: Random, now: dt.datetime) -> Happening:
    """A new firm is entered as a prospect."""
    name, home = new_firm_name(dice), places.address("SE", dice)
    reference = any_employee(desk, dice)
    contact_no = desk.enter(
        "contacts",
        {
            "name": name,
            "org_no": _free_org_no(desk, dice),
            "status_code": "PROSP",
            "street": home.street,
            "postal_code": home.postal_code,
            "city": home.city,
            "phone": numbers.line_no("SE", dice),
            "email": f"info@{domain(name)}",
            "our_reference": reference[0] if reference else None,
            "customer_since": now.date().isoformat(),
        },
    )
    return Happening(
        "contacts",
        contact_no,
        f"New contact {contact_no}: {name}, {home.city}",
        f"Ny kontakt {contact_no}: {name}, {home.city}",
    )


def person_entered(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A firm has a new person to talk to."""
    found = any_of(
        desk, dice, "contacts", "contact_no, name, country", "contact_type <> ?", "Privatperson"
    )
    if found is None:
        return None
    contact_no, firm, country = whole(found[0]), str(found[1]), str(found[2])
    name = people.person(country, dice)
    mailbox = f"{people.mailbox(name.first)}.{people.mailbox(name.last)}"
    person_id = desk.enter(
        "contact_persons",
        {
            "contact_no": contact_no,
            "first_name": name.first,
            "last_name": name.last,
            "job_title": "Inköpare",
            "email": f"{mailbox}@{domain(firm)}",
            "mobile": numbers.mobile_no(country, dice),
        },
    )
    return Happening(
        "contact_persons",
        person_id,
        f"{name} is the new buyer at {firm}",
        f"{name} är ny inköpare hos {firm}",
    )


def _free_org_no(desk: Desk, dice: Random) -> str:
    while True:
        org_no = numbers.org_no("SE", _NEW_FIRMS_FROM + int(dice.random() * 100_000), 0)
        if desk.row("SELECT 1 FROM contacts WHERE org_no = ?", org_no) is None:
            return org_no
