"""`samsyn held` as a person and a program see it."""

from __future__ import annotations

from samsyn.cli.words import TABLES
from tests.cli.office import Office


def test_an_emptied_table_is_told_planned_and_put_back_fm25(office: Office) -> None:
    office.begin()
    office.write("DELETE FROM activities")
    assert office.tell("sync", code=3)["held"] == ["activities"]
    (told,) = office.tell("held", code=3)
    assert (told["type"], told["side"], told["code"]) == ("activities", "office", "TABLE_EMPTIED")
    assert told["waiting_up"] == told["count"] == told["records"] > 20
    assert office.tell("status")["held"][0]["message"] == told["message"]
    assert "activities" in office.run("status", str(office.database), lang="sv").out
    assert office.tell("log")[0]["message"] == told["message"]
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


def test_every_reason_to_hold_a_type_has_words() -> None:
    told = {code for table in TABLES for code in table}
    brakes = {"TABLE_EMPTIED", "MANY_DELETED", "ONE_VALUE"}
    assert {f"HELD_{side}_{code}" for side in ("OFFICE", "ONLINE") for code in brakes} <= told
    assert "HELD_OFFICE_UNDO_REFUSED" in told
