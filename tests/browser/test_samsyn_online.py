"""The office's settings page Samsyn Online, walked as a person does: from red criteria to a connection and out of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chromium import Visitor
from tests.browser.stories import Story
from tests.office.connecting import BERG, EMPLOYEE, ONLINE, Member, Ready, beside, file_of, run_sql
from tests.office.running import PASSWORD, Office, Person
from tests.online.running import Program, Service
from tests.waiting import until

WORDS = {
    "sv": {
        "connected": "Ansluten till",
        "again": "Skriv det som förlorade på nytt",
        "sync": "I synk",
    },
    "en": {"connected": "Connected to", "again": "Write what lost once more", "sync": "In sync"},
}


Look = Callable[[str], None]


def test_red_criteria_are_mended_one_by_one_and_the_wizard_leads_to_the_first_load(
    story: Story, tmp_path: Path
) -> None:
    with beside(tmp_path) as (service, office):
        first = Person(office.url)
        first.post("/welcome", name="Anna Berg", username="anna", password=PASSWORD)
        assert first.post("/companies/new", **BERG).status == 302
        anna, look = _signs_in(story, office)
        _mends_every_criterion(anna, look)
        _connects(story, service, anna, look)


def test_a_conflict_is_reapplied_a_restore_is_taken_up_and_the_company_disconnected(
    story: Story, tmp_path: Path
) -> None:
    with beside(tmp_path) as (service, office):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        ready.connects(member)
        ready.rests()
        online = Program(service.url, member.company, _token(service, member.company))
        anna, look = _signs_in(story, office)
        _sees_a_conflict_and_reapplies_it(story, office, online, anna, look)
        _takes_up_a_restored_database(story, office, online, anna, look)
        _disconnects(anna, look)


def _token(service: Service, company: str) -> str:
    told = service.command("create-token", "--company", company, "--email", "anna@example.com")
    return str(told["token"])


def _signs_in(story: Story, office: Office) -> tuple[Visitor, Look]:
    anna = story.signed_in(office)
    return anna, lambda name: story.look(anna, name)


def _mends_every_criterion(anna: Visitor, look: Look) -> None:
    anna.go(ONLINE)
    red = anna.page.locator(".criterion.unmet")
    expect(red).to_have_count(4)  # registration, evaluation, employee, e-mail
    look("unconnected")
    anna.page.locator("a.button.main").first.click()
    anna.page.wait_for_url("**/connect")
    anna.page.locator("[data-code=REGISTRATION] a").click()
    anna.fill(company="Berg Bygg AB", contact="Anna Berg", phone="08-465 004 20")
    anna.send()
    anna.go(f"{ONLINE}/connect")
    expect(red).to_have_count(2)
    anna.go("/c/berg-bygg/r/employees/new")
    for name, value in (EMPLOYEE | {"v:email": "anna@berg"}).items():
        anna.page.locator(f"main [name='{name}']").fill(value)
    anna.page.locator("main button.main").first.click()
    anna.page.wait_for_url("**/employees.1")
    anna.go(f"{ONLINE}/connect")
    anna.page.locator("[data-code=LINKED_TO_EMPLOYEE] a").click()
    anna.page.locator("main select[name=employee]").select_option(index=1)
    anna.send()
    anna.go(f"{ONLINE}/connect")
    expect(red).to_have_count(1)
    look("one-left")
    anna.page.locator("[data-code=EMPLOYEE_EMAIL] a").click()
    anna.go("/c/berg-bygg/r/employees/employees.1/edit")
    anna.page.locator("main [name='v:email']").fill("anna@bergbygg.se")
    anna.page.locator("main button.main").first.click()
    anna.page.wait_for_url("**/employees.1")
    anna.go(f"{ONLINE}/connect")
    expect(red).to_have_count(0)
    look("criteria")


def _connects(story: Story, service: Service, anna: Visitor, look: Look) -> None:
    company = service.command("create-company", "Berg online", "--owner", "anna@example.com")
    password = service.command("new-password", "anna@example.com")["password"]
    anna.send()
    anna.page.wait_for_url("**/connect/id")
    look("id")
    link = anna.page.locator("a[target=_blank]").get_attribute("href")
    assert link
    there = story.at(service.url)
    there.go(link.removeprefix(service.url))
    there.page.locator("main a.main").click()
    there.fill(login="anna@example.com", password=password)
    there.send()
    there.page.wait_for_url("**/connect?code=*")
    there.send()
    there.page.locator(f"input[value='{company['company']}']").check()
    there.send()
    there.page.locator("main .empty h1").wait_for()
    anna.page.locator("#answer a.main[href$='/registers']").wait_for()  # by itself
    look("approved")
    anna.page.locator("#answer a.main").click()
    look("registers")
    anna.send()
    look("computer")
    anna.send()
    look("plan")
    anna.send()
    anna.page.wait_for_url("**/connect/loading")
    anna.page.locator("#loading a.main").wait_for()
    look("loaded")


def _sees_a_conflict_and_reapplies_it(
    story: Story, office: Office, online: Program, anna: Visitor, look: Look
) -> None:
    file = file_of(office.home, "berg-bygg")
    anna.go(f"{ONLINE}/sync")
    anna.sees(WORDS[story.language]["sync"])
    anna.page.locator("#live form button").first.click()  # pause
    anna.page.locator("#live form button.main").wait_for()
    [record] = online.get("records/employees")["records"]
    path = f"records/employees/{record['id']}"
    changed = online.send("PATCH", path, {"fields": {"city": "Online"}})
    assert changed.status == 200, changed.body
    run_sql(file, "UPDATE employees SET city = 'Kontoret'")
    anna.page.locator("#live form button.main").first.click()  # resume
    anna.page.locator("#conflicts .conflict").wait_for()
    anna.sees("Kontoret")
    look("sync")
    anna.press(f"{WORDS[story.language]['again']} Anna Berg")
    until(lambda: run_sql(file, "SELECT city FROM employees") == [("Online",)])
    for page in ("conflicts", "history", "log"):
        anna.go(f"{ONLINE}/sync/{page}")
        look(page)
    anna.go(ONLINE)
    anna.sees(WORDS[story.language]["connected"])
    look("connected")
    anna.go(f"{ONLINE}/trace")
    look("trace")


def _takes_up_a_restored_database(
    story: Story, office: Office, online: Program, anna: Visitor, look: Look
) -> None:
    """By the page of backups: made, worked on, put back, and the connection taken up with its plan."""
    file = file_of(office.home, "berg-bygg")
    anna.go(f"{office.url}/c/berg-bygg/settings/backup")
    anna.send()
    anna.page.locator("a[href$='/restore']").wait_for()
    look("backups")
    [record] = online.get("records/employees")["records"]
    online.send("PATCH", f"records/employees/{record['id']}", {"fields": {"city": "Efter"}})
    until(lambda: run_sql(file, "SELECT city FROM employees") == [("Efter",)])
    anna.page.locator("a[href$='/restore']").click()
    look("restore")
    anna.page.locator("main button.bad").click()
    anna.page.locator(f"main a[href$='{ONLINE}/update']").wait_for()
    look("restored")
    assert run_sql(file, "SELECT city FROM employees") != [("Efter",)]
    anna.go(f"{office.url}{ONLINE}/sync")
    anna.page.locator(f"a[href$='{ONLINE}/update']").first.wait_for()
    anna.page.locator(f"a[href$='{ONLINE}/update']").first.click()
    anna.sees("Efter")
    look("update")
    anna.page.locator(".choices-of-restore button.main").click()
    anna.page.wait_for_url("**/sync")
    until(lambda: run_sql(file, "SELECT city FROM employees") == [("Efter",)])
    anna.go(f"{office.url}{ONLINE}/update/undo")
    look("undo")


def _disconnects(anna: Visitor, look: Look) -> None:
    base = anna.page.url.partition("/c/")[0]
    anna.go(f"{base}{ONLINE}")
    anna.page.locator("a.button.bad").click()
    look("disconnect")
    anna.fill(password="not this one")
    anna.page.locator("main button.bad").click()
    anna.page.locator("main .errors").first.wait_for()
    anna.fill(password=PASSWORD)
    anna.page.locator("main button.bad").click()
    anna.page.wait_for_url(re.compile(f"{ONLINE}$"))
    anna.page.locator("#criteria").wait_for()
    look("ended")
