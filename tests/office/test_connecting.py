"""Connected, looked at, disconnected: over HTTP, with a real service and the agent beside the program."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from contextlib import closing
from pathlib import Path

from samsyn.companydb import attach as attaching
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from tests.office.connecting import ONLINE, Member, Ready, beside
from tests.office.running import Person
from tests.online.running import Program
from tests.waiting import until

STOCKHOLM = zoneinfo.ZoneInfo("Europe/Stockholm")


def test_a_company_is_connected_kept_the_same_and_disconnected(tmp_path: Path) -> None:
    with beside(tmp_path) as (service, office):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        anna = ready.anna
        assert anna.get(f"{ONLINE}/connect").shows("All are met")
        first = ready.asks()
        member.refuses(first)
        assert anna.get(f"{ONLINE}/connect/id").shows("The answer was no")
        assert anna.get(f"{ONLINE}/connect/plan").to == f"{ONLINE}/connect/id"
        ready.connects(member, when="later")
        waits = anna.get(f"{ONLINE}/connect/loading")
        assert waits.shows("The load goes on when a superuser resumes it")
        assert not waits.shows("You can leave this page")
        assert anna.post(f"{ONLINE}/sync/pause", paused="").status == 302
        ready.rests()
        told = anna.get(ONLINE)
        assert told.shows("Connected to Berg online")
        assert told.shows("Anna Berg")

        token = service.command(
            "create-token", "--company", member.company, "--email", member.email
        )
        online = Program(service.url, member.company, token["token"])
        [(key,)] = ready.sql("SELECT employee_id FROM employees")
        ready.sql("UPDATE employees SET city = 'Skellefteå'")
        until(
            lambda: (
                [r["fields"]["city"] for r in online.get("records/employees")["records"]]
                == ["Skellefteå"]
            )
        )
        sync = anna.get(f"{ONLINE}/sync")
        assert sync.shows("In sync")
        assert "syncs now" in sync.text
        mark = re.search(r"\?mark=([\w]+)", sync.text)
        assert mark
        assert key

        assert anna.post(f"{ONLINE}/sync/pause", paused="yes").status == 302
        assert anna.get(f"{ONLINE}/sync").shows("Resume")
        ready.sql("UPDATE employees SET city = 'Luleå'")
        end = anna.get(f"{ONLINE}/disconnect")
        assert end.shows("1 record has changes that Samsyn Online has not taken")
        assert end.shows("Berg")
        month_on = datetime.datetime.now(STOCKHOLM) + datetime.timedelta(days=30)
        date = f"{month_on:%-d %b %Y}"
        assert end.shows(f"deleted on <strong>{date}</strong>")
        assert end.shows(f'href="{service.url}/c/{member.company}/data"')
        assert anna.data("/c/berg-bygg/r/employees/export?as=xlsx").startswith(b"PK")
        with closing(open_company_db(SqliteUrl(str(ready.file)))) as db, db.transaction():
            for n in range(5_001):
                db.run("UPDATE employees SET city = $1", f"Ort {n}")
        assert anna.get(f"{ONLINE}/disconnect").shows("too many to be listed")
        wrong = anna.post(f"{ONLINE}/disconnect", password="not this one")
        assert wrong.shows("This is not your password.")
        done = anna.post(f"{ONLINE}/disconnect", password="lingon-torp-52-kvist")
        assert done.to == ONLINE
        told = anna.get(ONLINE)
        assert told.shows("Not connected")
        assert told.shows(f"The copy online is deleted on {date}.")
        assert anna.get(f"{ONLINE}/sync").to == ONLINE


def test_a_connected_company_is_restored_and_what_was_left_out_since_stays_so(
    tmp_path: Path,
) -> None:
    """The agent rests, what was is kept, nothing is exchanged before a person chose, and no private number goes online."""
    with beside(tmp_path) as (service, office):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        anna = ready.anna
        ready.connects(member)
        ready.rests()
        at = "/c/berg-bygg/settings/backup"
        ready.sql("UPDATE employees SET mobile = '070-1'")
        anna.post(at)
        [made] = re.findall(rf'href="{at}/([^/"]+)/restore"', anna.open(at).text)
        told = service.command("create-token", "--company", member.company, "--email", member.email)
        online = Program(service.url, member.company, told["token"])

        def employee() -> dict[str, object]:
            [found] = online.get("records/employees")["records"]
            fields: dict[str, object] = found["fields"]
            return fields

        until(lambda: employee()["mobile"] == "070-1")
        attaching.attach(attaching.plan(SqliteUrl(str(ready.file)), exclude=["employees.mobile"]))
        until(lambda: employee().get("mobile") is None)
        ready.sql("UPDATE employees SET city = 'Efter'")
        until(lambda: employee()["city"] == "Efter")
        restored = anna.post(f"{at}/{made}/restore")
        assert restored.shows("Update connection"), restored.text
        assert not restored.shows("could not be left out again")
        pages = [restored]

        def has_stopped() -> bool:
            pages.append(anna.get(f"{ONLINE}/sync"))
            return pages[-1].shows("The sync has stopped")

        until(has_stopped)
        assert not any(page.shows("In sync") for page in pages), "nobody knew that"
        assert ready.sql("SELECT city FROM employees") == [("Umeå",)]
        assert employee()["city"] == "Efter", "nothing is exchanged before a person has chosen"
        until(lambda: anna.get(f"{ONLINE}/update").shows("Efter"))
        assert anna.post(f"{ONLINE}/update/choose", choice="bring_back").status == 302
        until(lambda: ready.sql("SELECT city FROM employees") == [("Efter",)])
        until(lambda: anna.get(f"{ONLINE}/sync").shows("In sync"))
        assert employee().get("mobile") is None
        assert ready.sql("SELECT mobile FROM employees") == [("070-1",)]
        assert office.stop() == (0, "")
        office.start("--no-agent")
        later = Person(office.url)
        assert later.sign_in("anna").status == 302
        told_now = later.get(f"{ONLINE}/sync")
        assert told_now.shows("The sync does not run")
        assert told_now.shows("Start Samsyn on the sync computer")
