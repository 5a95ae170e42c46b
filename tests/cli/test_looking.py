"""The shapes that other programs rely on, and the words that people read."""

from __future__ import annotations

import datetime as dt

from tests.cli.office import Office
from tests.online.running import running
from tests.waiting import until

STATUS = {"state", "reason", "waiting_up", "waiting_down", "quarantine", "last_sync"}


def state(office: Office) -> tuple[str, str | None]:
    told = office.tell("status")
    assert told.keys() >= STATUS
    return told["state"], told["code"]


def test_the_state_follows_what_happens(office: Office) -> None:
    office.tell("attach")
    assert state(office) == ("stopped", "NOT_CONNECTED")
    office.connect()
    assert state(office) == ("stopped", "NO_AGENT")
    assert office.tell("status")["waiting_up"] > 30
    office.tell("sync")
    told = office.tell("status")
    assert (told["state"], told["waiting_up"], told["waiting_down"]) == ("in_sync", 0, 0)
    assert dt.datetime.fromisoformat(told["last_sync"]).tzinfo is not None
    office.write("UPDATE contacts SET notes = 'a' WHERE contact_no = 10001")
    assert state(office) == ("stopped", "NO_AGENT")
    office.tell("pause")
    assert state(office) == ("paused", "SYNC_PAUSED")
    assert office.refused("sync") == "SYNC_PAUSED"
    office.tell("resume")
    record = office.online("contacts", "contact_no", 10002)
    office.patch("contacts", record["id"], notes="b")
    told = office.tell("status")
    assert (told["waiting_up"], told["waiting_down"]) == (1, 1)


def test_a_service_that_is_gone_is_offline_and_loses_nothing(office: Office) -> None:
    home = office.home / "online"
    with running(home) as service:
        alone = Office(office.home, office.database, service)
        alone.begin()
        alone.write("UPDATE contacts SET notes = 'kept' WHERE contact_no = 10001")
    assert state(alone) == ("offline", "SERVICE_UNREACHABLE")
    assert alone.refused("sync", "--timeout", "0.2") == "SERVICE_UNREACHABLE"
    assert alone.tell("status")["waiting_up"] >= 1
    (latest, *_) = alone.tell("log")
    assert (latest["status"], latest["up"]) == ("error", 0)
    assert alone.service.url in latest["message"]


def test_a_change_the_office_does_not_take_rests_in_quarantine_until_mended(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    office.patch("contacts", record["id"], payment_days=500)
    assert office.tell("sync", code=3)["quarantine"] == 1
    (held,) = office.tell("quarantine")
    assert dt.datetime.fromisoformat(held["since"]).tzinfo is not None
    assert (
        held.items()
        >= {
            "side": "office",
            "type": "contacts",
            "record": record["id"],
            "key": 10001,
            "code": "CHECK_FAILED",
        }.items()
    )
    assert held["reason"]
    assert office.tell("status")["quarantine"] == 1
    assert office.tell("verify", code=3)["identical"] is True
    assert "payment_days" in office.run("quarantine", str(office.database)).out

    assert office.tell("quarantine", "--retry") == {"retried": 1}
    assert office.tell("sync", code=3)["quarantine"] == 1
    office.patch("contacts", record["id"], payment_days=60)
    assert office.tell("sync")["quarantine"] == 0
    assert office.tell("quarantine") == []
    assert office.read("SELECT payment_days FROM contacts WHERE contact_no = 10001") == [(60,)]


def test_log_and_history_tell_what_was_moved(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    office.patch("contacts", record["id"], notes="online")
    office.tell("sync")
    for line in (log := office.tell("log")):
        assert line.keys() >= {"at", "status", "up", "down", "message"}
    assert {line["status"] for line in log} == {"ok"}
    assert sum(line["down"] for line in log) == 1
    assert len(office.tell("log", "--limit", "1")) == 1
    history = office.tell("history")
    assert (history["down"], history["up"]) == (1, sum(line["up"] for line in log))
    assert history["last_sync_by"]


def test_conflicts_are_as_many_as_asked_for_the_newest_first(office: Office) -> None:
    office.begin()
    for number in range(10001, 10004):
        record = office.online("contacts", "contact_no", number)
        office.patch("contacts", record["id"], notes=f"online {number}")
        office.write("UPDATE contacts SET notes = 'office' WHERE contact_no = ?", number)
        assert office.tell("sync")["conflicts"] == 1
    assert [c["key"] for c in office.tell("conflicts", "--limit", "2")] == [10003, 10002]
    assert len(office.tell("conflicts", "--all")) == 3
    (conflict, *_) = office.tell("conflicts")
    assert conflict.keys() >= {
        "type", "record", "key", "field", "base", "office", "online", "kept", "office_by",
        "online_by", "at", "outcome",
    }  # fmt: skip
    assert conflict["online_by"] == "anna@prov.example"
    words = office.run("conflicts", str(office.database), lang="sv").out
    assert "Kontorets värde gäller." in words
    assert office.tell("conflicts", "--re-apply", conflict["id"])["new"] is True
    assert office.tell("conflicts", "--re-apply", conflict["id"])["new"] is False
    office.tell("sync")
    number = conflict["key"]
    assert office.read("SELECT notes FROM contacts WHERE contact_no = ?", number) == [
        (f"online {number}",)
    ]
    assert [c["reapplied"] for c in office.tell("conflicts")] == [True, False, False]
    assert "en gång till" in office.run("conflicts", str(office.database), lang="sv").out
    assert office.refused("conflicts", "--re-apply", "1.9") == "UNKNOWN_CONFLICT"


def test_what_was_written_online_is_taken_back(office: Office) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    before = office.read("SELECT notes FROM contacts WHERE contact_no = 10001")
    office.patch("contacts", record["id"], notes="undo me")
    office.tell("sync")
    (batch,) = office.tell("undo")
    assert (batch["by"], batch["changes"]) == ("anna@prov.example", 1)
    by = ("--by", "anna@prov.example")
    planned = office.tell("undo", *by, "--plan")
    (step,) = planned["steps"]
    assert (step["field"], step["now"], planned["done"]) == ("notes", "undo me", None)
    assert "undo me" in office.run("undo", str(office.database), *by, "--plan", lang="sv").out
    done = office.tell("undo", "--batch", str(batch["batch"]))
    assert done["done"] == 1
    assert office.tell("sync")["down"] == 1
    assert office.read("SELECT notes FROM contacts WHERE contact_no = 10001") == before
    assert office.tell("undo", "--batch", str(done["batch"]), "--plan")["steps"]
    office.write("UPDATE contacts SET notes = 'office' WHERE contact_no = 10001")
    office.tell("sync")
    assert office.tell("undo", *by, code=3)["steps"][0]["why_not"] == "CHANGED_SINCE"
    assert office.tell("undo", "--hour", "2020-01-01T10")["changes"] == 0
    assert office.refused("undo", "--hour", "noon") == "BAD_HOUR"
    assert office.tell("ledger")["difference"] == 0


def test_two_programs_that_answer_each_other_are_listed_and_let_go_by_a_person(
    office: Office,
) -> None:
    office.begin()
    record = office.online("contacts", "contact_no", 10001)
    for _ in range(4):
        office.patch("contacts", record["id"], notes="online")
        office.run("sync", str(office.database))
        office.write("UPDATE contacts SET notes = 'office' WHERE notes = 'online'")
        office.run("sync", str(office.database))
    (held,) = office.tell("quarantine")
    assert (held["code"], held["field"], held["record"]) == ("OSCILLATES", "notes", record["id"])
    assert "online ⇄ office" in held["reason"]
    assert office.tell("status")["quarantine"] == 1
    assert office.tell("ledger")["difference"] == 0
    office.write("UPDATE contacts SET notes = 'person' WHERE contact_no = 10001")
    assert office.tell("sync")["quarantine"] == 0
    assert office.tell("quarantine") == []
    assert office.tell("verify")["identical"] is True


def test_verify_finds_what_was_changed_behind_our_back(office: Office) -> None:
    office.begin()
    found = office.tell("verify")
    assert found["identical"] is True
    assert found["differences"] == []
    assert found["records"] == office.tell("status")["records"]
    all_triggers = office.read("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ours = [(name, sql) for name, sql in all_triggers if name.startswith("samsyn_")]
    for name, _ in ours:
        office.write(f'DROP TRIGGER "{name}"')
    office.write("UPDATE contacts SET notes = 'unseen' WHERE contact_no = 10005")
    for _, sql in ours:  # else they would be mended, and all compared, without being asked
        office.write(sql)
    assert office.tell("verify", "--last")["identical"] is True
    found = office.tell("verify", "--no-repair", code=3)
    assert found["identical"] is False
    assert [(d["type"], d["what"]) for d in found["differences"]] == [("contacts", "differs")]
    told = office.run("verify", str(office.database), "--no-repair", lang="sv").out
    assert "skiljer sig" in told
    mended = office.tell("verify")
    assert (mended["identical"], mended["differences"]) == (True, [])
    assert [(d["type"], d["what"]) for d in mended["repaired"]] == [("contacts", "differs")]
    assert office.online("contacts", "contact_no", 10005)["fields"]["notes"] == "unseen"
    last = office.tell("verify", "--last")
    assert last["records"] == mended["records"]
    assert {t["type"]: t["repaired"] for t in last["types"]}["contacts"] == 1
    assert office.tell("status")["verified"]["identical"] is True


def test_an_agent_that_runs_compares_by_itself_and_when_asked_fm24_g6(office: Office) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        until(lambda: office.tell("status")["verified"]["identical"])
        made = office.read(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contacts'"
        )
        dropped = [f'DROP TRIGGER "{name}"' for name, _ in made]
        unseen = [*dropped, "UPDATE contacts SET notes = 'unseen'", *(sql for _, sql in made)]
        office.write(";\n".join(unseen))  # one transaction: nobody sees the triggers gone
        found = office.tell("verify")
        assert found["identical"] is True
        assert {d["type"] for d in found["repaired"]} == {"contacts"}
        assert agent.end() == 0


def test_the_trace_holds_no_values_and_no_secrets(office: Office) -> None:
    office.begin()
    office.write("UPDATE contacts SET notes = 'hemligt-ord' WHERE contact_no = 10001")
    office.tell("sync")
    told = office.tell("trace", "--lines", "500")
    text = "\n".join(told["lines"])
    (meta,) = office.read("SELECT value FROM samsyn_meta WHERE name = 'connection'")
    secret = str(meta[0]).split('"secret":"')[1].split('"')[0]
    assert "push" in text
    assert "hemligt-ord" not in text
    assert secret not in text
    office.environ["SAMSYN_HOME"] = str(office.home / "elsewhere")
    assert office.tell("trace")["path"] == told["path"]


def test_a_chosen_computer_is_the_only_one_that_syncs(office: Office) -> None:
    office.begin()
    (here,) = office.tell("computers")
    assert (here["chosen"], here["agent_runs"]) == (False, False)
    assert office.tell("choose-computer", "--this")["chosen"]["id"] == here["id"]
    office.tell("sync")
    office.write(
        "UPDATE samsyn_computer SET id = 'another', name = 'lager' WHERE id = ?", here["id"]
    )
    office.tell("choose-computer", "lager")
    assert office.refused("sync") == "OTHER_COMPUTER_CHOSEN"
    office.tell("choose-computer", "--any")
    office.tell("sync")
