"""How an office stands to the service, as programs, operators and the log of alarms are told (FM10)."""

from __future__ import annotations

import json
import threading

from samsyn.core.stall import STALL_S
from samsyn.online.alarm_log import AlarmLog
from samsyn.protocol.messages import OfficeAlarm
from samsyn.records.contact import STALLED, TAKES_NOTHING, Alarm, Contact
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records
from tests.waiting import until


def test_what_waits_for_the_office_is_told_until_it_takes_it_fm10(company: Company) -> None:
    program, office = company.program, company.office
    office.pull()
    office.floor = office.cursor
    office.pull()
    until(lambda: program.get("status")["waiting"] == 0)
    program.send("PATCH", records("contacts", rid(1)), {"fields": {"name": "Waits"}})
    told = program.get("status")
    assert told["connected"] is True
    assert (told["computer"], told["waiting"], told["alarms"]) == ("DESK-1", 1, [])
    assert 0 <= told["oldest_s"] < STALL_S
    office.pull()
    office.pull()
    until(lambda: program.get("status")["oldest_s"] is None)


def test_an_office_that_only_waits_is_heard_fm10(company: Company) -> None:
    waiting = threading.Thread(target=lambda: company.office.wait(company.office.cursor + 5))
    waiting.start()
    before = until(lambda: company.program.get("status")["last_heard"])
    until(lambda: company.program.get("status")["last_heard"] > before)
    assert company.program.get("status")["heard"] is True
    for turn in range(6):
        body = {"fields": {"name": f"Turn {turn}"}}
        company.program.send("PATCH", records("contacts", rid(2)), body)
    waiting.join(60)


def test_the_operator_sees_every_company_fm10(company: Company) -> None:
    told = company.service.command("status", "--company", company.id)["companies"]
    assert [one["company"] for one in told] == [company.id]
    done = company.service.run("status", lang="sv")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{company.id}  Nordlund & Söner AB  kontoret" in done.stdout


def found(*alarms: Alarm, waiting: int = 0) -> Contact:
    return Contact(True, True, "DESK-1", "then", waiting, 70 if waiting else None, alarms)


def test_the_log_has_a_line_when_an_alarm_begins_and_one_when_it_ends_fm10() -> None:
    lines: list[str] = []
    moment = 0.0
    log = AlarmLog(lines.append, lambda: moment, lambda: "now")
    log.news("aaaaaaaaaaaa", 7)
    assert log.due() == []
    moment = STALL_S
    assert log.due() == ["aaaaaaaaaaaa"]
    says = Alarm(STALLED, "before", 80, OfficeAlarm("held", "HELD_OFFICE_MASS_DELETE", "before"))
    takes_nothing = Alarm(TAKES_NOTHING, "then", 70)
    for _ in range(3):
        log.take("aaaaaaaaaaaa", found(takes_nothing, says, waiting=2))
    log.take("aaaaaaaaaaaa", found(says))
    assert log.due() == ["aaaaaaaaaaaa"]
    log.take("aaaaaaaaaaaa", found())
    assert log.due() == []
    told = [json.loads(line) for line in lines]
    assert sorted((one["event"], one["code"]) for one in told) == sorted(
        [
            ("alarm", TAKES_NOTHING),
            ("alarm", STALLED),
            ("alarm_over", TAKES_NOTHING),
            ("alarm_over", STALLED),
        ]
    )
    assert {one["company"] for one in told} == {"aaaaaaaaaaaa"}
    assert told[0]["waiting"] == 2
