"""From an empty home to a company of one's own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from samsyn.companydb import attach as attaching
from samsyn.companydb.urls import SqliteUrl
from tests.office.running import PASSWORD, Person, office_running

BERG = {
    "name": "Berg Bygg AB",
    "org_no": "5560360793",
    "street": "Storgatan 1",
    "postal_code": "90325",
    "city": "Umeå",
    "country": "SE",
    "phone": "+46 8 465 004 20",
    "email": "info@BERGBYGG.se",
}


def test_an_empty_home_becomes_a_company_with_a_contact_edited(tmp_path: Path) -> None:
    with office_running(tmp_path / "home") as office:
        anna = Person(office.url)
        assert anna.open("/").shows("Welcome to Samsyn")
        assert anna.post("/welcome", name="Anna", username="anna", password="short").status == 200
        assert anna.post("/welcome", name="Anna", username="anna", password=PASSWORD).to == "/"
        assert anna.open("/").shows("Add a company")
        assert anna.get("/welcome").to == "/sign-in"

        assert anna.post("/companies/new", **BERG).to == "/c/berg-bygg"
        made = anna.post("/c/berg-bygg/r/contacts/new", **{"v:name": "Kund ett", "v:phone": "08-1"})
        assert made.to == "/c/berg-bygg/r/contacts/contacts.10001", made.text
        sent = anna.form(made.to + "/edit") | {"v:phone": "08-2"}
        assert anna.post(made.to + "/edit", **sent).status == 302
        assert anna.open(made.to).shows("08-2")

        assert anna.post("/sign-out").to == "/sign-in"
        assert anna.get("/c/berg-bygg").to == "/sign-in?next=/c/berg-bygg"
        assert anna.sign_in("ANNA ").to == "/"
        assert anna.get("/").to == "/c/berg-bygg"


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("org_no", "556036-0794", "This is no organisation number of that country"),
        ("phone", "12", "This is no telephone number"),
        ("email", "info@", "This is no e-mail address"),
        ("postal_code", "9032", "This is no postal code"),
        ("name", "", "This field is required"),
    ],
)
def test_a_companys_details_are_checked_as_what_they_are(
    anna: Person, field: str, wrong: str, words: str
) -> None:
    answer = anna.post("/companies/new", **(BERG | {field: wrong}))
    assert answer.status == 200
    assert answer.shows(words)
    assert not anna.get("/companies").shows("Berg Bygg")


def test_details_and_registration_are_stated_by_commands_too_and_checked_alike(
    tmp_path: Path,
) -> None:
    file = tmp_path / "firm.db"
    with closing(apsw.Connection(str(file))) as made:
        made.execute("CREATE TABLE kunder (nr INTEGER PRIMARY KEY, namn TEXT)")
    attaching.attach(attaching.plan(SqliteUrl(str(file))))
    with office_running(tmp_path / "home") as office:
        anna = Person(office.url)
        anna.post("/welcome", name="Anna", username="anna", password=PASSWORD)
        opened = ("open", str(file), "--name", "Ek AB", "--detail", "org_no")
        with pytest.raises(AssertionError, match="DETAIL_UNFIT"):
            office.command(*opened, "5560360794")
        assert office.command(*opened, "5560360793")["alias"] == "ek"
        assert anna.get("/registration").shows("the installation is an evaluation")
        office.command("register", "Ek AB", "--contact", "Anna", "--phone", "08-465 004 20")
        assert anna.form("/c/ek/settings/company")["org_no"] == "556036-0793"
        assert anna.form("/registration")["phone"] == "08-465 004 20"
        assert not anna.get("/registration").shows("the installation is an evaluation")
