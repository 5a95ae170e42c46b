"""Attach says what it would do and why, and changes nothing until it is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.office import Office


def test_a_dry_run_changes_not_one_byte(office: Office) -> None:
    before = Path(office.database).read_bytes()
    told = office.tell("attach", "--dry-run")
    assert told["attached"] is False
    assert {t["type"] for t in told["types"] if t["synced"]} >= {"contacts", "orders"}
    assert Path(office.database).read_bytes() == before


def test_every_table_is_told_with_its_fate_and_the_reason(office: Office) -> None:
    office.write("CREATE TABLE loose (a TEXT, b TEXT)")
    office.write("CREATE VIEW customers AS SELECT * FROM contacts")
    told = {t["type"]: t for t in office.tell("attach", "--exclude", "time_sheets")["types"]}
    assert all(t.keys() >= {"type", "table", "synced", "reason", "records"} for t in told.values())
    assert told["contacts"]["synced"] is True
    assert told["contacts"]["reason"] is None
    assert told["contacts"]["records"] == 30
    codes = {name: told[name]["code"] for name in ("loose", "customers", "time_sheets")}
    assert codes == {"loose": "NO_STABLE_KEY", "customers": "VIEW", "time_sheets": "EXCLUDED"}
    assert "primary key" in told["loose"]["reason"]


def test_a_plan_is_shown_in_the_readers_language(office: Office) -> None:
    english = office.run("attach", str(office.database), "--dry-run").out
    swedish = office.run("attach", str(office.database), "--dry-run", lang="sv").out
    assert "contact_persons" in english
    assert "Nothing was changed." in english
    assert "Inget ändrades." in swedish


def test_attaching_again_keeps_what_is_there(office: Office) -> None:
    first = office.tell("attach")
    again = office.tell("attach")
    assert set(again["kept"]) == set(first["added"])
    assert (again["added"], again["removed"], again["mended"]) == ([], [], [])


def test_a_reference_that_nobody_declared_is_suggested_and_can_be_taken(office: Office) -> None:
    office.write("CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, contact_id INTEGER)")
    office.write("INSERT INTO visits (contact_id) SELECT contact_no FROM contacts")
    told = office.tell("attach", "--dry-run")
    assert [(s["field"], s["to_type"], s["accepted"]) for s in told["suggestions"]] == [
        ("contact_id", "contacts", False)
    ]
    taken = office.tell("attach", "--references", "suggested")
    assert [s["accepted"] for s in taken["suggestions"]] == [True]


def test_a_quiet_command_says_nothing(office: Office) -> None:
    done = office.run("attach", str(office.database), "--quiet")
    assert done == (0, "", "")


@pytest.mark.parametrize("option", [("--tables", "nothing_like_it"), ("--exclude", "nor_this")])
def test_a_table_that_is_not_there_is_told(office: Office, option: tuple[str, str]) -> None:
    assert office.refused("attach", *option) == "TABLE_UNKNOWN"


def test_detaching_what_is_not_attached_is_no_error(office: Office) -> None:
    assert office.tell("detach")["was_attached"] is False


def test_groups_are_shown_chosen_and_remembered(office: Office) -> None:
    shown = office.tell("attach", "--dry-run")["groups"]
    assert {"type": "contacts", "fields": ["notes", "name"]} not in shown
    own = ("--group", "contacts:notes,name")
    assert office.tell("attach", *own, "--no-groups")["groups"] == [
        {"type": "contacts", "fields": ["notes", "name"]}
    ]
    assert len(office.tell("attach")["groups"]) == 1, "as at the last attach"
    assert len(office.tell("attach", "--groups")["groups"]) >= len(shown)
    assert office.tell("attach", "--no-groups")["groups"] == []
    assert office.refused("attach", "--group", "contacts:notes") == "GROUP_UNKNOWN"
    assert "avgörs tillsammans" in office.run("attach", str(office.database), *own, lang="sv").out


def test_rules_are_shown_and_remembered(office: Office) -> None:
    told = office.tell("attach", "--rule", "contacts.notes=online")
    assert told["online_wins"] == [{"type": "contacts", "fields": ["notes"]}]
    assert office.tell("attach")["online_wins"] == told["online_wins"]
    assert office.tell("attach", "--rule", "contacts.notes=office")["online_wins"] == []
    assert office.refused("attach", "--rule", "contacts.nothing=online") == "RULE_UNKNOWN"


def test_a_rename_is_suggested_said_and_shown_fm24(office: Office) -> None:
    office.tell("attach")
    office.write("ALTER TABLE contacts RENAME COLUMN city TO town")
    seen = office.run("attach", str(office.database), "--again", "--dry-run").out
    assert "--renamed contacts.city=town" in " ".join(seen.split())
    swedish = office.run("attach", str(office.database), "--again", "--dry-run", lang="sv").out
    assert "bara bytt namn" in " ".join(swedish.split())
    told = office.tell("attach", "--renamed", "contacts.city=town")
    assert told["evident_renames"] == []
    [change] = told["changes"]
    assert (change["type"], change["renamed"]) == ("contacts", [["city", "town"]])
    assert office.tell("attach", "--renamed", "contacts.city=town")["changes"] == []
    assert office.refused("attach", "--renamed", "contacts.city=place") == "RENAME_STAYS"


def test_a_field_is_left_out_and_what_cannot_be_is_told_in_words(office: Office) -> None:
    told = {t["type"]: t for t in office.tell("attach", "--exclude", "contacts.phone")["types"]}
    assert [(f["field"], f["code"]) for f in told["contacts"]["left_out"]] == [
        ("phone", "EXCLUDED")
    ]
    again = office.tell("attach", "--exclude", "contacts.mobile")
    assert again["changes"] == [
        {"type": "contacts", "what": "fields", "added": ["phone"], "dropped": ["mobile"],
         "retyped": [], "renamed": []}
    ]  # fmt: skip
    assert again["mended"] == []
    shown = office.run("attach", str(office.database), "--exclude", "", "--dry-run", lang="sv").out
    assert "nya kolumner mobile" in shown
    for field, words in (
        ("contacts.contact_no", "it is the key"),
        ("contacts.shoe", "There is no field contacts.shoe"),
    ):
        refused = office.run("attach", str(office.database), "--exclude", field)
        assert refused.code == 1
        assert words in refused.err
