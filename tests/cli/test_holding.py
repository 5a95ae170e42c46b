"""`samsyn held` as a person and a program see it."""

from __future__ import annotations

from samsyn.cli.words import TABLES
from tests.cli.office import Office
from tests.waiting import until


def test_an_emptied_table_is_told_planned_and_put_back_fm25(office: Office) -> None:
    office.begin()
    office.write("DELETE FROM activities")
    assert office.tell("sync", code=3)["held"] == ["activities"]
    (told,) = office.tell("held", code=3)
    assert (told["type"], told["side"], told["code"]) == ("activities", "office", "TABLE_EMPTIED")
    assert told["waiting_up"] == told["count"] == told["records"] > 20
    assert office.tell("status")["held"][0]["message"] == told["message"]
    assert "activities" in office.run("status", str(office.database), lang="sv").out
    (online,) = office.program.get("held")["held"]
    assert (online["type"], online["code"]) == ("activities", "TABLE_EMPTIED")
    assert office.tell("log")[0]["message"] == told["message"]
    for command in ("sync", "status"):
        assert "both sides are equal" not in office.run(command, str(office.database)).out.lower()
    plan = office.tell("held", "activities", "--plan")
    assert len(plan["changes"]) == 20
    assert plan["more"]
    assert {row["operation"] for row in plan["changes"]} == {"delete"}
    assert all(row["name"] for row in plan["changes"])
    shown = office.run("held", str(office.database), "activities", "--plan").out
    assert plan["changes"][0]["name"] in shown
    assert office.tell("held", "activities", "--undo")["phase"] == "undoing"
    assert office.tell("sync")["held"] == []
    assert office.tell("held") == []
    assert office.tell("verify")["identical"]


def test_a_decision_about_what_is_not_held_is_refused(office: Office) -> None:
    office.tell("attach")
    assert office.refused("held", "activities", "--release") == "NOT_HELD"
    assert office.refused("held", "nothing", "--limit", "50") == "TYPE_UNKNOWN"
    assert office.run("held", str(office.database), "--release").code == 2
    assert office.run("held", str(office.database), "activities", "--limit", "x").code == 2
    assert office.tell("held", "activities", "--limit", "50%") == {
        "type": "activities",
        "limit": 0.5,
    }


def test_a_changed_table_is_held_and_taken_in_by_attaching_again_fm24(office: Office) -> None:
    office.begin()
    assert office.tell("attach", "--again")["changes"] == []
    office.write("ALTER TABLE activities RENAME COLUMN subject TO topic")
    office.write("ALTER TABLE contacts ADD COLUMN nickname TEXT")
    office.write("UPDATE activities SET topic = 'renamed' WHERE activity_id = 1")
    office.write("UPDATE contacts SET notes = 'goes on' WHERE contact_no = 10001")
    assert office.tell("sync", code=3)["held"] == ["activities"]
    assert office.online("contacts", "contact_no", 10001)["fields"]["notes"] == "goes on"
    (told,) = office.tell("held", code=3)
    assert (told["side"], told["code"], told["fields"]) == ("schema", "FIELDS_GONE", ["subject"])
    assert office.refused("held", "activities", "--release") == "SCHEMA_HELD"
    status = office.tell("status")
    assert status["new_columns"] == {"activities": ["topic"], "contacts": ["nickname"]}
    shown = office.run("status", str(office.database), lang="sv").out
    assert "samsyn attach URL --again" in shown
    assert "subject" in shown
    planned = office.tell("attach", "--again", "--dry-run")
    assert {c["type"]: (c["added"], c["dropped"]) for c in planned["changes"]} == {
        "activities": (["topic"], ["subject"]),
        "contacts": (["nickname"], []),
    }
    assert not planned["attached"]
    assert "topic" in office.run("attach", str(office.database), "--again", "--dry-run").out
    assert office.tell("attach", "--again")["attached"]
    assert office.tell("sync")["held"] == []
    assert office.tell("held") == []
    assert office.tell("verify")["identical"]
    assert office.online("activities", "activity_id", 1)["fields"]["topic"] == "renamed"


def test_attaching_again_what_was_never_attached_is_refused(office: Office) -> None:
    assert office.refused("attach", "--again") == "NOT_ATTACHED"


def test_every_reason_to_hold_a_type_has_words() -> None:
    told = {code for table in TABLES for code in table}
    brakes = {"TABLE_EMPTIED", "MANY_DELETED", "ONE_VALUE"}
    assert {f"HELD_{side}_{code}" for side in ("OFFICE", "ONLINE") for code in brakes} <= told
    schema = {"TABLE_GONE", "FIELDS_GONE", "FIELDS_RETYPED", "KEY_CHANGED", "REFERENCE_GONE"}
    assert {
        f"HELD_SCHEMA_{code}" for code in schema | {"TABLE_UNREADABLE", "TRIGGERS_GONE"}
    } <= told
    assert "HELD_OFFICE_UNDO_REFUSED" in told


def test_a_running_agent_holds_goes_on_and_follows_what_a_person_decides_fm24_fm25(
    office: Office,
) -> None:
    office.begin()
    with office.process("agent", str(office.database)) as agent:
        agent.said("In sync")
        office.write("DELETE FROM activities")
        office.write("ALTER TABLE time_sheets RENAME COLUMN description TO remarks")
        office.write("UPDATE contacts SET notes = 'goes on' WHERE contact_no = 10002")

        def held() -> set[str]:
            return {told["type"] for told in office.tell("status")["held"]}

        until(lambda: held() == {"activities", "time_sheets"})
        until(
            lambda: office.online("contacts", "contact_no", 10002)["fields"]["notes"] == "goes on"
        )
        agent.said("activities: the table was emptied")
        agent.said("description")
        office.tell("attach", "--again")
        office.tell("held", "activities", "--undo")
        until(lambda: held() == set())
        assert office.tell("sync")["watched"] is True
        assert office.tell("verify")["identical"] is True
        assert office.read("SELECT count(*) > 20 FROM activities") == [(1,)]
        assert agent.end() == 0
    assert not any("Traceback" in line for line in agent.lines)
