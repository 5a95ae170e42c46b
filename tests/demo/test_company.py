"""The demo company is believable, right in its sums and the same for the same seed."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from samsyn.demo import numbers
from samsyn.demo.company import Company, Sizes
from samsyn.demo.rows import rows
from samsyn.demo.schema import TABLES, table

TODAY = dt.date(2026, 11, 23)


def company(seed: int = 1973, contacts: int = 400, today: dt.date = TODAY) -> Company:
    return Company(seed, Sizes.for_contacts(contacts), today)


def records(firm: Company, name: str) -> list[dict[str, Any]]:  # values of many types
    return [dict(zip(table(name).columns, row, strict=True)) for row in rows(firm, name)]


@pytest.fixture(scope="module")
def firm() -> Company:
    return company()


def everything(firm: Company) -> dict[str, list[tuple[object, ...]]]:
    return {t.name: list(rows(firm, t.name)) for t in TABLES}


def test_the_same_seed_size_and_day_give_the_same_company() -> None:
    assert everything(company()) == everything(company())


def test_another_seed_gives_another_company(firm: Company) -> None:
    ours = {c["name"] for c in records(firm, "contacts")}
    theirs = {c["name"] for c in records(company(seed=2), "contacts")}
    assert len(ours & theirs) < len(ours) / 4


def test_a_company_without_contacts_can_be_made() -> None:
    made = everything(company(contacts=0))
    assert made["contacts"] == made["orders"] == made["order_lines"] == []
    assert made["employees"]


@pytest.mark.parametrize("contacts", [1, 3, 17])
def test_a_tiny_company_can_be_made(contacts: int) -> None:
    made = everything(company(contacts=contacts))
    assert len(made["contacts"]) == contacts
    assert made["orders"]


def test_a_contact_has_twenty_fields_and_its_number() -> None:
    assert len(table("contacts").columns) == 21


def test_no_two_contacts_have_one_organisation_number_or_are_firms_of_one_name() -> None:
    seen = [
        (c["name"], c["org_no"])
        for c in records(company(contacts=20_000), "contacts")
        if c["contact_type"] != "Privatperson"
    ]
    assert len(seen) > 10_000
    assert len({name for name, _ in seen}) == len(seen)
    assert len({org_no for _, org_no in seen}) == len(seen)


def test_a_hundred_thousand_firms_of_each_country_have_numbers_of_their_own() -> None:
    for country in ("SE", "NO", "DK", "FI"):
        assert len({numbers.org_no(country, n, 7) for n in range(100_000)}) == 100_000


# Worked by hand from each country's published rule, independently of the code.
SHAPES: dict[str, tuple[str, tuple[int, ...], int]] = {
    "SE": (r"\d{6}-\d{4}", (2, 1, 2, 1, 2, 1, 2, 1, 2, 1), 10),
    "NO": (r"\d{3} \d{3} \d{3}", (3, 2, 7, 6, 5, 4, 3, 2, 1), 11),
    "DK": (r"\d{8}", (2, 7, 6, 5, 4, 3, 2, 1), 11),
    "FI": (r"\d{7}-\d", (7, 9, 10, 5, 8, 4, 2, 1), 11),
}


def passes_check(country: str, org_no: str) -> bool:
    shape, weights, modulus = SHAPES[country]
    if not re.fullmatch(shape, org_no):
        return False
    products = [int(d) * w for d, w in zip(re.sub(r"\D", "", org_no), weights, strict=True)]
    if country == "SE":
        products = [p // 10 + p % 10 for p in products]
    return sum(products) % modulus == 0


@pytest.mark.parametrize(
    ("country", "org_no"),
    [("SE", "212000-0142"), ("NO", "974 760 673"), ("DK", "10150817"), ("FI", "0245458-3")],
)
def test_the_check_of_check_digits_knows_public_offices(country: str, org_no: str) -> None:
    assert passes_check(country, org_no)
    wrong = org_no[:-1] + str((int(org_no[-1]) + 1) % 10)
    assert not passes_check(country, wrong)


def test_every_organisation_number_has_its_check_digit() -> None:
    firms = [c for c in records(company(contacts=3000), "contacts") if c["org_no"]]
    assert {c["country"] for c in firms} == {"SE", "NO", "DK", "FI"}
    assert [c for c in firms if not passes_check(c["country"], c["org_no"])] == []


def test_article_numbers_have_their_check_digit(firm: Company) -> None:
    for product in records(firm, "products"):
        digits = [int(d) for d in product["ean"]]
        assert len(digits) == 13
        assert sum(digits[::2] + [3 * d for d in digits[1::2]]) % 10 == 0


REACHES_NOBODY = re.compile(
    r"08-465 004 \d\d|031-390 06 \d\d|040-628 04 \d\d|0980-319 2\d\d"
    r"|070-174 06 (0[5-9]|[1-9]\d)"
    r"|\+47 10( \d\d){3}|\+45 10( \d\d){3}|\+358 9 0\d\d \d{4}"
)


@pytest.mark.parametrize("name", ["contacts", "contact_persons", "employees"])
def test_no_telephone_number_mailbox_or_site_reaches_anybody(firm: Company, name: str) -> None:
    for record in records(firm, name):
        for phone in filter(None, (record["phone"], record["mobile"])):
            assert REACHES_NOBODY.fullmatch(phone)
        for address in filter(None, (record["email"], record.get("website"))):
            assert re.search(r"[@.][a-z0-9-]+(\.[a-z0-9-]+)*\.example$", address)
            assert address.isascii()


def test_orders_add_up(firm: Company) -> None:
    net: dict[int, Decimal] = {}
    for line in records(firm, "order_lines"):
        exact = (
            line["quantity"] * Decimal(line["unit_price"]) * (100 - line["discount_percent"]) / 100
        )
        assert exact == exact.quantize(Decimal("0.01")), "a line comes to whole hundredths"
        net[line["order_no"]] = net.get(line["order_no"], Decimal()) + exact
    orders = records(firm, "orders")
    assert {o["order_no"] for o in orders} == set(net)
    for order in orders:
        assert Decimal(order["net_amount"]) == net[order["order_no"]]
        tax = net[order["order_no"]] * order["vat_percent"] / 100
        assert abs(Decimal(order["vat_amount"]) - tax) <= Decimal("0.005")
        assert Decimal(order["total_amount"]) == net[order["order_no"]] + Decimal(
            order["vat_amount"]
        )


def test_order_numbers_follow_the_days_and_no_order_is_of_a_weekend_or_the_future(
    firm: Company,
) -> None:
    days = [dt.date.fromisoformat(o["order_date"]) for o in records(firm, "orders")]
    assert days == sorted(days)
    assert max(days) <= TODAY
    assert TODAY - dt.timedelta(days=14) < max(days)
    assert all(day.weekday() < 5 for day in days)


def test_activities_reach_from_last_year_into_the_coming_weeks(firm: Company) -> None:
    activities = records(firm, "activities")
    coming = [a for a in activities if a["starts_at"][:10] > TODAY.isoformat()]
    assert 20 < len(coming) < len(activities) / 3
    assert not any(a["done"] for a in coming)
    assert all(a["starts_at"] < a["ends_at"] for a in activities)


def test_employees_have_a_manager_who_is_one(firm: Company) -> None:
    staff = records(firm, "employees")
    assert [e["employee_id"] for e in staff if e["manager_id"] is None] == [1]
    assert all(e["manager_id"] < e["employee_id"] for e in staff[1:])


def test_no_two_employees_share_initials_or_mailbox_whatever_the_seed() -> None:
    for seed in range(60):
        staff = Company(seed, Sizes.contacts_only(0), TODAY).employees
        assert len(staff) == 60
        assert len({e.initials for e in staff}) == len({e.email for e in staff}) == 60, seed
