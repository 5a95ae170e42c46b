"""What the office refuses is told in plain words online, and mended there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from samsyn.core.changes import Holder, Operation, Refused, Taken
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


def refuse(company: Company, number: int, *, holder: int | None = None) -> None:
    """An edit of a contact's visits that the office's database does not take."""
    path = records("contacts", rid(number))
    assert company.program.send("PATCH", path, {"fields": {"visits": -number}}).status == 200
    page = company.office.pull()
    holders = () if holder is None else (Holder(rid(holder), ("visits",)),)
    code = "CHECK_FAILED" if holder is None else "UNIQUE_TAKEN"
    refused = Refused(
        "contacts", rid(number), page.upto, Operation.UPDATE, ("visits",), code,
        "CHECK constraint failed: visits >= 0", "visits", page.since, holders,
    )  # fmt: skip
    company.office.push(refused)


def office_takes_all(company: Company, *numbers: int) -> None:
    """The office pulls and has now taken what it had refused."""
    page = company.office.pull()
    now = {n: company.program.get(records("contacts", rid(n)))["fields"]["visits"] for n in numbers}
    company.office.push(
        *(Taken("contacts", rid(n), page.upto, {"visits": v}) for n, v in now.items())
    )


@pytest.mark.parametrize(
    ("language", "mend", "why", "field", "save", "under_way", "leave", "left"),
    [
        ("sv", "Rätta Kund 02", "bryter mot en regel", "visits", "Spara", "Inget i karantän", "Låt kontorets värde gälla Kund 03", "bland konflikterna"),
        ("en", "Mend it Kund 02", "breaks a rule", "visits", "Save", "Nothing in quarantine", "Let the office's value stand Kund 03", "among the conflicts"),
    ],
)  # fmt: skip
def test_a_refused_edit_is_told_and_mended_fm12(
    visitor: NewVisitor,
    company: Company,
    language: str,
    mend: str,
    why: str,
    field: str,
    save: str,
    under_way: str,
    leave: str,
    left: str,
) -> None:
    anna = signed_in(visitor, company, language)
    anna.go(f"/c/{company.id}/quarantine")
    anna.heading(under_way)
    anna.look(f"no-quarantine-{language}")
    refuse(company, 2)
    refuse(company, 3, holder=5)
    page = anna.go(f"/c/{company.id}/quarantine")
    expect(page.locator("main")).to_contain_text(why)
    expect(page.locator("main")).to_contain_text("CHECK constraint failed")
    expect(page.get_by_role("link", name="Kund 05")).to_be_visible()
    anna.look(f"quarantine-{language}")
    page = anna.go(f"/c/{company.id}")
    for panel in page.locator("main .card", has_text="Kund 02").all():
        expect(panel.get_by_role("link", name="Kund 02")).to_be_visible()
    expect(page.locator("main .card", has_text="Kund 02")).to_have_count(3)
    anna.look(f"start-{language}")
    anna.go(f"/c/{company.id}/quarantine")
    anna.press(leave)
    anna.sees(left)
    page.get_by_role("link", name=mend).click()
    page.get_by_label(field).fill("4")
    anna.press(save)
    anna.heading("Kund 02")
    assert company.program.get(records("contacts", rid(2)))["fields"]["visits"] == 4
    office_takes_all(company, 2, 3)
    anna.go(f"/c/{company.id}/quarantine")
    anna.heading(under_way)


def test_nobody_mends_another_companys_entry_g9(
    visitor: NewVisitor, company: Company, online: Service
) -> None:
    other = Company(online)
    other.load_all()
    refuse(other, 2)
    (entry,) = other.program.get("quarantine")["quarantine"]
    refuse(company, 3)
    anna = signed_in(visitor, company, "en")
    page = anna.go(f"/c/{company.id}/quarantine")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for where in (company.id, other.id):
        answer = page.request.post(
            f"/c/{where}/quarantine/{entry['id']}/fix",
            form={"csrfmiddlewaretoken": token, "fix": "take_office"},
            headers={"Origin": online.url, "Referer": online.url},
        )
        assert answer.status == 404
    assert other.program.get("quarantine")["quarantine"][0]["state"] == "open"
