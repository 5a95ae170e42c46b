"""A running agent moves changes by itself, is alone, and ends when asked or killed without loss."""

from __future__ import annotations

import json
import signal

from tests.cli.between import between
from tests.cli.office import Office
from tests.waiting import until


def test_changes_reach_the_other_side_while_an_agent_runs(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        office.write("UPDATE contacts SET notes = 'from the office' WHERE contact_no = 10002")
        until(
            lambda: (
                office.online("contacts", "contact_no", 10002)["fields"]["notes"]
                == "from the office"
            )
        )
        office.patch("contacts", record["id"], notes="from online")
        until(
            lambda: (
                office.read("SELECT notes FROM contacts WHERE contact_no = 10001")
                == [("from online",)]
            )
        )
        behind_ms = office.program.get("status")["behind_ms"]
        assert (
            behind_ms is None or behind_ms >= 0
        )  # of a batch that was long ago, and slow, nothing is told
        assert "Notes" in agent.said("office → online")
        assert "(10001): Notes" in agent.said("online → office")
        assert office.tell("status")["agent_runs"] is True
        assert office.refused("agent") == "LEASE_HELD"
        office.write("UPDATE contacts SET notes = 'more' WHERE contact_no = 10003")
        assert office.tell("sync")["watched"] is True
        assert office.tell("verify")["identical"] is True
        assert agent.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in agent.lines)
    assert office.tell("status")["agent_runs"] is False


def test_an_agent_that_is_paused_waits_for_resume(office: Office) -> None:
    office.begin()
    with office.process("agent", str(office.database), "--json") as agent:
        agent.said('"in_sync"')
        office.tell("pause")
        agent.said('"paused"')
        office.write("UPDATE contacts SET notes = 'held' WHERE contact_no = 10001")
        assert office.tell("status")["state"] == "paused"
        assert office.tell("status")["waiting_up"] == 1
        office.tell("resume")
        until(lambda: office.online("contacts", "contact_no", 10001)["fields"]["notes"] == "held")
        assert agent.end() == 0
    assert {json.loads(line)["state"] for line in agent.lines} >= {"paused", "in_sync"}


def test_a_killed_agent_leaves_room_for_the_next(office: Office) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        agent.end(signal.SIGKILL)
    office.write("UPDATE contacts SET notes = 'meanwhile' WHERE contact_no = 10001")
    with office.process("agent", str(office.database)) as agent:
        until(
            lambda: office.online("contacts", "contact_no", 10001)["fields"]["notes"] == "meanwhile"
        )
        assert agent.end() == 0


def test_disconnecting_ends_the_agent_in_order(office: Office) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        office.tell("disconnect")
        agent.said("disconnected")
        assert agent.wait() == 0
    assert office.tell("status")["connected"] is False


def test_an_agent_is_told_of_the_end_while_the_service_is_still_being_told(office: Office) -> None:
    with between(office.service) as way:
        office.tell("attach")
        assert office.company
        office.tell("connect", "--online", way.url, "--code", office.new_code(), "--now")
        with office.process("agent", str(office.database)) as agent:
            agent.said("In sync")
            way.keep("disconnect")
            with office.process("disconnect", str(office.database)) as ending:
                agent.said("disconnected")
                assert agent.wait() == 0
                way.let_go()
                assert ending.wait() == 0
    assert office.tell("status")["connected"] is False


def test_changes_that_are_refused_are_told(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        office.patch("contacts", record["id"], payment_days=500)
        agent.said("quarantine")
        until(lambda: office.tell("status")["quarantine"] == 1)
        office.patch("contacts", record["id"], payment_days=20)
        until(lambda: office.tell("status")["quarantine"] == 0)
        assert agent.end() == 0
