"""Who is in the company: invited, accepted, another role, out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from samsyn.protocol import wire
from samsyn.protocol.people import OfficeUser, OfficeUsers
from tests.browser.conftest import NewVisitor
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service
from tests.waiting import until

PASSWORD = "ett riktigt långt lösenord"
WORDS = {
    "sv": {"invite": "Bjud in", "accepted": "Välkommen till", "denied": "Din roll tillåter inte"},
    "en": {"invite": "Invite", "accepted": "Welcome to", "denied": "Your role does not allow"},
}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_from_the_invitation_to_another_role_and_out(
    visitor: NewVisitor, online: Service, language: str
) -> None:
    words = WORDS[language]
    owner, guest = f"anna.{language}@example.com", f"carl.{language}@example.com"
    company = online.command("create-company", "Ångströms Rör AB", "--owner", owner)["company"]
    password = online.command("new-password", owner)["password"]
    anna = visitor(language=language)
    anna.sign_in(owner, password)
    members = f"/c/{company}/members"
    anna.go(f"/c/{company}/roles/new")
    anna.look(f"role-new-{language}")
    anna.fill(name="Lager")
    anna.send()
    anna.sees("Lager")
    anna.look(f"roles-{language}")
    anna.go(members)
    anna.look(f"members-one-{language}")
    anna.page.locator("main .head a.button").click()
    anna.look(f"invite-{language}")
    anna.fill(email=guest, message="Hej Carl!\nVälkommen.")
    anna.page.locator("[name=role]").select_option("read_only")
    anna.send()
    anna.sees(guest)
    anna.look(f"members-invited-{language}")
    link = re.search(r"http\S+", anna.letter_to(guest))
    assert link

    wrong = visitor(language=language)
    wrong.page.goto(link.group()[:-3] + "xyz")
    wrong.look(f"invitation-broken-{language}")
    carl = visitor(language=language)
    carl.page.goto(link.group())
    carl.sees("Hej Carl!")
    carl.look(f"invitation-{language}")
    carl.fill(name="Carl Cederlöf", password=PASSWORD)
    carl.send()
    carl.sees(words["accepted"])
    carl.look(f"company-guest-{language}")
    carl.go(members)
    carl.sees(words["denied"])
    carl.look(f"not-allowed-{language}")
    late = visitor(language=language)
    late.page.goto(link.group())
    expect(late.page.locator("h1")).to_be_visible()
    assert "Carl" not in late.page.content()

    anna.go(members)
    row = anna.page.locator("tbody tr", has_text="Carl Cederlöf")
    row.locator("a").first.click()
    anna.look(f"member-{language}")
    anna.page.locator("[name=role]").select_option("superuser")
    anna.send()
    carl.go(members)
    carl.page.locator("tbody tr", has_text=owner).locator("a.bad").click()
    carl.look(f"remove-{language}")
    carl.send()
    expect(carl.page.locator("tbody tr")).to_have_count(1)
    anna.go(f"/c/{company}")
    expect(anna.page.locator(".empty h1")).to_be_visible()
    carl.page.locator("tbody tr a.bad").click()
    carl.send()
    expect(carl.page.locator(".notice.error")).to_be_visible()  # the last superuser stays
    carl.look(f"last-superuser-{language}")


def test_who_has_an_id_accepts_with_it_and_nobody_else_can(
    visitor: NewVisitor, online: Service
) -> None:
    one = online.command("create-company", "Ett AB", "--owner", "erik@example.com")["company"]
    online.command("create-company", "Två AB", "--owner", "frida@example.com")
    passwords = {
        who: online.command("new-password", f"{who}@example.com")["password"]
        for who in ("erik", "frida")
    }
    erik = visitor()
    erik.sign_in("erik@example.com", passwords["erik"])
    erik.go(f"/c/{one}/members/invite")
    erik.fill(email="Frida@Example.com")
    erik.send()
    erik.sees("frida@example.com")
    link = re.search(r"http\S+", erik.letter_to("frida@example.com"))
    assert link
    erik.page.goto(link.group())
    erik.sees("You are signed in as erik@example.com")
    erik.look("invitation-other")
    frida = visitor()
    frida.page.goto(link.group())
    frida.look("invitation-known")
    frida.page.locator("main a.main").click()
    frida.fill(login="frida@example.com", password=passwords["frida"])
    frida.send()
    frida.heading("Invitation to Ett AB")
    frida.look("invitation-ready")
    frida.send()
    frida.sees("Welcome to Ett AB.")
    frida.go("/companies")
    frida.look("choose-two")
    expect(frida.page.locator(".choice")).to_have_count(2)
    erik.go(f"/c/{one}/members/invite")
    erik.fill(email="gone@example.com")
    erik.send()
    link = re.search(r"http\S+", erik.letter_to("gone@example.com"))
    assert link
    erik.go(f"/c/{one}/members")
    erik.page.locator("tbody tr", has_text="gone@example.com").locator("button.bad").click()
    erik.sees("The invitation is withdrawn.")
    stranger = visitor()
    stranger.page.goto(link.group())
    stranger.sees("The invitation was withdrawn.")


@pytest.mark.parametrize(
    ("language", "differs", "superuser"),
    [
        ("sv", "Skiljer sig", "Superanvändare på kontoret, inte här"),
        ("en", "Differs", "Superuser at the office, not here"),
    ],
)
def test_the_rights_that_the_office_set_are_beside_those_here(
    visitor: NewVisitor, online: Service, language: str, differs: str, superuser: str
) -> None:
    company = Company(online)
    company.load_all()
    guest = f"rights.{language}@example.com"
    users = (
        OfficeUser("Ägaren", company.owner, superuser=True),
        OfficeUser("Gunnar Gäst", guest, superuser=True),
        OfficeUser("Bara på kontoret", "only@example.com", levels={"contacts": "read"}),
    )
    sent = company.office._request("POST", "users", wire.encode(OfficeUsers(1, users)))
    assert sent.status == 200, sent.data
    anna = visitor(language=language)
    anna.sign_in(company.owner, online.command("new-password", company.owner)["password"])
    anna.go(f"/c/{company.id}/members/invite")
    anna.fill(email=guest)
    anna.page.locator("[name=role]").select_option("read_only")
    anna.send()
    page = anna.page
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("tbody tr", has_text=guest).get_by_text(differs).click()
    anna.sees(superuser)
    anna.look(f"members-beside-{language}")
    anna.go(f"/c/{company.id}/members?status=differs")
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("language", "saved", "taken", "waits", "welcome"),
    [
        ("sv", "Sparat här", "mottaget av kontoret", "väntar på kontoret", "Välkommen till"),
        ("en", "Saved here", "taken by the office", "waits for the office", "Welcome to"),
    ],
)
def test_from_the_invitation_to_the_first_edit_and_its_way_to_the_office(
    visitor: NewVisitor,
    online: Service,
    language: str,
    saved: str,
    taken: str,
    waits: str,
    welcome: str,
) -> None:
    company = Company(online)
    company.load_all()
    guest = f"first.{language}@example.com"
    anna = visitor(language=language)
    anna.sign_in(company.owner, online.command("new-password", company.owner)["password"])
    anna.go(f"/c/{company.id}/members/invite")
    anna.fill(email=guest)
    anna.send()
    link = re.search(r"http\S+", anna.letter_to(guest))
    assert link
    dora = visitor(language=language)
    dora.page.set_viewport_size({"width": 390, "height": 844})
    dora.page.goto(link.group())
    dora.fill(name="Dora Dahl", password=PASSWORD)
    dora.send()
    dora.sees(welcome)
    page = dora.go(f"/c/{company.id}/r/contacts/{rid(2)}/edit")
    page.get_by_label("phone").fill("070-1")
    page.locator("main form button.main").first.click()
    dora.heading("Kund 02")
    dora.sees(saved)
    dora.sees(waits)
    dora.look(f"first-edit-{language}")
    pulled = company.office.pull()
    assert [change.fields for change in pulled.changes] == [{"phone": "070-1"}]
    company.office.floor = pulled.upto
    company.office.pull()
    until(
        lambda: (
            taken in (dora.go(f"/c/{company.id}/r/contacts/{rid(2)}").locator("main").inner_text())
        )
    )
    expect(page.get_by_text(waits)).to_have_count(0)
    dora.look(f"first-edit-taken-{language}")
