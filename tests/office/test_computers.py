"""The list of computers has every one that ran Samsyn on the database, an agent or the office program alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw

from samsyn.agent import computers
from samsyn.agent.lease import this_computer
from samsyn.companydb.attach import attach, plan
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from samsyn.office.computer_seen import note_computer
from tests.office.running import Office, Person


def attached(path: Path) -> SqliteUrl:
    with apsw.Connection(str(path)) as made:
        made.execute("CREATE TABLE kunder (nr INTEGER PRIMARY KEY, namn TEXT)")
    made.close()
    url = SqliteUrl(str(path))
    attach(plan(url))
    return url


def test_a_computer_that_only_opened_the_office_program_is_known_and_may_be_chosen(
    tmp_path: Path,
) -> None:
    with closing(open_company_db(attached(tmp_path / "a.db"))) as db:
        assert computers.computers(db) == []
        note_computer(db)
        (known,) = computers.computers(db)
        me = this_computer()
        assert (known.id, known.name, known.holds) == (me.id, me.name, False)
        computers.choose(db, me.name)
        writes = db.rows("SELECT total_changes()")
        note_computer(db)
        assert db.rows("SELECT total_changes()") == writes, "every page would write"


def test_a_page_of_a_company_notes_the_computer(
    office: Office, anna: Person, tmp_path: Path
) -> None:
    url = attached(tmp_path / "b.db")
    anna.post("/companies/attach", name="Kustens Fisk", location=url.path)
    fields = anna.form("/companies/attach/plan")
    assert anna.post("/companies/attach/plan", **fields).to.startswith("/c/kustens-fisk")
    assert anna.get("/c/kustens-fisk").status == 200
    with closing(open_company_db(url)) as db:
        assert [one.name for one in computers.computers(db)] == [this_computer().name]


def test_a_database_that_another_program_holds_is_read_all_the_same(tmp_path: Path) -> None:
    url = attached(tmp_path / "c.db")
    holder = apsw.Connection(url.path)
    with closing(open_company_db(url)) as db:
        db.rows("PRAGMA busy_timeout = 0")
        holder.execute("BEGIN IMMEDIATE")
        note_computer(db)
        assert computers.computers(db) == []
    holder.close()
