"""A person works in the office's registers by clicks: drafts, import, order lines, pictures, and somebody else in the same field."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import TO_SEE, Visitor
from tests.browser.stories import Story
from tests.office.running import PASSWORD, Office, Person, office_running

CONTACTS = "/c/sample/r/contacts"
WORDS = {
    "sv": {
        "kept": "Utkast sparat", "draft": "Ditt utkast från", "save": "Spara", "show": "Visa vad som skulle ändras",
        "number": "Skriv ett tal.", "import": "Importera 2 element", "done": "1 nytt element",
        "lines": "Ändra raderna", "another": "En rad till", "meanwhile": "Någon ändrade samma fält medan du skrev",
        "away": "Ta bort filen", "edit": "Ändra",
    },
    "en": {
        "kept": "Draft kept", "draft": "Your draft from", "save": "Save", "show": "Show what it would change",
        "number": "Write a number.", "import": "Import 2 records", "done": "1 new record",
        "lines": "Edit the lines", "another": "Another line", "meanwhile": "Somebody changed the same fields while you wrote",
        "away": "Take the file away", "edit": "Edit",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office program with the sample company, and a database with pictures attached."""
    home = tmp_path_factory.mktemp("office")
    with office_running(home) as started:
        first = Person(started.url)
        told = {"name": "Anna Berg", "username": "anna", "password": PASSWORD}
        assert first.post("/welcome", **told).status == 302
        assert first.post("/companies/sample").to == "/c/sample"
        _attach_pictures(first, home / "pictures.db")
        yield started


def _attach_pictures(anna: Person, path: Path) -> None:
    with apsw.Connection(str(path)) as made:
        made.execute("CREATE TABLE plants (no INTEGER PRIMARY KEY, name TEXT NOT NULL, photo BLOB)")
        made.execute("INSERT INTO plants VALUES (1, 'Lingon', NULL), (2, 'Hallon', NULL)")
    made.close()
    anna.post("/companies/attach", name="Plantskolan", location=str(path))
    sent = anna.post("/companies/attach/plan", **anna.form("/companies/attach/plan"))
    assert sent.to == "/c/plantskolan/settings/company"


@pytest.fixture(params=["sv", "en"])
def anna(
    request: pytest.FixtureRequest, chromium: Browser, office: Office, shots: Path
) -> Iterator[Visitor]:
    """Anna, signed in, in each language."""
    story = Story(chromium, shots, request.param)
    made = story.at(office.url)
    made.go("/sign-in")
    made.fill(username="anna", password=PASSWORD)
    made.send()
    made.page.locator("details.menu.person").wait_for()
    yield made
    story.close()


def language_of(anna: Visitor) -> str:
    return str(anna.page.locator("html").get_attribute("lang"))


def look(anna: Visitor, name: str) -> None:
    if language_of(anna) == "sv" or TO_SEE:
        anna.look(f"or-{name}-{language_of(anna)}")


def test_a_draft_outlives_the_tab_it_was_written_in(anna: Visitor, office: Office) -> None:
    language = language_of(anna)
    words, form = WORDS[language], f"{CONTACTS}/contacts.10002/edit"
    page = anna.go(form)
    page.locator("[name='v:city']").fill(f"Kiruna {language}")
    anna.sees(words["kept"])
    anna.page.close()
    anna.page = anna.context.new_page()
    page = anna.go(form)
    anna.sees(words["draft"])
    expect(page.locator("[name='v:city']")).to_have_value(f"Kiruna {language}")
    look(anna, "draft")
    anna.go("/c/sample/r/drafts")
    look(anna, "drafts")
    anna.go(form)
    anna.press(words["save"])
    anna.page.wait_for_url("**/contacts.10002")
    anna.sees(f"Kiruna {language}")


def test_a_table_is_imported_after_its_effect_is_seen(
    anna: Visitor, office: Office, tmp_path: Path
) -> None:
    language = language_of(anna)
    words, no = WORDS[language], 10011 if language == "sv" else 10012
    number = "1500,50" if language == "sv" else "1500.50"
    table = tmp_path / "contacts.csv"
    table.write_text(
        f"contact_no;name;city;credit_limit\n{no};Kund {no};Ystad {language};{number}\n"
        f";Ny {language};Umeå;\n;Fel {language};;mycket\n"
    )
    page = anna.go(f"{CONTACTS}/import")
    page.locator("#table").set_input_files(table)
    anna.press(words["show"])
    anna.sees(words["number"])
    look(anna, "import")
    anna.press(words["import"])
    anna.sees(words["done"])
    anna.go(f"{CONTACTS}/contacts.{no}")
    anna.sees(f"Ystad {language}")
    anna.heading(f"Kund {no}")


def test_an_orders_lines_are_written_and_its_sums_are_right(anna: Visitor, office: Office) -> None:
    language = language_of(anna)
    words, no = WORDS[language], 1005 if language == "sv" else 1006
    page = anna.go(f"/c/sample/r/orders/orders.{no}")
    before = page.locator("#lines tbody tr").count()
    anna.press(words["lines"], "link")
    fresh = page.locator("tr.fresh").first
    product = fresh.locator("[name$='v:product_no']")
    product.select_option(index=1)
    for field, value in (("text", "Lådor"), ("quantity", "3")):
        fresh.locator(f"[name$='v:{field}']").fill(value)
    fresh.locator("[name$='v:unit_price']").fill("100,50" if language == "sv" else "100.50")
    fresh.locator("[name$='v:discount_percent']").fill("10")
    anna.press(words["another"])
    expect(page.locator("tr.fresh")).to_have_count(2)
    expect(fresh.locator("[name$='v:quantity']")).to_have_value("3")
    look(anna, "lines")
    anna.press(words["save"])
    expect(page.locator("#lines tbody tr")).to_have_count(before + 1)
    expect(page.locator("#lines")).to_contain_text("271,35" if language == "sv" else "271.35")
    file = office.home / "companies" / "sample.sqlite"
    with apsw.Connection(str(file)) as db:
        lines = db.execute("SELECT amount FROM order_lines WHERE order_no = ?", (no,)).fetchall()
        net = db.execute("SELECT net_amount FROM orders WHERE order_no = ?", (no,)).get
    db.close()
    assert isinstance(net, int | float)
    assert round(sum(float(str(amount)) for (amount,) in lines), 2) == round(net, 2)
    shown = f"{net:,.2f}".replace(",", "\N{NO-BREAK SPACE}" if language == "sv" else ",")
    if language == "sv":
        shown = shown.replace(".", ",")
    expect(page.locator("#lines")).to_contain_text(shown)
    look(anna, "order")


def test_a_picture_is_put_in_seen_and_taken_away(
    anna: Visitor, office: Office, tmp_path: Path
) -> None:
    words, card = WORDS[language_of(anna)], "/c/plantskolan/r/plants/plants.1"
    picture = tmp_path / "lingon.png"
    picture.write_bytes(png(40, 30))
    page = anna.go(f"{card}/edit")
    page.locator("input[type=file]").set_input_files(picture)
    look(anna, "picture-form")
    anna.press(words["save"])
    shown = page.locator("main dd img")
    expect(shown).to_be_visible()
    page.wait_for_function("document.querySelector('main dd img').naturalWidth === 40")
    look(anna, "picture")
    anna.go("/c/plantskolan/r/plants")
    look(anna, "pictures")
    anna.go(f"{card}/edit")
    page.get_by_label(words["away"]).check()
    anna.press(words["save"])
    page.wait_for_url("**/plants.1")
    expect(page.locator("main dd img")).to_have_count(0)


def test_two_who_save_the_same_field_are_shown_both(anna: Visitor, office: Office) -> None:
    language = language_of(anna)
    words, card = WORDS[language], f"{CONTACTS}/contacts.10020"
    page = anna.go(f"{card}/edit")
    other = anna.context.new_page()
    other.goto(f"{card}/edit")
    other.locator("[name='v:phone']").fill(f"08-1 {language}")
    other.locator("[name='v:city']").fill(f"Boden {language}")
    other.get_by_role("button", name=words["save"], exact=True).click()
    other.wait_for_url("**/contacts.10020")
    page.locator("[name='v:phone']").fill(f"08-2 {language}")
    anna.press(words["save"])
    anna.sees(words["meanwhile"])
    anna.sees(f"08-1 {language}")
    look(anna, "both")
    anna.press(words["save"])
    page.wait_for_url("**/contacts.10020")
    anna.sees(f"08-2 {language}")
    anna.sees(f"Boden {language}")  # what only the other one had changed stands


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = b"".join(b"\0" + b"\xa0\x20\x40" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_registers_desktop_calendar_and_help_work_without_javascript(
    chromium: Browser, office: Office, shots: Path
) -> None:
    story = Story(chromium, shots, "en")
    anna = story.signed_in(office, java_script_enabled=False)
    page = anna.go("/c/sample")
    panels = page.locator(".desk-panel")
    first = panels.first.get_attribute("data-panel")
    panels.first.locator("summary").click()
    panels.first.get_by_role("button", name="Move later").click()
    expect(panels.nth(1)).to_have_attribute("data-panel", first or "")
    anna.go(CONTACTS)
    page.locator("#q").fill("rosén & östlund")
    page.locator("#q").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody tr a").first.click()
    page.get_by_role("link", name="Show what belongs to it").click()
    page.get_by_role("link", name="Rosén").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.locator("[name='v:street']").fill("Utan skript 1")
    anna.press("Keep as a draft")
    anna.go("/c/sample/r/drafts")
    page.locator("main tbody a, main li a").first.click()
    expect(page.locator("[name='v:street']")).to_have_value("Utan skript 1")
    anna.press("Save")
    page.get_by_role("link", name="Show what happened").click()
    anna.sees("Utan skript 1")
    anna.go("/c/sample/r/activities/calendar?view=month")
    page.get_by_role("link", name="Week", exact=True).click()
    anna.heading("Week")
    anna.go("/c/sample/r/orders/orders.1010")
    anna.press("Edit the lines", "link")
    before = page.locator("tr.fresh").count()
    anna.press("Another line")
    expect(page.locator("tr.fresh")).to_have_count(before + 1)
    anna.go("/help")
    page.locator("#help-q").fill("quarantine")
    anna.press("Search")
    page.get_by_role("link", name="Quarantine").first.click()
    anna.heading("Quarantine")
    story.close()


def test_f1_opens_the_help_about_the_page_beside_it(story: Story, office: Office) -> None:
    anna = story.signed_in(office)
    page = anna.go(f"{CONTACTS}/contacts.10030/edit")
    page.locator("[name='v:city']").fill("Medan jag läser")
    with anna.context.expect_page() as opened:
        page.keyboard.press("F1")
    help_page = opened.value
    help_page.wait_for_load_state()
    assert help_page.url.endswith("/help/registers")
    expect(help_page.locator("details.menu.person")).to_be_visible()
    topics = {"sv": "Alla ämnen", "en": "All topics"}[story.language]
    help_page.get_by_role("navigation", name=topics).wait_for()
    expect(page.locator("[name='v:city']")).to_have_value("Medan jag läser")
