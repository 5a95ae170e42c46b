"""People work in a trading firm's registers: drafts, import, calendar, orders with lines, pickers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from samsyn.core.catalog import Catalog
from samsyn.core.cells import Cell
from tests.browser.chromium import WIDE, Visitor
from tests.browser.conftest import NewVisitor
from tests.online.conftest import Company
from tests.online.office import Loaded, Office, rid
from tests.online.running import Service
from tests.pages.trade import TYPES

CONTACTS = 205
"""More than a list box takes: references are typed."""


class Firm(Company):
    """A company whose office has contacts, activities, products and orders."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        code = service.command("pairing-code", "--company", self.id)["code"]
        self.office = Office(service.url, code, Catalog("sqlite", TYPES))
        self._load(
            "contacts",
            {
                n: {"name": f"Kund {n:03}", "city": "Malmö", "phone": f"08-{n}"}
                for n in range(1, CONTACTS + 1)
            },
        )
        self._load("persons", {})
        self._load("activities", {
            301: {"subject": "Möte med Kund 001", "starts_at": "2026-11-24 09:00:00", "ends_at": "2026-11-24 10:30:00", "contact_no": rid(1)},
            302: {"subject": "Ring Kund 002", "starts_at": "2026-11-24 09:30:00"},
            303: {"subject": "Mässa", "starts_at": "2026-11-25 00:00:00", "ends_at": "2026-11-27 00:00:00", "all_day": 1},
        })  # fmt: skip
        products: list[Loaded] = [
            (rid(n), (f"A-{n}",), {"product_no": f"A-{n}", "name": f"Skruv {n}", "price": 12.5})
            for n in (401, 402)
        ]
        self.office.load("products", *products)
        order: dict[str, Cell] = {
            "contact_no": rid(1),
            "order_date": "2026-11-24",
            "currency": "SEK",
            "net_amount": 25,
            "total_amount": 31.25,
        }
        self._load("orders", {501: order})
        self._load(
            "order_lines",
            {
                601: {
                    "order_no": rid(501),
                    "line_no": 1,
                    "product_no": rid(401),
                    "text": "Skruv 401",
                    "quantity": 2,
                    "unit_price": 12.5,
                    "amount": 25,
                }
            },
        )

    def _load(self, type_: str, records: dict[int, dict[str, Cell]]) -> None:
        key = next(t.key[0] for t in TYPES if t.name == type_)
        self.office.load(
            type_, *((rid(n), (n,), {key: n, **fields}) for n, fields in records.items())
        )

    def fields(self, type_: str, record: str) -> dict[str, Cell]:
        """A record as other programs read it."""
        told: dict[str, Cell] = self.program.get(f"records/{type_}/{record}")["fields"]
        return told


@pytest.fixture(scope="module")
def firm(online: Service) -> Firm:
    return Firm(online)


def signed_in(visitor: NewVisitor, firm: Firm, language: str, **options: object) -> Visitor:
    password = firm.service.command("new-password", firm.owner)["password"]
    one = visitor(language=language, **options)
    one.sign_in(firm.owner, password)
    return one


BOTH = pytest.mark.parametrize("language", ["sv", "en"])


@BOTH
def test_a_draft_survives_a_lost_connection_a_closed_tab_and_another_browser(
    visitor: NewVisitor, firm: Firm, language: str
) -> None:
    sv = language == "sv"
    form = f"/c/{firm.id}/r/contacts/{rid(2)}/edit"
    anna = signed_in(visitor, firm, language)
    page = anna.go(form)
    page.get_by_label("city").fill(f"Kiruna {language}")
    anna.sees("Utkast sparat" if sv else "Draft kept")
    anna.context.set_offline(True)
    page.get_by_label("street").fill("Storgatan 1")
    anna.sees("Förbindelsen är bruten" if sv else "The connection is lost")
    anna.complaints.clear()  # the browser tells of the lost connection too
    anna.context.set_offline(False)
    anna.sees("Utkast sparat" if sv else "Draft kept")
    anna.page.close()
    anna.page = anna.context.new_page()
    page = anna.go(form)
    anna.sees("Ditt utkast från" if sv else "Your draft from")
    expect(page.get_by_label("street")).to_have_value("Storgatan 1")
    anna.look(f"draft-{language}")
    assert firm.fields("contacts", rid(2))["city"] != f"Kiruna {language}"
    anna.go(f"/c/{firm.id}/r/drafts")
    anna.look(f"drafts-{language}")
    other = signed_in(visitor, firm, language)
    other.go(form)
    expect(other.page.get_by_label("city")).to_have_value(f"Kiruna {language}")
    other.press("Kasta utkastet" if sv else "Throw the draft away")
    other.sees("Utkastet är kastat" if sv else "The draft is thrown away")


def test_who_was_signed_out_meanwhile_goes_on_after_signing_in_in_another_tab(
    visitor: NewVisitor, firm: Firm
) -> None:
    anna = signed_in(visitor, firm, "en")
    page = anna.go(f"/c/{firm.id}/r/contacts/{rid(3)}/edit")
    anna.context.clear_cookies(name="samsyn_session")
    page.get_by_label("city").fill("Kiruna")
    anna.sees("You are signed out")
    tab, anna.page = anna.page, anna.context.new_page()
    password = firm.service.command("new-password", firm.owner)["password"]
    anna.sign_in(firm.owner, password)
    anna.page = tab
    anna.sees("Draft kept")
    anna.press("Save")
    anna.sees("1 field saved.")
    assert firm.fields("contacts", rid(3))["city"] == "Kiruna"


@BOTH
def test_a_table_is_imported_after_its_effect_is_seen(
    visitor: NewVisitor, firm: Firm, language: str, tmp_path: Path
) -> None:
    sv, root = language == "sv", f"/c/{firm.id}/r/contacts"
    n = 11 if sv else 12
    table = tmp_path / "kunder.csv"
    number = "1500,50" if sv else "1500.50"
    table.write_text(
        f"contact_no;name;city;credit_limit\n{n};Kund {n:03};Ystad;{number}\n;Ny {language};Umeå;\n;Fel {language};;mycket\n"
    )
    anna = signed_in(visitor, firm, language)
    page = anna.go(f"{root}/import")
    anna.look(f"import-{language}")
    page.locator("#table").set_input_files(table)
    anna.press("Visa vad som skulle ändras" if sv else "Show what it would change")
    anna.sees("Skriv ett tal." if sv else "Write a number.")
    anna.look(f"import-refused-{language}")
    page.get_by_role("link", name="Ändrade" if sv else "Changed").click()
    expect(page.locator(".changes ins")).to_contain_text(["Ystad"])
    anna.look(f"import-changed-{language}")
    assert firm.fields("contacts", rid(n))["city"] == "Malmö"
    anna.press("Importera 2 element" if sv else "Import 2 records")
    anna.sees("1 nytt element" if sv else "1 new record")
    told = firm.fields("contacts", rid(n))
    assert (told["city"], told["credit_limit"]) == ("Ystad", "1500.50")


@BOTH
def test_a_calendar_is_read_and_a_record_is_made_at_an_hour_by_keyboard(
    visitor: NewVisitor, firm: Firm, language: str
) -> None:
    sv, root = language == "sv", f"/c/{firm.id}/r/activities"
    anna = signed_in(
        visitor, firm, language, size=WIDE
    )  # hours are chosen in a grid that a phone does not have
    page = anna.go(f"{root}/calendar?view=month&on=2026-11-24")
    anna.look(f"month-{language}")
    page.get_by_role("link", name="Vecka" if sv else "Week", exact=True).click()
    anna.heading("Vecka 48" if sv else "Week 48")
    anna.look(f"week-{language}")
    page.locator(".slot[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[name='v:starts_at']")).to_have_value("2026-11-24T09:00")
    expect(page.locator("[name='v:ends_at']")).to_have_value("2026-11-24T10:00")
    page.get_by_label("subject").fill(f"Nytt möte {language}")
    anna.press("Spara" if sv else "Save")
    anna.heading(f"Nytt möte {language}")
    anna.go(f"{root}/calendar?view=day&on=2026-11-24")
    anna.sees(f"Nytt möte {language}")
    anna.look(f"day-{language}")


@BOTH
def test_an_orders_lines_are_edited_on_its_page_with_the_right_sum(
    visitor: NewVisitor, firm: Firm, language: str
) -> None:
    sv, order = language == "sv", f"/c/{firm.id}/r/orders/{rid(501)}"
    anna = signed_in(visitor, firm, language)
    page = anna.go(order)
    before = page.locator("#lines tbody tr").count()
    anna.look(f"order-{language}")
    anna.press("Ändra raderna" if sv else "Edit the lines", "link")
    fresh = page.locator("tr.fresh").first
    fresh.locator("select").select_option(label="Skruv 402 (A-402)")
    fresh.locator("[name$='v:quantity']").fill("3")
    anna.press("En rad till" if sv else "Another line")
    expect(page.locator("tr.fresh")).to_have_count(2)
    expect(fresh.locator("[name$='v:quantity']")).to_have_value("3")
    anna.look(f"lines-{language}")
    anna.press("Spara" if sv else "Save")
    expect(page.locator("#lines tbody tr")).to_have_count(before + 1)
    total = 25 + 37.5 * before
    anna.sees(f"{total:.2f}".replace(".", ",") if sv else f"{total:.2f}")
    anna.sees("räknat här" if sv else "reckoned here")
    anna.look(f"order-saved-{language}")


@BOTH
def test_a_reference_is_typed_and_chosen_without_javascript(
    visitor: NewVisitor, firm: Firm, language: str
) -> None:
    sv = language == "sv"
    anna = signed_in(visitor, firm, language, java_script_enabled=False)
    page = anna.go(f"/c/{firm.id}/r/persons/new")
    page.locator("[name='v:name']").fill(f"Bo {language}")
    page.locator("[name='t:contact_no']").fill("Kund 20")
    anna.press("Spara" if sv else "Save")
    anna.sees("Flera stämmer" if sv else "Several fit")
    page.get_by_label("Kund 203").check()
    anna.press("Spara" if sv else "Save")
    anna.heading(f"Bo {language}")
    expect(page.get_by_role("link", name="Kund 203")).to_be_visible()


def test_a_reference_is_picked_from_suggestions(visitor: NewVisitor, firm: Firm) -> None:
    anna = signed_in(visitor, firm, "en")
    page = anna.go(f"/c/{firm.id}/r/persons/new")
    page.get_by_label("name", exact=False).last.fill("Eva")
    text = page.get_by_role("combobox")
    text.fill("140 Kund")
    expect(page.get_by_role("option", name="Kund 140")).to_be_visible()
    anna.look("picker-en")
    text.press("ArrowDown")
    text.press("Enter")
    expect(text).to_have_value("Kund 140 (140)")
    anna.press("Save")
    anna.heading("Eva")
    expect(page.get_by_role("link", name="Kund 140")).to_be_visible()
