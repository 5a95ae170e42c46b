"""A change that waits while everything seems to run raises an alarm with its reason (FM10), with real processes."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import apsw

from samsyn.agent.stalling import LIMIT
from samsyn.cli.voice import STALLED
from samsyn.companydb import books
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import parse
from tests.cli.between import between
from tests.cli.office import Json, Office, Process
from tests.waiting import until


def at_once(office: Office, seconds: float = 0.1) -> None:
    """An alarm comes after so little: the ordinary minute is too long for a test."""
    with opened(parse(str(office.database)), writing=True) as db, db.transaction():
        books.set_fact(db, LIMIT, seconds)


def alarm(office: Office) -> Json:
    """The alarm that `samsyn status` tells, with its own exit code."""
    (told,) = office.tell("status", code=STALLED)["alarms"]
    assert told["message"].startswith("Alarm: ")
    return told


def hangs(agent: Process, office: Office) -> bool:
    """Stops the process where it holds no lock; else it goes on."""
    agent.popen.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, agent.popen.pid, os.WSTOPPED)  # until then it may still take one
    with closing(apsw.Connection(str(office.database))) as db:
        try:
            db.execute("BEGIN EXCLUSIVE; ROLLBACK")
        except apsw.BusyError:
            agent.popen.send_signal(signal.SIGCONT)
            return False
    return True


def has_arrived(office: Office) -> bool:
    """What waited: an agent that moves again is no alarm, though it has not sent everything yet."""
    fields = office.online("contacts", "contact_no", 10001)["fields"]
    return bool(fields["notes"] == "waits")


def test_a_service_that_takes_no_batch_while_it_answers_waits_fm10(office: Office) -> None:
    with between(office.service) as way:
        office.tell("attach")
        assert office.company
        code = office.new_code()
        office.tell("connect", "--online", way.url, "--code", code, "--now")
        at_once(office, 8.0)
        with office.process("agent", str(office.database)) as agent:
            agent.said("In sync")
            way.keep("push")
            office.write("UPDATE contacts SET notes = 'waits' WHERE contact_no = 10001")
            agent.said("Alarm: since")
            told = alarm(office)
            assert (told["code"], told["what"]) == ("STALL_SERVICE_SILENT", "up")
            assert told["waiting_up"] == 1
            online = until(lambda: office.program.get("status")["alarms"])[0]
            assert (online["code"], online["office_code"]) == (
                "OFFICE_STALLED",
                "STALL_SERVICE_SILENT",
            )
            way.let_go()
            until(lambda: office.run("status", str(office.database)).code == 0)
            until(lambda: not office.program.get("status")["alarms"])
            until(lambda: has_arrived(office))
            assert agent.end() == 0
    said = [line["message"] for line in reversed(office.tell("log"))]
    assert sum(text.startswith("Alarm: since") for text in said) == 1
    assert any("are sent again" in text for text in said)
    trace = office.run("trace", str(office.database), "--lines", "500").out
    assert trace.count("stall what=up code=STALL_SERVICE_SILENT") == 1
    assert trace.count("stall_over what=up") == 1


def test_an_agent_that_was_killed_is_missed_fm10(office: Office) -> None:
    office.begin()
    at_once(office)
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        agent.end(signal.SIGKILL)
    assert office.tell("status")["alarms"] == []
    office.write("UPDATE contacts SET notes = 'waits' WHERE contact_no = 10001")
    told = until(lambda: office.run("status", str(office.database), "--json").json["alarms"])[0]
    assert (told["code"], told["what"], told["waiting_up"]) == ("NO_AGENT", "agent", 1)
    assert alarm(office)["since"]
    swedish = office.run("status", str(office.database), lang="sv")
    assert "ingen har hört av agenten sedan" in swedish.out
    office.tell("sync")
    assert office.tell("status")["alarms"] == []


def test_an_agent_that_hangs_is_missed_fm10(office: Office) -> None:
    office.begin()
    at_once(office)
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        until(lambda: hangs(agent, office))
        office.write("UPDATE contacts SET notes = 'waits' WHERE contact_no = 10001")
        until(lambda: office.run("status", str(office.database)).code == STALLED)
        told = alarm(office)
        assert (told["code"], told["what"]) == ("AGENT_SILENT", "agent")
        agent.popen.send_signal(signal.SIGCONT)
        until(lambda: not office.run("status", str(office.database), "--json").json["alarms"])
        until(lambda: has_arrived(office))
        assert agent.end() == 0


def test_a_lock_that_another_program_holds_is_told_fm10(office: Office) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        at_once(office, 4.0)
        with office.locked(
            "IMMEDIATE", "UPDATE contacts SET notes = 'waits' WHERE contact_no = 10001"
        ):
            agent.said("Alarm: since")
            told = alarm(office)
            assert (told["code"], told["what"]) == ("DATABASE_BUSY", "agent")
        until(lambda: office.run("status", str(office.database)).code == 0)
        until(lambda: has_arrived(office))
        assert agent.end() == 0
