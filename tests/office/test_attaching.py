"""A database that is there already comes into the office program, by its plan."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import apsw

from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from tests.office.running import Office, Person, controls

OF_A_PROGRAM = """
CREATE TABLE kunder (kundnr INTEGER PRIMARY KEY, namn TEXT NOT NULL, ort TEXT);
CREATE TABLE "order" (ordernr INTEGER PRIMARY KEY, kundnr INTEGER, belopp NUMERIC);
CREATE TABLE anteckningar (text TEXT);
CREATE VIEW alla AS SELECT * FROM kunder;
INSERT INTO kunder VALUES (1, 'Ek', 'Umeå'), (2, 'Al', NULL);
INSERT INTO "order" VALUES (10, 1, 12.5), (11, 2, 3);
"""


def new_database(path: Path) -> Path:
    """A business program's file."""
    connection = apsw.Connection(str(path))
    connection.execute(OF_A_PROGRAM)
    connection.close()
    return path


def test_a_database_is_attached_by_a_plan_that_says_what_is_left_aside_and_why(
    office: Office, anna: Person, tmp_path: Path
) -> None:
    path = new_database(tmp_path / "program.dat")
    listed = anna.open(f"/companies/attach?folder={tmp_path}")
    assert listed.shows("program.dat")
    sent = anna.post("/companies/attach", name="Eks Trä AB", location=str(path))
    assert sent.to == "/companies/attach/plan"
    plan = anna.open(sent.to)
    for words in ("Kunder", "anteckningar", "It has no key", "A view", "kundnr → kunder"):
        assert plan.shows(words), words
    assert apsw.Connection(str(path)).execute("SELECT count(*) FROM sqlite_master").get == 4
    fields = anna.form(sent.to) | {"direction:order": "down"}
    assert anna.post(sent.to, **fields).to == "/c/eks-tra/settings/company"
    card = anna.open("/c/eks-tra/r/order/order.10")
    assert card.shows("Ek")
    assert anna.get("/c/eks-tra/r/order/order.10/edit").status == 403
    assert anna.get("/c/eks-tra/r/kunder/kunder.1/edit").status == 200
    assert anna.get("/c/eks-tra/r/anteckningar").status == 404
    assert not anna.open(f"/companies/attach?folder={tmp_path}").shows("<strong>program.dat")


def test_a_register_is_left_out_and_taken_in_later(anna: Person, tmp_path: Path) -> None:
    path = new_database(tmp_path / "two.db")
    anna.post("/companies/attach", name="Två", location=str(path))
    fields = {k: v for k, v in anna.form("/companies/attach/plan").items() if k != "table:order"}
    alias = re.sub(r"/c/([^/]+)/.*", r"\1", anna.post("/companies/attach/plan", **fields).to)
    assert anna.get(f"/c/{alias}/r/order").status == 404
    assert anna.post(f"/c/{alias}/settings/company/registers").to == "/companies/attach/plan"
    fields = anna.form("/companies/attach/plan") | {"table:order": "on"}
    assert anna.post("/companies/attach/plan", **fields).to == f"/c/{alias}/settings/company"
    assert anna.get(f"/c/{alias}/r/order").status == 200


def test_choosing_anew_leads_back_to_where_one_came_from(anna: Person, tmp_path: Path) -> None:
    path = new_database(tmp_path / "back.db")
    anna.post("/companies/attach", name="Åter", location=str(path))
    anna.post("/companies/attach/plan", **anna.form("/companies/attach/plan"))
    for given, to in (
        ("/c/ater/settings/online", "/c/ater/settings/online"),
        ("https://elsewhere.example/", "/c/ater/settings/company"),
    ):
        again = f"/c/ater/settings/company/registers?{urlencode({'next': given})}"
        assert anna.get(again).to == "/companies/attach/plan"
        sent = anna.form("/companies/attach/plan")
        assert anna.post("/companies/attach/plan", **sent).to == to


def test_what_cannot_be_attached_is_told_beside_the_address(anna: Person, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, only words of some length")
    for location, words in (
        (str(tmp_path / "none.db"), "It cannot be opened"),
        (str(tmp_path / "text.db"), "It cannot be opened"),
        ("mysql://host/db", "This names no SQLite file"),
        ("postgresql://nobody:secretword@127.0.0.1:1/none", "It cannot be opened"),
    ):
        answer = anna.post("/companies/attach", name="X", location=location)
        assert answer.status == 200
        assert answer.shows(words), location
    assert anna.get("/companies/attach/plan").status == 302


def test_a_database_that_is_gone_is_told_in_words_and_everything_else_goes_on(
    anna: Person, tmp_path: Path
) -> None:
    path = new_database(tmp_path / "gone.db")
    anna.post("/companies/attach", name="Borta", location=str(path))
    anna.post("/companies/attach/plan", **anna.form("/companies/attach/plan"))
    assert anna.get("/c/borta/r/kunder").status == 200
    path.rename(tmp_path / "elsewhere.db")
    answer = anna.get("/c/borta/r/kunder")
    assert answer.status == 503
    assert answer.shows("database cannot be used now")
    assert anna.get("/c/borta/settings/company").status == 200
    assert anna.get("/users").status == 200
    assert anna.post("/c/borta/settings/company/take-out").to == "/companies"
    assert anna.open("/c/sample").status == 200


STAFF = """
CREATE TABLE personal (nr INTEGER PRIMARY KEY, namn TEXT NOT NULL, lön NUMERIC, bricka TEXT NOT NULL DEFAULT '');
INSERT INTO personal VALUES (1, 'Ek', 30000, 'a'), (2, 'Al', 28000, 'b');
"""


def staff_is_chosen(anna: Person, folder: Path, name: str) -> None:
    """A database of staff is made and given to be attached; its plan comes next."""
    path = folder / "staff.db"
    with closing(apsw.Connection(str(path))) as made:
        made.execute(STAFF)
    anna.post("/companies/attach", name=name, location=str(path))


def test_single_fields_are_left_out_by_their_boxes_and_taken_in_again(
    anna: Person, tmp_path: Path
) -> None:
    staff_is_chosen(anna, tmp_path, "Personal AB")
    plan = anna.open("/companies/attach/plan")
    assert plan.shows("4 fields")
    assert plan.shows("It tells one record from another.")
    fields = anna.form("/companies/attach/plan") | {"without:personal.lön": "on"}
    alias = re.sub(r"/c/([^/]+)/.*", r"\1", anna.post("/companies/attach/plan", **fields).to)
    card = anna.open(f"/c/{alias}/r/personal/personal.1")
    assert (card.shows("Ek"), card.shows("30,000")) == (True, False)
    anna.post(f"/c/{alias}/settings/company/registers")
    assert anna.open("/companies/attach/plan").shows("4 fields, 1 left out")
    fields = anna.form("/companies/attach/plan")
    assert fields.pop("without:personal.lön") == "on"
    anna.post("/companies/attach/plan", **fields)
    assert anna.open(f"/c/{alias}/r/personal/personal.1").shows("30,000")


def test_a_field_that_is_needed_is_told_and_the_other_choices_stand(
    anna: Person, tmp_path: Path
) -> None:
    staff_is_chosen(anna, tmp_path, "Behöver AB")
    at = "/companies/attach/plan"
    fields = anna.form(at) | {"without:personal.namn": "on", "without:personal.lön": "on"}
    refused = anna.post(at, **fields)
    assert refused.status == 200
    assert refused.shows("personal.namn cannot be left out while records are made online")
    assert controls(refused.text)["without:personal.lön"] == "on"
    forged = anna.post(at, **fields | {"direction:personal": "up", "without:personal.nr": "on"})
    assert forged.shows("personal.nr cannot be left out: records are told apart by it")
    assert anna.post(at, **fields | {"direction:personal": "up"}).to.endswith("/settings/company")


def test_where_a_value_that_a_new_row_needs_is_left_out_new_ones_are_not_offered(
    anna: Person, tmp_path: Path
) -> None:
    staff_is_chosen(anna, tmp_path, "Kräver AB")
    at = "/companies/attach/plan"
    fields = anna.form(at) | {"without:personal.namn": "on", "direction:personal": "up"}
    alias = re.sub(r"/c/([^/]+)/.*", r"\1", anna.post(at, **fields).to)
    listed = anna.open(f"/c/{alias}/r/personal")
    assert listed.shows("the database asks for a value of Namn, which Samsyn does not have")
    assert "/personal/new" not in listed.text + anna.open(f"/c/{alias}/r/personal/personal.1").text
    assert anna.get(f"/c/{alias}/r/personal/new").status == 403
    assert anna.get(f"/c/{alias}/r/personal/personal.1/edit").status == 200
    anna.post(f"/c/{alias}/settings/company/registers")
    taken_in = {k: v for k, v in anna.form(at).items() if not k.startswith("without:")}
    anna.post(at, **taken_in)
    assert "/personal/new" in anna.open(f"/c/{alias}/r/personal").text


def test_a_database_is_detached_as_it_was_and_not_while_it_is_connected(
    anna: Person, tmp_path: Path
) -> None:
    path = new_database(tmp_path / "leaves.db")
    before = schema(path)
    anna.post("/companies/attach", name="Lämnar AB", location=str(path))
    anna.post("/companies/attach/plan", **anna.form("/companies/attach/plan"))
    out = "/c/lamnar/settings/company/take-out"
    with closing(open_company_db(SqliteUrl(str(path)))) as db, db.transaction():
        told = books.Connection("c", "a.c.s", "http://127.0.0.1:9", "a", "Lämnar")
        books.set_fact(db, "connection", told)
    assert anna.post(out, detach="on").to == out
    assert anna.get(out).shows("Disconnect it first")
    assert schema(path) != before
    with closing(open_company_db(SqliteUrl(str(path)))) as db, db.transaction():
        books.set_fact(db, "connection", None)
    assert anna.post(out, detach="on").to == "/companies"
    assert anna.open("/companies").shows("nothing of Samsyn is left in its database")
    assert schema(path) == before


def schema(path: Path) -> list[tuple[object, ...]]:
    """Everything that the file's schema holds."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.set_busy_timeout(10_000)
        return list(connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"))
