"""The whole path: attach, connect, sync, edit on both sides, conflict, verify, disconnect, detach."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg

from samsyn.demo.postgres import write_postgres
from tests.cli.conftest import TODAY
from tests.cli.office import Office
from tests.online.running import Service


def test_a_company_database_goes_the_whole_way_and_is_left_as_it_was(office: Office) -> None:
    before = office.schema()
    office.begin()
    record = office.online("contacts", "contact_no", 10001)

    office.patch("contacts", record["id"], phone="08-465 004 20", city="Umeå")
    office.write(
        "UPDATE contacts SET phone = '08-465 004 30', notes = 'x' WHERE contact_no = 10001"
    )
    done = office.tell("sync")
    assert (done["up"] >= 1, done["down"], done["conflicts"]) == (True, 1, 1)
    assert office.read("SELECT phone, city, notes FROM contacts WHERE contact_no = 10001") == [
        ("08-465 004 30", "Umeå", "x")
    ]
    fields = office.online("contacts", "contact_no", 10001)["fields"]
    assert (fields["phone"], fields["city"], fields["notes"]) == ("08-465 004 30", "Umeå", "x")

    (conflict,) = office.tell("conflicts")
    assert conflict["key"] == 10001
    told = {name: conflict[name] for name in ("type", "field", "office", "online", "kept")}
    assert told == {
        "type": "contacts",
        "field": "phone",
        "office": "08-465 004 30",
        "online": "08-465 004 20",
        "kept": "office",
    }
    assert office.tell("verify")["identical"] is True
    ledger = office.tell("ledger")
    assert (ledger["conflict"], ledger["difference"]) == (1, 0)

    assert office.refused("detach") == "STILL_CONNECTED"
    office.tell("disconnect")
    assert office.tell("detach") == {
        "identical": True,
        "was_attached": True,
        "changed_meanwhile": [],
        "left": [],
    }
    assert office.schema() == before


def test_connecting_again_doubles_nothing_and_finds_no_conflict(office: Office) -> None:
    office.begin()
    first = office.tell("status")["records"]
    record = office.online("contacts", "contact_no", 10002)
    gone = office.online("activities", "activity_id", 1)
    office.patch("contacts", record["id"], phone="08-465 004 21")
    office.tell("sync")
    office.tell("disconnect")

    office.write("UPDATE contacts SET phone = '08-465 004 22' WHERE contact_no = 10002")
    office.write("DELETE FROM activities WHERE activity_id = 1")
    office.patch("contacts", record["id"], city="Luleå")
    office.connect()
    done = office.tell("sync")
    assert (done["conflicts"], done["quarantine"]) == (0, 0)
    assert office.tell("conflicts") == []
    assert office.read("SELECT phone, city FROM contacts WHERE contact_no = 10002") == [
        ("08-465 004 22", "Luleå")
    ]
    assert office.online("contacts", "contact_no", 10002)["id"] == record["id"]
    assert office.program.send("GET", f"records/activities/{gone['id']}").status == 404
    told = office.tell("verify")
    assert (told["identical"], told["records"]) == (True, first - 1)


def test_after_detach_connecting_again_doubles_nothing(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10003)
    office.tell("disconnect")
    office.tell("detach")
    office.begin()
    assert office.tell("conflicts") == []
    assert office.online("contacts", "contact_no", 10003)["id"] == record["id"]
    assert office.tell("verify")["identical"] is True


def test_disconnecting_with_unsent_changes_must_be_meant(office: Office) -> None:
    office.begin()
    office.write("UPDATE contacts SET notes = 'not sent' WHERE contact_no = 10004")
    assert office.refused("disconnect") == "CHANGES_WAITING"
    assert office.tell("disconnect", "--yes")["waiting_up"] == 1
    office.connect()
    office.tell("sync")
    assert office.online("contacts", "contact_no", 10004)["fields"]["notes"] == "not sent"


def test_northwind_goes_the_whole_way(tmp_path: Path, shared_data: Path, service: Service) -> None:
    database = tmp_path / "northwind.sqlite"
    shutil.copy(shared_data / "northwind" / "northwind.sqlite", database)
    office = Office(tmp_path / "home", database, service)
    before = office.schema()
    office.begin()
    record = office.online("Customers", "CustomerID", "ALFKI")
    office.patch("Customers", record["id"], City="Umeå")
    office.write("UPDATE Customers SET City = 'Kiruna', Phone = '1' WHERE CustomerID = 'ALFKI'")
    done = office.tell("sync")
    assert done["conflicts"] == 1
    assert office.online("Customers", "CustomerID", "ALFKI")["fields"]["City"] == "Kiruna"
    assert office.tell("verify")["identical"] is True
    office.tell("disconnect")
    assert office.tell("detach")["identical"] is True
    assert office.schema() == before


def test_a_postgresql_database_goes_the_whole_way(
    tmp_path: Path, pg_url: str, service: Service
) -> None:
    write_postgres(pg_url, today=TODAY, contacts=20)
    office = Office(tmp_path / "home", pg_url, service)
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    office.patch("contacts", record["id"], phone="08-465 004 20", payment_days=500)
    with psycopg.connect(pg_url) as program:
        program.execute("UPDATE contacts SET phone = '08-465 004 30' WHERE contact_no = 10001")
    done = office.tell("sync", code=3)
    assert (done["conflicts"], done["quarantine"]) == (1, 1)
    (held,) = office.tell("quarantine")
    assert (held["side"], held["key"], held["code"]) == ("office", 10001, "CHECK_FAILED")
    office.patch("contacts", record["id"], payment_days=20)
    office.tell("sync")
    assert [c["key"] for c in office.tell("conflicts")] == [10001]
    assert office.tell("verify")["identical"] is True
    office.tell("disconnect")
    assert office.tell("detach")["identical"] is True
