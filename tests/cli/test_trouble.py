"""Trouble that comes and goes while an agent runs: a clear word, nothing lost, and it goes on."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from samsyn.demo.postgres import write_postgres
from tests.cli.conftest import TODAY
from tests.cli.office import Office
from tests.online.running import Service, running
from tests.waiting import until


def test_a_service_that_stops_and_comes_back_is_waited_for_g4(
    tmp_path: Path, demo_file: Path
) -> None:
    database = tmp_path / "company.sqlite"
    shutil.copy(demo_file, database)
    with running(tmp_path / "online") as service:
        office = Office(tmp_path / "home", database, service)
        office.begin()
        with office.process("agent", str(database)) as agent:
            agent.said("In sync")
            service.stop()
            office.write("UPDATE contacts SET notes = 'kept' WHERE contact_no = 10001")
            agent.said("Nobody answers")
            status = office.tell("status")
            assert (status["state"], status["agent_runs"]) == ("offline", True)
            assert status["waiting_up"] >= 1
            service.start(urlsplit(service.url).port or 0)
            agent.said("Back again")
            assert office.online("contacts", "contact_no", 10001)["fields"]["notes"] == "kept"
            assert agent.end() == 0
    assert not any("Traceback" in line for line in agent.lines)


def test_a_locked_sqlite_file_is_waited_for_g4(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        with office.locked():
            office.patch("contacts", record["id"], notes="behind the lock")
            agent.said("holds the company database")
        until(
            lambda: (
                office.read("SELECT notes FROM contacts WHERE contact_no = 10001")
                == [("behind the lock",)]
            )
        )
        assert agent.end() == 0
    assert not any("Traceback" in line for line in agent.lines)


def test_a_file_that_goes_away_and_comes_back_is_waited_for_fm21_g4(office: Office) -> None:
    """Moved away and back, as a program does that repairs its database: nothing is written meanwhile."""
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    path = Path(office.database)
    with office.process("agent", str(path)) as agent:
        agent.said("In sync")
        away = path.rename(path.with_name("away.db"))
        # By what it finds at the path, or by SQLite, which writes to no file that was moved.
        until(lambda: any("a moment ago" in line or "just now" in line for line in agent.lines))
        office.patch("contacts", record["id"], notes="while it was away")
        away.rename(path)
        agent.said("Back again")
        until(
            lambda: (
                office.read("SELECT notes FROM contacts WHERE contact_no = 10001")
                == [("while it was away",)]
            )
        )
        assert agent.end() == 0
    assert not any("Traceback" in line for line in agent.lines)


def _has_compared_all(office: Office) -> bool:
    told = office.tell("status")
    return bool(told["verified"]["records"] == told["records"])


@pytest.mark.parametrize("how", ["renamed", "written over"])
def test_an_older_file_in_its_place_is_noticed_though_nobody_writes_fm21_g7(
    office: Office, tmp_path: Path, how: str
) -> None:
    office.begin()
    path = Path(office.database)
    older = Path(shutil.copy(path, tmp_path / "older.db"))
    with office.process("agent", str(path)) as agent:
        agent.said("In sync")
        office.write("UPDATE contacts SET notes = 'after the backup' WHERE contact_no = 10001")
        agent.said("office → online")
        until(
            lambda: _has_compared_all(office)
        )  # a copy under an agent that writes makes a mixed file
        if how == "renamed":
            older.rename(path)
        else:
            shutil.copy(older, path)
        agent.said("it was restored from a backup or copied")
    assert office.tell("status")["code"] in ("DATABASE_WENT_BACK", "LINK_OLD")
    assert office.read("SELECT notes FROM contacts WHERE contact_no = 10001") == [(None,)]


def test_postgresql_that_drops_its_connections_is_waited_for_g4(
    tmp_path: Path, pg_url: str, service: Service
) -> None:
    write_postgres(pg_url, today=TODAY, contacts=30)
    office = Office(tmp_path / "home", pg_url, service)
    office.begin()
    with office.process("agent", pg_url) as agent:
        agent.said("In sync")
        with psycopg.connect(pg_url, autocommit=True) as program:
            program.execute("UPDATE contacts SET notes = 'before' WHERE contact_no = 10001")
            agent.said("office → online")
            program.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE 'samsyn%' AND datname = current_database()"
            )
            program.execute("UPDATE contacts SET notes = 'after it' WHERE contact_no = 10001")
        until(
            lambda: office.online("contacts", "contact_no", 10001)["fields"]["notes"] == "after it"
        )
        # Each is told, though what tells it has a connection of its own, which went too.
        until(lambda: sum("office → online" in line for line in agent.lines) == 2)
        assert agent.end() == 0
    assert not any("Traceback" in line for line in agent.lines)
