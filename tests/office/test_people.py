"""Users, the access they have, and the way back in for who has forgotten his password."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.office.connecting import BERG
from tests.office.people import add_user, signed_in
from tests.office.running import OTHER_PASSWORD, PASSWORD, Fields, Office, Person, ticked


def test_a_given_password_must_be_changed_before_anything_else(
    office: Office, anna: Person
) -> None:
    _, password = add_user(anna, "bo", "standard")
    bo = Person(office.url)
    assert bo.sign_in("Bo", password).to == "/"
    assert bo.get("/c/sample").to == "/me/password"
    told = {"now": password, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert bo.post("/me/password", **(told | {"again": "x"})).shows("The two are not the same")
    assert bo.post("/me/password", **told).to == "/"
    assert bo.get("/c/sample").status == 200


def test_a_new_password_from_a_superuser_ends_the_old_one_and_its_sessions(
    office: Office, anna: Person
) -> None:
    key, first = add_user(anna, "cia", "standard")
    cia = signed_in(office, "cia", first)
    assert cia.get("/c/sample").status == 200
    given = anna.post(f"/users/{key}/password")
    assert given.shows("shown only now")
    assert cia.get("/c/sample").to == "/sign-in?next=/c/sample"
    assert Person(office.url).sign_in("cia", OTHER_PASSWORD).status == 200


def test_signing_in_is_throttled_for_a_name_and_the_right_password_then_waits_too(
    office: Office, anna: Person
) -> None:
    add_user(anna, "dan", "standard")
    guesser = Person(office.url)
    for _ in range(5):
        assert guesser.sign_in("dan", "wrong").shows("User name or password is wrong")
    assert guesser.sign_in("dan", "wrong").shows("Too many wrong passwords")
    assert guesser.sign_in("nobody-of-that-name", "wrong").shows("User name or password is wrong")
    assert anna.get("/users").status == 200


def test_there_is_always_a_superuser(anna: Person, office: Office) -> None:
    anna_id = next(key for key in keys(anna) if "anna" in anna.form(f"/users/{key}").values())
    sent = anna.form(f"/users/{anna_id}")
    for change in ({"access": "standard"}, {"is_active": ""}):
        fields = {k: v for k, v in (sent | change).items() if v}
        assert anna.post(f"/users/{anna_id}", **fields).shows("There must always be a superuser")
    anna.post(f"/users/{anna_id}/remove")
    assert anna.open("/users").shows("There must always be a superuser")


def test_an_administrator_neither_makes_nor_changes_superusers(
    office: Office, anna: Person
) -> None:
    _, first = add_user(anna, "eva", "administrator")
    eva = signed_in(office, "eva", first)
    anna_id = keys(anna, "anna")[0]
    for path in ("", "/password", "/remove", "/sign-out"):
        assert eva.post(f"/users/{anna_id}{path}").status == 403
    told = {"name": "Fia", "username": "fia", "access": "superuser", "is_active": "on"}
    assert eva.post("/users/new", **told).shows("Select a valid choice")
    assert not eva.get("/users/rights-file").shows("anna")


def test_a_user_is_made_like_another_and_a_template_gives_its_rights_at_once(
    office: Office, anna: Person
) -> None:
    fields = anna.form("/templates/new") | {"name": "Säljare", "register:contacts": "read"}
    assert anna.post("/templates/new", **fields).to == "/templates"
    template = next(
        value for value in anna.open("/users/new").text.split('"') if value.startswith("template:")
    )
    key, first = add_user(anna, "gun", template)
    gun = signed_in(office, "gun", first)
    assert gun.get("/c/sample/r/contacts").status == 200
    assert gun.get("/c/sample/r/orders").status == 404
    assert anna.form(f"/users/new?based={key}")["access"] == template
    address = f"/templates/{template.removeprefix('template:')}"
    assert anna.post(address, **(anna.form(address) | {"register:contacts": "none"})).status == 302
    assert gun.get("/c/sample/r/contacts").status == 404
    assert anna.post(f"{address}/remove").to == "/templates"
    assert anna.open("/templates").shows("Users have this template")


def test_rights_are_told_as_an_excel_workbook_too(anna: Person) -> None:
    book = openpyxl.load_workbook(io.BytesIO(anna.data("/users/rights-file?as=xlsx")))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert ("Companies" in rows[0], "Contacts" in rows[0]) == (True, True)
    assert ("anna", "Anna Berg", "Superuser", "Yes") in {row[:4] for row in rows}


def test_who_is_kept_out_of_a_company_finds_it_nowhere(office: Office, anna: Person) -> None:
    """The choice at sign-in, addresses, the file of rights; a superuser opens all, whatever was ticked."""
    anna.open("/c/sample")
    anna.post("/companies/new", **BERG | {"name": "Klient AB"})
    key, first = add_user(anna, "kim", "administrator")
    kim = signed_in(office, "kim", first)
    assert kim.open("/companies").shows("Klient AB")
    page = anna.open(f"/users/{key}").text
    ids = dict(re.findall(r'name="companies" value="(\w+)"[^>]*>\s*([^<]+?)\s*</label>', page))
    client = next(one for one, name in ids.items() if name == "Klient AB")
    rest = [one for one in ids if one != client]
    sent: Fields = {**anna.form(f"/users/{key}"), "companies": rest}
    assert anna.post(f"/users/{key}", **sent).to == "/users"
    assert not kim.open("/companies").shows("Klient AB")
    for path in ("/c/klient", "/c/klient/settings/company", "/c/klient/settings/backup"):
        assert kim.get(path).status == 404
    lines = anna.get("/users/rights-file").text.splitlines()
    assert not any("Klient AB" in line for line in lines if line.startswith("kim,"))
    assert any("Klient AB" in line for line in lines if line.startswith("anna,"))
    into_it, password = add_user(anna, "lea", "standard")
    for path in ("", "/password", "/remove", "/sign-out", "/rights"):
        assert kim.post(f"/users/{into_it}{path}").status in (403, 404), path
    made, _ = add_user(kim, "mia", "standard")
    assert client not in ticked(anna.open(f"/users/{made}").text, "companies")
    assert "Klient AB" not in kim.open(f"/users/{made}").text
    assert signed_in(office, "lea", password).get("/c/klient").status == 200
    assert anna.open("/signed-in").shows("Klient AB")
    assert not kim.open("/signed-in").shows("Klient AB")
    sent = {**anna.form(f"/users/{key}"), "access": "superuser", "companies": rest}
    assert anna.post(f"/users/{key}", **sent).to == "/users"
    assert kim.get("/c/klient").status == 200


def test_who_is_kept_out_of_everything_is_told_so(office: Office, anna: Person) -> None:
    anna.post("/companies/new", **BERG | {"name": "Kund AB"})
    key, first = add_user(anna, "nils", "standard")
    nils = signed_in(office, "nils", first)
    shown = anna.form(f"/users/{key}").items()
    sent = {name: told for name, told in shown if name != "companies"}
    assert anna.post(f"/users/{key}", **sent).to == "/users"
    assert nils.open("/").shows("No company is open to you")
    assert nils.get("/c/sample").status == 404


def test_rights_are_told_as_a_file_for_every_user(anna: Person) -> None:
    told = anna.get("/users/rights-file")
    assert told.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = told.text.splitlines()
    assert "Contacts" in lines[0]
    assert any(line.startswith("anna,Anna Berg,Superuser,Yes,") for line in lines)


def test_a_user_is_linked_to_an_employee_whom_no_other_user_is(
    office: Office, anna: Person
) -> None:
    anna.open("/c/sample")
    key, _ = add_user(anna, "hans", "standard")
    sent = anna.form(f"/users/{key}") | {"employee": "employees.2"}
    assert anna.post(f"/users/{key}", **sent).to == "/users"
    assert anna.form(f"/users/{key}")["employee"] == "employees.2"
    other, _ = add_user(anna, "ida", "standard")
    assert 'value="employees.2"' not in anna.open(f"/users/{other}").text
    assert 'value="employees.3"' in anna.open(f"/users/{other}").text


def test_a_user_chooses_his_language_and_what_opens_first(office: Office, anna: Person) -> None:
    _, first = add_user(anna, "jon", "standard")
    jon = signed_in(office, "jon", first)
    jon.open("/c/sample")
    sent = jon.form("/me") | {"language": "sv", "start_page": "orders", "theme": "dark"}
    assert jon.post("/me", **sent).to == "/me"
    assert jon.get("/").to == "/c/sample/r/orders"
    page = jon.open("/me")
    assert page.shows("Mina inställningar")
    assert 'data-theme="dark"' in page.text


def test_the_operator_lets_somebody_in_again(office: Office) -> None:
    given = office.command("new-password", "anna")
    assert Person(office.url).sign_in("anna", given["password"]).status == 302
    back = Person(office.url)
    back.sign_in("anna", given["password"])
    told = {"now": given["password"], "password": PASSWORD, "again": PASSWORD}
    assert back.post("/me/password", **told).status == 302


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_nobody_is_sent_on_to_another_site(office: Office, next_page: str) -> None:
    someone = Person(office.url)
    answer = someone.post("/sign-in", username="anna", password=PASSWORD, next=next_page)
    assert answer.to == "/"


def keys(by: Person, name: str = "") -> list[str]:
    """The ids of users, of those that are called so."""
    page = by.open("/users").text
    rows = [row for row in page.split("<tr>") if f">{name}<" in row or not name]
    return [row.split('href="/users/')[1][:12] for row in rows if 'href="/users/' in row]


def test_the_service_of_a_company_is_not_told_of_who_is_kept_out_of_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.office.told_online", str(tmp_path)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert told == {"ours": ["anna", "cia"], "others": ["anna", "bo", "cia"]}


def test_the_operator_says_which_employee_a_user_is(office: Office, anna: Person) -> None:
    add_user(anna, "olle", "standard")
    told = ("link", "olle", "--company", "sample", "--employee")
    edit = "/c/sample/r/employees/employees.5/edit"
    anna.post(edit, **anna.form(edit) | {"v:email": "olle@example.com"})
    linked = office.command(*told, "olle@example.com")
    first, last = (anna.form(edit)[f"v:{name}"] for name in ("first_name", "last_name"))
    assert linked["employee"] == f"{first} {last}"
    assert anna.open("/users").shows(f"{first} {last}"), "who had no name has his own now"
    with pytest.raises(AssertionError, match="UNKNOWN_EMPLOYEE"):
        office.command(*told, "nobody@example.com")
