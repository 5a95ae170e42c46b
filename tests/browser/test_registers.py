"""People read and change a company's registers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visitor
from tests.browser.conftest import NewVisitor
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service


@pytest.fixture
def company(online: Service) -> Company:
    made = Company(online)
    made.load_all()
    return made


def signed_in(visitor: NewVisitor, company: Company, language: str) -> Visitor:
    password = company.service.command("new-password", company.owner)["password"]
    one = visitor(language=language)
    one.sign_in(company.owner, password)
    return one


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_register_is_read_searched_and_sorted(
    visitor: NewVisitor, company: Company, language: str
) -> None:
    anna, root = signed_in(visitor, company, language), f"/c/{company.id}/r"
    anna.go(root)
    anna.look(f"registers-{language}")
    page = anna.go(f"{root}/contacts")
    anna.look(f"list-{language}")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(10)
    page.locator("#q").fill("kund 07")
    expect(rows).to_have_count(1)
    anna.go(f"{root}/contacts?sort=visits")
    expect(rows.first).to_contain_text("Kund 10")
    anna.go(f"{root}/contacts?where=visits:ge:9&where=nothing:eq:1")
    expect(rows).to_have_count(2)
    anna.look(f"filtered-{language}")
    anna.go(f"{root}/contacts?q=nobody")
    anna.look(f"nothing-found-{language}")
    anna.go(f"{root}/search?q=kund")
    anna.look(f"search-{language}")
    page.get_by_role("link", name="Kund 01").click()
    anna.heading("Kund 01")
    expect(page.get_by_role("link", name="Kund 02")).to_be_visible()
    anna.look(f"card-{language}")
    anna.go(f"{root}/contacts/{rid(1)}/edit")
    anna.look(f"edit-{language}")


def test_only_what_a_person_changed_is_saved_and_the_way_to_the_office_is_seen(
    visitor: NewVisitor, company: Company
) -> None:
    anna, root = signed_in(visitor, company, "sv"), f"/c/{company.id}/r/contacts"
    before = company.program.get(f"records/contacts/{rid(1)}")["fields"]
    page = anna.go(f"{root}/{rid(1)}/edit")
    page.get_by_label("Name").fill("Kund Ett AB")
    page.get_by_label("discount").fill("12,25")
    anna.press("Spara")
    anna.sees("2 fält sparade.")
    expect(page.get_by_text("väntar på kontoret").first).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Kund Ett AB")
    anna.look("saved-sv")
    after = company.program.get(f"records/contacts/{rid(1)}")["fields"]
    assert {f for f in after if after[f] != before[f]} == {"name", "discount"}
    assert (after["name"], after["discount"]) == ("Kund Ett AB", "12.25")


def test_who_changes_what_another_changed_meanwhile_sees_both_and_chooses(
    visitor: NewVisitor, company: Company
) -> None:
    anna, root = signed_in(visitor, company, "sv"), f"/c/{company.id}/r/contacts"
    page = anna.go(f"{root}/{rid(2)}/edit")
    edit = {"fields": {"phone": "08-1", "visits": 99}}
    assert company.program.send("PATCH", f"records/contacts/{rid(2)}", edit).status == 200
    page.get_by_label("phone").fill("08-2")
    anna.press("Spara")
    anna.sees("Någon ändrade samma fält medan du skrev")
    anna.sees("08-1")
    anna.look("changed-meanwhile-sv")
    anna.press("Spara")
    anna.sees("1 fält sparat.")
    now = company.program.get(f"records/contacts/{rid(2)}")["fields"]
    assert (now["phone"], now["visits"]) == ("08-2", 99)


def test_a_new_record_waits_for_its_number_and_faults_stand_beside_the_fields(
    visitor: NewVisitor, company: Company
) -> None:
    anna, root = signed_in(visitor, company, "sv"), f"/c/{company.id}/r/contacts"
    page = anna.go(f"{root}/new")
    page.get_by_label("visits").fill("många")
    anna.press("Spara")
    anna.sees("Skriv ett heltal.")
    page.get_by_label("visits").fill("3")
    anna.press("Spara")
    anna.sees("Fyll i det här.")
    anna.look("faults-sv")
    page.get_by_label("name").fill("Ny kund")
    anna.press("Spara")
    anna.heading("Ny kund")
    anna.sees("nummer kommer")
    anna.press("Ta bort", "link")
    anna.look("delete-sv")
    anna.press("Ta bort")
    anna.sees("är borttaget")


def test_who_may_only_read_is_shown_no_way_to_write(visitor: NewVisitor, company: Company) -> None:
    reader = "reader@example.com"
    company.service.command(
        "create-token", "--company", company.id, "--email", reader, "--read-only"
    )
    password = company.service.command("new-password", reader)["password"]
    one, root = visitor(language="en"), f"/c/{company.id}/r/contacts"
    one.sign_in(reader, password)
    page = one.go(f"{root}/{rid(1)}")
    one.heading("Kund 01")
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    for path in (f"{root}/new", f"{root}/{rid(1)}/edit", f"{root}/{rid(1)}/delete"):
        one.go(path)
        one.heading("Only to be read")


def test_another_company_has_no_such_register_record_or_file(
    visitor: NewVisitor, company: Company, online: Service
) -> None:
    other = Company(online)
    anna = signed_in(visitor, company, "en")
    for path in (
        f"/c/{other.id}/r",
        f"/c/{other.id}/r/contacts/{rid(1)}",
        f"/c/{company.id}/r/secrets",
        f"/c/{company.id}/r/contacts/{rid(999)}",
        f"/c/{company.id}/r/products/{rid(1)}",
        f"/c/{company.id}/r/contacts/{rid(1)}/file/photo",
        f"/c/{company.id}/r/contacts/{rid(1)}/file/nothing",
    ):
        answer = anna.page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
