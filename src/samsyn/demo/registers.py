"""The rows of the registers: statuses, groups, employees, contacts, persons, products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from samsyn.demo import goods, numbers, people, places, talk
from samsyn.demo.company import FIRST_CONTACT_NO, Company, Row, Subject, domain, money


def status_rows(company: Company) -> Iterator[Row]:
    """The stages a contact can be in."""
    for order, (code, name) in enumerate(talk.STATUSES, start=1):
        yield code, name, order * 10


def group_rows(company: Company) -> Iterator[Row]:
    """The product groups."""
    yield from goods.GROUPS


def employee_rows(company: Company) -> Iterator[Row]:
    """The staff."""
    for n, employee in enumerate(company.employees):
        dice = company.dice(Subject.EMPLOYEE, 1000 + n)
        home = places.address("SE", dice)
        hired = company.today - dt.timedelta(days=60 + int(dice.random() * 6000))
        yield (
            employee.employee_id,
            employee.initials,
            employee.name.first,
            employee.name.last,
            employee.job_title,
            employee.department,
            employee.email,
            numbers.line_no("SE", dice),
            numbers.mobile_no("SE", dice),
            home.street,
            home.postal_code,
            home.city,
            hired.isoformat(),
            employee.manager_id,
            money(employee.hourly_kronor * 100),
            n < 6 or dice.random() > 0.06,
        )


def contact_rows(company: Company) -> Iterator[Row]:
    """The contact register, in the order in which contacts were entered."""
    count = company.sizes.contacts
    staff = len(company.employees)
    for n in range(count):
        dice = company.dice(Subject.CONTACT, n)
        contact = company.contact(n, dice)
        since = company.workday((n + dice.random()) / count, 5400)
        chance = dice.random()
        yield (
            contact.contact_no,
            contact.name,
            contact.org_no,
            contact.contact_type,
            _status(contact.buys, chance),
            contact.address.street,
            contact.address.postal_code,
            contact.address.city,
            contact.country,
            numbers.line_no(contact.country, dice) if contact.domain else None,
            numbers.mobile_no(contact.country, dice) if dice.random() < 0.6 else None,
            _email(contact.name, contact.domain, dice.random()),
            f"https://www.{contact.domain}" if contact.domain and chance > 0.2 else None,
            1 + int(dice.random() * staff) if staff and dice.random() < 0.85 else None,
            (10, 15, 20, 30, 30, 30, 30, 45, 60)[int(dice.random() * 9)],
            contact.discount_percent,
            10_000 * (1 + int(dice.random() ** 2 * 50)) if contact.buys else None,
            contact.currency,
            since.isoformat(),
            chance > 0.985,
            _note(dice.random()),
        )


def person_rows(company: Company) -> Iterator[Row]:
    """The people to talk to at each firm."""
    person_id = 0
    for n, country, persons in company.staffed():
        firm = domain(company.firm_name(n, country))
        for place in range(persons):
            person_id += 1
            dice = company.dice(Subject.PERSON, person_id)
            name = people.person(country, dice)
            yield (
                person_id,
                FIRST_CONTACT_NO + n,
                name.first,
                name.last,
                talk.JOB_TITLES[int(dice.random() * len(talk.JOB_TITLES))],
                f"{people.mailbox(name.first)}.{people.mailbox(name.last)}@{firm}",
                numbers.line_no(country, dice) if dice.random() < 0.4 else None,
                numbers.mobile_no(country, dice),
                place == 0,
                dice.random() < 0.35,
                dice.random() < 0.95,
                None,
            )


def product_rows(company: Company) -> Iterator[Row]:
    """The articles of the catalogue, with stock and supplier."""
    suppliers = company.suppliers
    for n, product in enumerate(company.products):
        dice = company.dice(Subject.PRODUCT, n)
        shelf = f"{'ABCDEFG'[int(dice.random() * 7)]}{1 + int(dice.random() * 24):02}"
        yield (
            product.product_no,
            product.name,
            product.group_code,
            product.unit,
            money(product.price_ore),
            money(product.cost_ore),
            int(dice.random() ** 2 * 400),
            f"{shelf}-{1 + int(dice.random() * 5)}",
            numbers.ean13(f"20{n * 7919 % 10_000_000_000:010}"),
            suppliers[int(dice.random() * len(suppliers))] if suppliers else None,
            product.weight_kg,
            dice.random() < 0.03,
            None,
        )


def _status(buys: bool, chance: float) -> str:
    if not buys:
        return "AKTIV" if chance < 0.9 else "VILANDE"
    for limit, code in ((0.62, "AKTIV"), (0.72, "VIP"), (0.82, "PROSP"), (0.88, "NY")):
        if chance < limit:
            return code
    return "VILANDE" if chance < 0.97 else "AVSLUT"


def _email(name: str, domain: str | None, chance: float) -> str | None:
    if domain is not None:
        return f"{('info', 'order', 'kontakt', 'faktura')[int(chance**2 * 4)]}@{domain}"
    if chance < 0.1:
        return None
    first, _, last = name.partition(" ")
    return f"{people.mailbox(first)}.{people.mailbox(last)}@epost.example"


def _note(chance: float) -> str | None:
    place = int(chance * 5 * len(talk.CONTACT_NOTES))
    return talk.CONTACT_NOTES[place] if place < len(talk.CONTACT_NOTES) else None
