"""People are told what became of their own work, in the header, in a list, on the card and by letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from samsyn.core.changes import Operation, Put, Refused
from tests.browser.conftest import NewVisitor
from tests.browser.test_conflicts import conflict
from tests.browser.test_quarantine import refuse
from tests.browser.test_registers import signed_in
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records


@pytest.fixture
def company(online: Service) -> Company:
    made = Company(online)
    made.load_all()
    return made


def delete_refused(company: Company, number: int) -> None:
    """A record deleted online that the office's database keeps."""
    assert company.program.send("DELETE", records("contacts", rid(number))).status in (200, 204)
    page = company.office.pull()
    company.office.push(
        Refused(
            "contacts", rid(number), page.upto, Operation.DELETE, (), "STILL_REFERENCED",
            "FOREIGN KEY constraint failed", None, page.since,
        )
    )  # fmt: skip


WORDS = {
    "sv": {
        "none": "Inget att meddela", "overridden": "Kontoret skrev över din ändring.",
        "back": "Ett element som du hade tagit bort kom tillbaka.",
        "refused": "Kontoret tar inte emot din ändring.", "again": "Skriv det som förlorade på nytt Kund 02",
        "done": "Skrivet på nytt.", "mend": "Rätta Kund 03", "delete": "Ta bort det ändå Kund 04",
        "all": "Markera alla som lästa", "unread": "Olästa", "nothing": "Inget oläst",
        "subject": "meddelande om ditt arbete",
    },
    "en": {
        "none": "Nothing to tell", "overridden": "The office overrode your edit.",
        "back": "A record that you had deleted came back.",
        "refused": "The office does not take your edit.", "again": "Write what lost once more Kund 02",
        "done": "Written once more.", "mend": "Mend it Kund 03", "delete": "Delete it all the same Kund 04",
        "all": "Mark all as read", "unread": "Unread", "nothing": "Nothing unread",
        "subject": "notice about your work",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_became_of_my_work_is_told_and_dealt_with_where_it_is_told(
    visitor: NewVisitor, company: Company, language: str
) -> None:
    words = WORDS[language]
    anna = signed_in(visitor, company, language)
    page = anna.go(f"/c/{company.id}/notices")
    anna.heading(words["none"])
    anna.look(f"notices-none-{language}")
    page.locator(".head a.button").click()
    anna.look(f"notices-how-{language}")
    page.locator("[name=way][value=at_once]").check()
    anna.send()
    anna.heading(words["none"])
    conflict(company, 2)
    refuse(company, 3)
    delete_refused(company, 4)
    anna.go(f"/c/{company.id}")
    expect(page.locator(".bell b")).to_have_text("3")
    page.locator(".bell").click()
    for told in ("overridden", "refused", "back"):
        anna.sees(words[told])
    anna.look(f"notices-{language}")
    letter = anna.letter_to(company.owner)
    assert words["overridden"] in letter
    assert "Kund 02" in letter
    anna.go(f"/c/{company.id}/notices")
    anna.press(words["again"])
    anna.sees(words["done"])
    assert company.program.get(records("contacts", rid(2)))["fields"]["phone"] == "online"
    anna.go(f"/c/{company.id}/notices?show=unread")
    expect(page.locator("main .conflict")).to_have_count(2)
    page.get_by_role("link", name=words["mend"]).click()
    page.get_by_label("visits").fill("5")
    page.locator("main form button.main").first.click()
    anna.heading("Kund 03")
    anna.go(f"/c/{company.id}/notices")
    anna.press(words["delete"])
    anna.sees(words["done"])
    anna.go(f"/c/{company.id}/notices")
    anna.look(f"notices-dealt-with-{language}")
    anna.press(words["all"])
    expect(page.locator(".bell b")).to_have_count(0)
    anna.go(f"/c/{company.id}/notices?show=unread")
    anna.heading(words["nothing"])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_conflicts_are_searched_filtered_and_exported(
    visitor: NewVisitor, company: Company, language: str
) -> None:
    anna = signed_in(visitor, company, language)
    for number in (2, 3):
        conflict(company, number)
    seen = company.office.cursor
    company.office.push(Put("contacts", rid(5), (5,), {"phone": "55"}, seen))
    page = anna.go(f"/c/{company.id}/conflicts")
    expect(page.locator("main .conflict")).to_have_count(2)
    page.get_by_role("searchbox").last.fill("kund 03")
    page.keyboard.press("Enter")
    expect(page.locator("main .conflict")).to_have_count(1)
    anna.look(f"conflicts-filtered-{language}")
    with page.expect_download() as coming:
        page.locator(".head a[download]").click()
    text = coming.value.path().read_text(encoding="utf-8-sig")
    assert "Kund 03" in text
    assert "Kund 02" not in text
    anna.go(f"/c/{company.id}/conflicts?q=nobody")
    expect(page.locator("main .conflict")).to_have_count(0)
    anna.look(f"conflicts-nothing-{language}")
    anna.go(f"/c/{company.id}/conflicts?register=products")
    expect(page.locator("main .conflict")).to_have_count(0)
    refuse(company, 7)
    anna.go(f"/c/{company.id}/quarantine?q=kund+07")
    expect(page.locator("main .conflict")).to_have_count(1)
    anna.look(f"quarantine-filtered-{language}")
    with page.expect_download() as coming:
        page.locator(".head a[download]").click()
    assert "Kund 07" in coming.value.path().read_text(encoding="utf-8-sig")
    anna.go(f"/c/{company.id}/quarantine?state=settled")
    expect(page.locator("main .conflict")).to_have_count(0)
