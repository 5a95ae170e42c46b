"""What goes wrong in a sync is seen and mended at the office by clicks: quarantine, restores, a database that has moved."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chromium import Visitor
from tests.browser.stories import Connected, Story, connected_company
from tests.office.connecting import ONLINE
from tests.office.people import add_user
from tests.office.running import OTHER_PASSWORD
from tests.waiting import until

BACKUPS = "/c/berg-bygg/settings/backup"
WORDS = {
    "sv": {
        "merge": "Gör det till ett element med", "instead": "Skriv det här i stället", "taken": "har redan värdet",
        "backup": "Gör en säkerhetskopia", "restore": "Återställ", "stands": "Låt säkerhetskopian gälla",
        "update": "Uppdatera anslutning", "undo": "Ångra", "back": "1 ändring är tillbakatagen",
        "take over": "Jag ansvarar", "link": "Du måste först vara kopplad", "moved": "Den har flyttats hit",
        "sync": "I synk",
    },
    "en": {
        "merge": "Make it one record with", "instead": "Write this instead", "taken": "has the value already",
        "backup": "Make a backup", "restore": "Restore", "stands": "The backup stands",
        "update": "Update connection", "undo": "Undo", "back": "1 change is taken back",
        "take over": "I answer for it", "link": "You must be linked", "moved": "It has moved here",
        "sync": "In sync",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    """One for all tests of this file, which come to it in their order."""
    with connected_company(tmp_path_factory.mktemp("trouble")) as made:
        yield made


def test_two_records_of_one_name_become_one_or_get_two_names_fm13(
    company: Connected, story: Story
) -> None:
    words = WORDS[story.language]
    [(code, name)] = company.sql(
        "SELECT status_code, name FROM contact_statuses ORDER BY sort_order LIMIT 1"
    )
    anna = story.signed_in(company.office)
    entries = _collides(company, anna, name)
    expect(entries).to_contain_text(words["taken"])
    story.look(anna, "quarantine")
    anna.page.get_by_role("button", name=words["merge"]).click()
    expect(anna.page.locator("#quarantine")).to_have_count(0)
    assert company.sql("SELECT count(*) FROM contact_statuses WHERE status_code = 'Q1'") == [(0,)]
    entries = _collides(company, anna, name)
    other = f"{name} {story.language}"
    entries.locator("input[name='value:name']").fill(other)
    _something_is_synced(company, story)
    # The page has come anew meanwhile; what is being written stays.
    expect(entries.locator("input[name='value:name']")).to_have_value(other)
    anna.page.get_by_role("button", name=words["instead"]).click()
    expect(anna.page.locator("#quarantine")).to_have_count(0)
    rows = company.sql("SELECT status_code, name FROM contact_statuses")
    names = {str(row[0]): row[1] for row in rows}
    assert (names[str(code)], names["Q1"]) == (name, other)
    company.sql("DELETE FROM contact_statuses WHERE status_code = 'Q1'")


def _collides(company: Connected, anna: Visitor, name: object) -> Locator:
    """Somebody makes a status online whose name the office has already; the page shows it."""
    until(lambda: "Q1" not in _codes_online(company))
    company.online.create("contact_statuses", status_code="Q1", name=str(name), sort_order=99)
    anna.go(f"{company.office.url}{ONLINE}/sync")
    entries = anna.page.locator("#quarantine")
    entries.get_by_role("button").first.wait_for()  # by itself, without another click
    return entries


def _codes_online(company: Connected) -> set[object]:
    told = company.online.get("records/contact_statuses", limit=200)["records"]
    return {record["fields"]["status_code"] for record in told}


def _something_is_synced(company: Connected, story: Story) -> None:
    """Something else is new while somebody writes: the page's live part has been asked for since."""
    company.sql("UPDATE employees SET city = $1", f"Ort {story.language}")
    until(lambda: company.cities()[1] == f"Ort {story.language}")


def test_the_backup_is_the_truth_and_the_choice_is_taken_back_fm21(
    company: Connected, story: Story
) -> None:
    words = WORDS[story.language]
    before, after = f"Före {story.language}", f"Efter {story.language}"
    company.city_online(before)
    until(lambda: company.cities() == (before, before))
    anna = story.signed_in(company.office)
    anna.go(BACKUPS)
    anna.press(words["backup"])
    anna.page.locator("tbody tr").first.wait_for()
    company.city_online(after)
    until(lambda: company.cities() == (after, after))
    anna.page.get_by_role("link", name=words["restore"], exact=True).first.click()
    story.look(anna, "restore")
    anna.press(words["restore"])
    anna.page.get_by_role("link", name=words["update"], exact=True).click()
    anna.sees(after)
    anna.press(words["stands"])
    anna.page.wait_for_url("**/sync")
    until(lambda: company.cities() == (before, before))
    expect(anna.page.locator("#live .state")).to_contain_text(words["sync"])
    anna.go(f"{ONLINE}/update")
    story.look(anna, "nothing-to-choose")
    anna.page.locator("a[href$='/update/undo']").click()
    anna.press(words["undo"])
    anna.sees(words["back"])
    until(lambda: company.cities() == (after, after))


def test_another_superuser_answers_for_the_connection(company: Connected, story: Story) -> None:
    words, name = WORDS[story.language], f"berta-{story.language}"
    company.sql(
        "INSERT INTO employees (initials, first_name, last_name, job_title, department, email, hired_on, hourly_rate)"
        " VALUES ($1, 'Berta', 'Ek', 'Säljare', 'Försäljning', $2, '2021-01-01', 1)",
        story.language.upper(),
        f"{name}@example.com",
    )
    first = company.ready.anna
    _, password = add_user(first, name, "superuser")
    berta = story.at(company.office.url)
    berta.go("/sign-in")
    berta.fill(username=name, password=password)
    berta.send()
    berta.fill(now=password, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    berta.send()
    berta.page.wait_for_url(re.compile("/c/berg-bygg"))
    berta.go(f"{ONLINE}/user")
    berta.sees(words["link"])
    story.look(berta, "change-user-not-linked")
    berta.page.locator("main a[href*='/settings/me']").click()
    berta.page.locator("main select[name=employee]").select_option(index=1)
    berta.send()
    berta.page.wait_for_url(f"**{ONLINE}/user")
    story.look(berta, "change-user")
    berta.press(words["take over"])
    expect(berta.page.locator("#standing")).to_contain_text(name)
    back = story.signed_in(company.office)
    back.go(f"{ONLINE}/user")
    back.press(words["take over"])
    expect(back.page.locator("#standing")).to_contain_text("Anna Berg")


def test_a_database_that_has_moved_is_synced_where_it_lies_now_fm22(
    company: Connected, story: Story
) -> None:
    words, city = WORDS[story.language], f"Flyttad {story.language}"
    company.office.stop()
    company.sql(
        "UPDATE samsyn_meta SET value = replace(value, 'berg-bygg.sqlite', 'old.sqlite') WHERE name = 'home'"
    )
    company.office.start()
    company.ready.anna.url = company.office.url
    company.sql("UPDATE employees SET city = $1", city)
    anna = story.signed_in(company.office)
    anna.go(f"{ONLINE}/sync")
    anna.page.locator("#live").get_by_role("link", name=words["update"]).click()
    anna.sees("old.sqlite")
    story.look(anna, "moved")
    anna.page.get_by_role("button", name=words["moved"]).click()
    expect(anna.page.locator("#standing .state")).to_contain_text(words["sync"])
    until(lambda: company.cities() == (city, city))
