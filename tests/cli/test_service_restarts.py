"""The service begins again, or stops and starts, while a real agent holds its request: the agent goes on at once."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from samsyn.online.configuration import FILE
from tests.cli.office import Office
from tests.online.running import Service
from tests.waiting import until

BOUND_S = 60.0
"""Far above what it takes; an agent that waits for a person never gets there."""


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service that a test may stop, with everything in its log as JSON."""
    home = tmp_path / "online"
    home.mkdir()
    (home / FILE).write_text('log_format = "json"\nlog_level = "DEBUG"\n')
    service = Service(home, "")
    service.start()
    yield service
    if service.process is not None:
        service.stop()


@pytest.fixture
def office(tmp_path: Path, demo_file: Path, own_service: Service) -> Office:
    """An office of that service."""
    database = tmp_path / "företag.sqlite"
    shutil.copy(demo_file, database)
    return Office(tmp_path / "home", database, own_service)


def goes_both_ways(office: Office, mark: str) -> float:
    """Seconds until a change of each side has reached the other."""
    record = office.online("contacts", "contact_no", 10001)
    begun = time.monotonic()
    office.patch("contacts", record["id"], notes=f"online {mark}")
    office.write("UPDATE contacts SET notes = ? WHERE contact_no = 10002", f"office {mark}")
    until(
        lambda: (
            office.read("SELECT notes FROM contacts WHERE contact_no = 10001")
            == [(f"online {mark}",)]
        ),
        timeout_s=BOUND_S,
    )
    until(
        lambda: (
            office.online("contacts", "contact_no", 10002)["fields"]["notes"] == f"office {mark}"
        ),
        timeout_s=BOUND_S,
    )
    return time.monotonic() - begun


def begun_again(service: Service) -> None:
    """SIGHUP, and the word that requests are answered again."""
    process = service.process
    assert process is not None
    assert process.stdout is not None
    process.send_signal(signal.SIGHUP)
    assert json.loads(process.stdout.readline()) == {"url": service.url, "ready": True}


def test_an_agent_goes_on_by_itself_when_the_service_begins_again_or_is_started_anew(
    office: Office, own_service: Service
) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        first = goes_both_ways(office, "first")
        begun_again(own_service)
        again = goes_both_ways(office, "again")
        port = urlsplit(own_service.url).port
        code, log = own_service.stop()
        assert code == 0
        own_service.start(port or 0)
        anew = goes_both_ways(office, "anew")
        assert agent.end() == 0
    print(f"both ways: {first:.2f} s, after SIGHUP {again:.2f} s, after a stop {anew:.2f} s")  # noqa: T201 - figures to look at
    assert not any("Traceback" in line for line in agent.lines)
    assert office.tell("verify")["identical"]
    trace = "\n".join(office.tell("trace", "--lines", "500")["lines"])
    sessions = set(re.findall(r"hello sync=([0-9a-f]{12})", trace))
    told = {json.loads(line).get("sync") for line in log.splitlines()}
    assert sessions & told


def test_an_agent_waits_while_its_company_is_suspended_and_goes_on_when_it_is_resumed(
    office: Office, own_service: Service
) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        own_service.command("companies", "suspend", office.company)
        office.write("UPDATE contacts SET notes = 'meanwhile' WHERE contact_no = 10002")
        assert "suspended the company" in agent.said("suspended")
        own_service.command("companies", "resume", office.company)
        begun = time.monotonic()
        until(
            lambda: (
                office.online("contacts", "contact_no", 10002)["fields"]["notes"] == "meanwhile"
            ),
            timeout_s=90,
        )
        print(f"goes on {time.monotonic() - begun:.1f} s after it was resumed")  # noqa: T201 - a figure to look at
        assert agent.end() == 0
    assert office.tell("verify")["identical"]
