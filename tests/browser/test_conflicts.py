"""People online are told what the office overrode, and write it once more."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from samsyn.core.changes import Put
from tests.browser.conftest import NewVisitor
from tests.browser.test_registers import signed_in
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records


@pytest.fixture
def company(online: Service) -> Company:
    made = Company(online)
    made.load_all()
    return made


def conflict(company: Company, number: int) -> None:
    """The same phone number written online and at the office."""
    path = records("contacts", rid(number))
    assert company.program.send("PATCH", path, {"fields": {"phone": "online"}}).status == 200
    put = Put("contacts", rid(number), (number,), {"phone": "office"}, company.office.cursor)
    company.office.push(put)


@pytest.mark.parametrize(
    ("language", "again", "done", "since", "anyway"),
    [
        ("sv", "Skriv det som förlorade på nytt Kund 02", "Skrivet på nytt. Kontoret", "Ändrat sedan dess", "Skriv det ändå"),
        ("en", "Write what lost once more Kund 02", "Written once more. The", "Changed since", "Write it all the same"),
    ],
)  # fmt: skip
def test_what_the_office_overrode_is_told_and_written_once_more_g3(
    visitor: NewVisitor,
    company: Company,
    language: str,
    again: str,
    done: str,
    since: str,
    anyway: str,
) -> None:
    anna = signed_in(visitor, company, language)
    anna.go(f"/c/{company.id}/conflicts")
    anna.look(f"no-conflicts-{language}")
    conflict(company, 2)
    page = anna.go(f"/c/{company.id}/conflicts")
    expect(page.locator(".conflict .won")).to_contain_text("office")
    expect(page.locator(".conflict .lost")).to_contain_text("online")
    anna.look(f"conflicts-{language}")
    path = records("contacts", rid(2))
    assert company.program.send("PATCH", path, {"fields": {"phone": "newer"}}).status == 200
    anna.press(again)
    anna.heading(since)
    anna.look(f"changed-since-{language}")
    anna.press(anyway)
    anna.sees(done)
    anna.heading("Kund 02")
    assert company.program.get(path)["fields"]["phone"] == "online"
    anna.go(f"/c/{company.id}/conflicts")
    expect(page.get_by_role("button", name=again)).to_have_count(0)


def test_nobody_writes_another_companys_conflict_once_more_g9(
    visitor: NewVisitor, company: Company, online: Service
) -> None:
    other = Company(online)
    other.load_all()
    conflict(other, 3)
    (lost, *_) = other.program.get("conflicts")["conflicts"]
    anna = signed_in(visitor, company, "en")
    page = anna.go(f"/c/{company.id}/conflicts")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for where in (company.id, other.id):
        answer = page.request.post(
            f"/c/{where}/conflicts/{lost['id']}/again",
            form={"csrfmiddlewaretoken": token, "anyway": "yes"},
            headers={"Origin": online.url, "Referer": online.url},
        )
        assert answer.status == 404
    assert other.program.get(records("contacts", rid(3)))["fields"]["phone"] == "office"
