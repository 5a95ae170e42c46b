"""Orders have their lines on their own page: with sums that are right, and the office's shown as such."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samsyn.core.cells import Cell
from samsyn.online.companies.models import Role
from samsyn.webkit.models import Draft
from samsyn.webkit.registers.lines.sums import decimals_of, rounded
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import new_member, signed_in


def line(
    number: int, quantity: int, price: float, amount: Cell, order: int = 31
) -> dict[str, Cell]:
    return {
        "order_no": rid(order), "line_no": number, "product_no": rid(21), "text": "Skruv",
        "quantity": quantity, "unit_price": price, "discount_percent": 0, "amount": amount,
    }  # fmt: skip


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put("contacts", (1, {"name": "Ett AB"}))
    made.put("products", (21, {"product_no": "A-1", "name": "Skruv", "price": 12.5}))
    order: dict[str, Cell] = {"contact_no": rid(1), "order_date": "2026-11-24", "currency": "SEK"}
    made.put("orders", (31, {**order, "net_amount": 30.1, "total_amount": 37.63}), (32, order))
    made.put("order_lines", (41, line(2, 2, 10, 20)), (42, line(1, 1, 10.1, 10.1)))
    return made


@pytest.fixture
def anna(firm: Firm) -> Client:
    return signed_in(OWNER)


def lines_of(firm: Firm, order: int = 31) -> str:
    return f"{firm.root('orders')}/{rid(order)}/lines"


def row(record: str, **fields: str) -> dict[str, str]:
    """What a browser sends of a row: old and new values."""
    sent: dict[str, str] = {}
    for name, value in fields.items():
        old, _, new = value.rpartition("→")
        sent |= {f"l:{record}:was:{name}": old, f"l:{record}:v:{name}": new}
    return sent


def test_an_order_shows_its_lines_in_order_with_their_sum_and_the_offices(
    firm: Firm, anna: Client
) -> None:
    page = anna.get(f"{firm.root('orders')}/{rid(31)}").content.decode()
    assert page.index(">1</a>") < page.index(">2</a>"), "by the line's number"
    assert re.search(r"<strong>30\.10</strong> SEK", page)
    assert "Reckoned at the office" in page
    assert page.count("37.63") == 1, "the office's sum stands once"
    assert "reckoned here" not in page


def test_lines_are_added_changed_and_taken_away_in_one_save(firm: Firm, anna: Client) -> None:
    sent = {
        **row(rid(41), quantity="2→3"),
        f"l:{rid(42)}:away": "yes",
        **row("new0", line_no="3→3", product_no=f"→{rid(21)}", quantity="→4"),
        **row("new1", line_no="4→4", product_no="→", quantity="→"),
    }
    assert anna.post(lines_of(firm), sent).status_code == 302
    now = {ln["line_no"]: ln for ln in firm.all("order_lines")}
    assert set(now) == {2, 3}
    assert now[2]["quantity"] == 3
    assert (now[3]["text"], now[3]["unit_price"]) == ("Skruv", 12.5), "as the product says"
    assert now[3]["order_no"] == rid(31)
    page = anna.get(f"{firm.root('orders')}/{rid(31)}").content.decode()
    assert re.search(r"<strong>80\.00</strong> SEK", page), "3 × 10 + 4 × 12.50"
    assert page.count("reckoned here") == 2


def test_nothing_is_written_where_one_line_is_refused(firm: Firm, anna: Client) -> None:
    sent = {
        **row(rid(41), quantity="2→3"),
        **row(
            "new0", line_no="3→3", product_no="→", quantity="→1", text="→Frakt", unit_price="→50"
        ),
    }
    answer = anna.post(lines_of(firm), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Fill this in." in page
    assert 'value="Frakt"' in page
    assert {ln["quantity"] for ln in firm.all("order_lines")} == {1, 2}
    assert anna.post(lines_of(firm), row(rid(41), quantity="2→många")).status_code == 422


def test_a_line_that_another_changed_is_shown_before_it_is_written_over(
    firm: Firm, anna: Client
) -> None:
    signed_in(OWNER).post(lines_of(firm), row(rid(41), quantity="2→7"))
    answer = anna.post(lines_of(firm), row(rid(41), quantity="2→3"))
    assert answer.status_code == 422
    assert "There now:" in answer.content.decode()
    assert anna.post(lines_of(firm), row(rid(41), quantity="7→3")).status_code == 302


def test_another_line_keeps_what_is_written_and_the_draft_comes_back(
    firm: Firm, anna: Client
) -> None:
    sent = {**row(rid(41), quantity="2→5"), **row("new0", text="→Halv rad")}
    page = anna.post(lines_of(firm), {**sent, "do": "add"}).content.decode()
    assert 'name="l:new1:v:text"' in page
    assert 'value="Halv rad"' in page
    later = signed_in(OWNER).get(f"{lines_of(firm)}?edit=yes").content.decode()
    assert "Your draft from" in later
    assert 'value="Halv rad"' in later
    anna.post(lines_of(firm), {"do": "throw"})
    assert not Draft.objects.exists()


def test_who_may_only_read_sees_lines_and_cannot_write_them(firm: Firm) -> None:
    new_member(firm.company, "bo@example.com", Role.READ_ONLY)
    bo = signed_in("bo@example.com")
    assert "Edit the lines" not in bo.get(lines_of(firm)).content.decode()
    assert bo.get(f"{lines_of(firm)}?edit=yes").status_code == 403
    assert bo.post(lines_of(firm), row(rid(41), quantity="2→3")).status_code == 403
    assert bo.get(f"{firm.root('contacts')}/{rid(1)}/lines").status_code == 404


def test_what_the_office_reckons_is_no_field_of_the_form(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('orders')}/{rid(31)}/edit"
    assert "v:net_amount" not in anna.get(form).content.decode()
    anna.post(form, {"was:total_amount": "37.63", "v:total_amount": "1.00"})
    assert [o["total_amount"] for o in firm.all("orders") if o["order_no"] == 31] == [37.63]


@pytest.mark.parametrize("edit", ["", "?edit=yes"])
def test_lines_cost_as_many_queries_for_many_as_for_few(
    firm: Firm, anna: Client, edit: str
) -> None:
    anna.get(lines_of(firm) + edit)
    costs = []
    for numbers in (range(50, 52), range(52, 130)):
        firm.put("order_lines", *((n, line(n, 1, 10, 10)) for n in numbers))
        with CaptureQueriesContext(connection) as told:
            anna.get(lines_of(firm) + edit)
        costs.append(len(told))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("amount", "currency", "paid"),
    [
        ("0.125", "SEK", "0.13"),
        ("2.675", "EUR", "2.68"),
        ("-0.125", "SEK", "-0.13"),
        ("99.5", "JPY", "100"),
        ("1.2345", "KWD", "1.235"),
        ("1.005", "", "1.01"),
    ],
)
def test_an_amount_is_rounded_as_its_currency_is_paid(
    amount: str, currency: str, paid: str
) -> None:
    assert str(rounded(Decimal(amount), currency)) == paid
    assert decimals_of(currency.lower()) == decimals_of(currency)
