"""The office's pages over a company's PostgreSQL database: attached by the wizard, worked in, connected, disconnected."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import psycopg
import pytest

from samsyn.demo.postgres import write_postgres
from tests.office.connecting import BERG, ONLINE, REGISTERED, Member, Ready, beside
from tests.office.running import PASSWORD, Office, Person
from tests.online.running import Program
from tests.waiting import until

AT = "/c/berg-bygg"
CONTACTS = f"{AT}/r/contacts"


class OnPostgres(Ready):
    """A company whose PostgreSQL database has been attached by the wizard, of which every criterion is met."""

    def __init__(self, office: Office, url: str) -> None:
        self.office, self.url = office, url
        self.anna = Person(office.url)
        self.anna.post("/welcome", name="Anna Berg", username="anna", password=PASSWORD)
        sent = self.anna.post("/companies/attach", name=BERG["name"], location=url)
        assert sent.to == "/companies/attach/plan", sent.text
        plan = self.anna.open(sent.to)
        assert plan.shows("21 fields")
        fields = self.anna.form(sent.to) | {"without:contacts.notes": "on"}
        assert self.anna.post(sent.to, **fields).to == f"{AT}/settings/company"
        assert self.anna.post(f"{AT}/settings/company", **BERG).status == 302
        assert self.anna.post("/registration", **REGISTERED).status == 302
        [(email,)] = self.sql("SELECT email FROM employees WHERE employee_id = 2")
        told = ("link", "anna", "--company", "berg-bygg", "--employee", str(email))
        office.command(*told)

    def sql(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What any program does to the database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(sql.encode(), values or None)
            return [tuple(row) for row in done.fetchall()] if done.description else []


@pytest.fixture
def database(pg_url: str) -> str:
    """A trading firm's database, as its own program has it."""
    write_postgres(pg_url, today=dt.date(2026, 11, 30), contacts=40)
    return pg_url


def test_a_company_on_postgresql_is_worked_in_and_connected_as_any_other(
    tmp_path: Path, database: str
) -> None:
    with beside(tmp_path) as (service, office):
        ready = OnPostgres(office, database)
        _finds_and_changes_a_record(ready)
        _makes_and_deletes_one(ready)
        _takes_a_table_along_and_back(ready)
        backups = ready.anna.open(f"{AT}/settings/backup")
        assert backups.shows("A PostgreSQL database is backed up by its server's own means.")
        assert ready.anna.post(f"{AT}/settings/backup").to == f"{AT}/settings/backup"
        member = Member(service, "anna@example.com", "Berg online")
        ready.connects(member)
        ready.rests()
        told = service.command("create-token", "--company", member.company, "--email", member.email)
        _is_the_same_on_both_sides(ready, Program(service.url, member.company, told["token"]))
        done = ready.anna.post(f"{ONLINE}/disconnect", password=PASSWORD)
        assert done.to == ONLINE
        assert ready.anna.get(ONLINE).shows("Not connected")


def _finds_and_changes_a_record(ready: OnPostgres) -> None:
    anna = ready.anna
    [(name, old)] = ready.sql("SELECT name, phone FROM contacts WHERE contact_no = 10003")
    assert anna.open(f"{CONTACTS}?q={str(name).split()[0]}").shows(str(name))
    assert anna.open(f"{CONTACTS}?sort=-name").status == 200
    card = anna.open(f"{CONTACTS}/contacts.10003")
    assert card.shows(str(name))
    assert not card.shows("Notes"), "it was left out"
    edit = f"{CONTACTS}/contacts.10003/edit"
    assert anna.post(edit, **anna.form(edit) | {"v:phone": "08-765 43 21"}).status == 302
    assert ready.sql("SELECT phone FROM contacts WHERE contact_no = 10003") == [("08-765 43 21",)]
    ready.sql("UPDATE contacts SET city = 'Skellefteå' WHERE contact_no = 10003")
    timeline = anna.open(f"{CONTACTS}/contacts.10003/history")
    for words in ("08-765 43 21", "Anna Berg", *([str(old)] if old else [])):
        assert timeline.shows(words), words
    stale = anna.form(edit) | {"v:city": "Luleå"}
    ready.sql("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10003")
    both = anna.post(edit, **stale)
    assert (both.shows("Kiruna"), both.shows("Luleå")) == (True, True), "both are shown"


def _makes_and_deletes_one(ready: OnPostgres) -> None:
    new = f"{CONTACTS}/new"
    made = ready.anna.post(new, **ready.anna.form(new) | {"v:name": "Ny Kund AB"})
    assert made.status == 302, made.text
    assert ready.anna.open(made.to).shows("Ny Kund AB")
    assert (
        ready.anna.post(f"{made.to}/delete", **ready.anna.form(f"{made.to}/delete")).status == 302
    )
    assert ready.sql("SELECT count(*) FROM contacts WHERE name = 'Ny Kund AB'") == [(0,)]
    refused = ready.anna.open("/c/berg-bygg/r/employees/employees.1/delete")
    assert refused.status == 200, "it is told what depends on the employee"


def _takes_a_table_along_and_back(ready: OnPostgres) -> None:
    anna = ready.anna
    book = openpyxl.load_workbook(io.BytesIO(anna.data(f"{CONTACTS}/export?as=xlsx")))
    assert len(list(book.worksheets[0].iter_rows())) == 41
    assert "10003" in anna.get(f"{CONTACTS}/export").text
    table = "contact_no,Name,City\n10003,Bytt Namn AB,Gävle\n,Helt Ny AB,Falun\n"
    assert anna.upload(f"{CONTACTS}/import", "table", table.encode()).status == 302
    shown = anna.open(f"{CONTACTS}/import/preview").text
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen, shown
    assert anna.post(f"{CONTACTS}/import/preview", do="write", seen=seen[1]).to == CONTACTS
    found = ready.sql("SELECT name FROM contacts WHERE city IN ('Gävle', 'Falun') ORDER BY 1")
    assert {("Bytt Namn AB",), ("Helt Ny AB",)} <= set(found)


def _is_the_same_on_both_sides(ready: OnPostgres, online: Program) -> None:
    listed = online.get("records/contacts?limit=100")["records"]
    [one] = [record for record in listed if record["fields"]["name"] == "Bytt Namn AB"]
    assert "notes" not in one["fields"]
    online.send("PATCH", f"records/contacts/{one['id']}", {"fields": {"phone": "08-1"}})
    phone = "SELECT phone FROM contacts WHERE contact_no = 10003"
    until(lambda: ready.sql(phone) == [("08-1",)])
    assert ready.anna.open(f"{CONTACTS}/contacts.10003/history").shows("anna@example.com")
    ready.sql("UPDATE contacts SET phone = '08-2' WHERE contact_no = 10003")
    at = f"records/contacts/{one['id']}"
    until(lambda: online.get(at)["fields"]["phone"] == "08-2")
    until(lambda: ready.anna.get(f"{ONLINE}/sync").shows("In sync"))
