"""`samsyn update-connection` as a person and a program see it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.office import Office


def put_back(office: Office, folder: Path) -> None:
    """Work on both sides, a backup put back, and work since."""
    office.begin()
    kept = shutil.copy(office.database, folder / "backup.db")
    office.write("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10001")
    office.write("UPDATE contacts SET phone = '1' WHERE contact_no = 10002")
    office.tell("sync")
    contact = office.online("contacts", "contact_no", 10001)
    office.patch("contacts", contact["id"], mobile="2")
    office.tell("sync")
    shutil.copy(kept, office.database)
    office.write("UPDATE contacts SET city = 'Luleå' WHERE contact_no = 10001")


def test_a_restore_is_told_planned_and_brought_back_fm21_g7(office: Office, tmp_path: Path) -> None:
    put_back(office, tmp_path)
    status = office.tell("status")
    assert (status["state"], status["code"]) == ("stopped", "DATABASE_WENT_BACK")
    assert office.refused("sync") == "LINK_OLD"
    (latest, *_) = office.tell("log")
    assert latest["status"] == "error"
    assert "restored from a backup" in latest["message"]
    assert "T" not in latest["message"].split("as it was at ")[1].split(":")[0]
    plan = office.tell("update-connection", "--plan", code=3)
    counts = {
        name: plan[name] for name in ("online_since", "office_lost", "since_restore", "conflicts")
    }
    assert counts == {"online_since": 1, "office_lost": 2, "since_restore": 1, "conflicts": 1}
    changed = {
        (field["field"], field["office"], field["online"], field["side"], field["conflict"])
        for record in plan["records"]
        for field in record["fields"]
    }
    assert ("city", "Luleå", "Kiruna", "office", True) in changed
    assert {(name, side) for name, _, _, side, _ in changed} == {
        ("city", "office"), ("phone", "office"), ("mobile", "online"),
    }  # fmt: skip
    assert office.tell("update-connection", code=3) == plan
    for lang in ("en", "sv"):
        told = office.run("update-connection", str(office.database), lang=lang).out
        assert "Kiruna" in told
        assert "--backup-is-truth" in told
    done = office.tell("update-connection", "--bring-back")
    assert (done["standing"], done["state"]) == ("office_back", "in_sync")
    (row,) = office.read("SELECT city, mobile FROM contacts WHERE contact_no = 10001")
    assert row == ("Luleå", "2")
    (lost,) = office.tell("conflicts")
    assert (lost["field"], lost["office"], lost["online"]) == ("city", "Luleå", "Kiruna")
    assert office.tell("verify")["identical"]
    assert office.tell("ledger")["difference"] == 0
    assert office.tell("update-connection", "--plan")["standing"] == "same"
    assert office.tell("status")["state"] == "in_sync"


def test_a_restore_is_seen_by_status_before_anybody_has_synced_fm21_g7(
    office: Office, tmp_path: Path
) -> None:
    """Nothing waits on either side: that both were equal would be a lie all the same."""
    office.begin()
    kept = shutil.copy(office.database, tmp_path / "backup.db")
    office.write("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10001")
    office.tell("sync")
    shutil.copy(kept, office.database)
    status = office.tell("status")
    assert (status["waiting_up"], status["waiting_down"]) == (0, 0)
    assert (status["state"], status["code"]) == ("stopped", "DATABASE_WENT_BACK")
    assert "samsyn update-connection" in status["reason"]


def test_a_restore_is_seen_by_status_where_only_the_verifier_told_something_fm21_g7(
    office: Office, tmp_path: Path
) -> None:
    office.begin()
    office.tell("sync")
    kept = shutil.copy(office.database, tmp_path / "backup.db")
    made = office.read(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contacts'"
        " AND name LIKE 'samsyn%'"
    )
    for name, _ in made:
        office.write(f"DROP TRIGGER {name}")
    office.write("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10001")
    for _, sql in made:
        office.write(sql)
    assert office.tell("verify")["repaired"]
    shutil.copy(kept, office.database)
    assert office.tell("status")["code"] == "DATABASE_WENT_BACK"


def test_the_backup_is_the_truth_where_a_person_says_so_fm21_g7(
    office: Office, tmp_path: Path
) -> None:
    put_back(office, tmp_path)
    before = office.read("SELECT contact_no, city, phone, mobile FROM contacts ORDER BY 1")
    office.tell("update-connection", "--backup-is-truth")
    assert office.read("SELECT contact_no, city, phone, mobile FROM contacts ORDER BY 1") == before
    lost = {(row["field"], row["online"]) for row in office.tell("conflicts")}
    assert {("city", "Kiruna"), ("phone", "1"), ("mobile", "2")} <= lost
    assert office.tell("verify")["identical"]


def test_a_new_code_renews_the_credential_and_nothing_is_loaded_again(office: Office) -> None:
    office.begin()
    office.write("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10001")
    assert office.tell("update-connection", "--code", office.new_code()) == {"renewed": True}
    assert office.tell("sync")["up"] == 1
    assert office.refused("update-connection", "--code", "AAAA-AAAA") == "PAIRING_CODE_INVALID"
    assert office.tell("verify")["identical"]


def test_a_copy_is_refused_until_a_person_says_that_it_was_moved_fm22(
    office: Office, tmp_path: Path
) -> None:
    office.begin()
    home, office.database = (
        office.database,
        Path(shutil.copy(office.database, tmp_path / "moved.db")),
    )
    assert office.refused("sync") == "DATABASE_ELSEWHERE"
    status = office.tell("status")
    assert (status["state"], status["code"]) == ("stopped", "DATABASE_ELSEWHERE")
    plan = office.tell("update-connection", code=3)
    assert (plan["standing"], plan["elsewhere"]["home"]) == ("same", str(home))
    told = office.run("update-connection", str(office.database)).out
    assert "--moved" in told
    assert "nothing to take up again" not in told
    assert office.tell("update-connection", "--moved") == {"home": str(office.database)}
    assert office.tell("sync")["state"] == "in_sync"


def test_two_choices_at_once_are_refused(office: Office) -> None:
    done = office.run("update-connection", str(office.database), "--plan", "--bring-back")
    assert done.code == 2


def test_a_backup_from_before_the_first_connection_is_brought_up_to_date_fm21_g7(
    office: Office, tmp_path: Path
) -> None:
    kept = shutil.copy(office.database, tmp_path / "before.db")
    office.begin()
    contact = office.online("contacts", "contact_no", 10001)
    office.patch("contacts", contact["id"], mobile="online")
    office.write("UPDATE contacts SET city = 'Kiruna' WHERE contact_no = 10002")
    office.tell("sync")
    shutil.copy(kept, office.database)
    office.tell("attach")
    code = office.new_code()
    told = office.run(
        "connect", str(office.database), "--online", office.service.url, "--code", code
    )
    assert "does not know how far" in told.out
    office.tell("sync")
    found = office.read("SELECT mobile, city FROM contacts WHERE contact_no IN (10001, 10002)")
    assert [found[0][0], found[1][1]] == ["online", "Kiruna"]
    assert office.tell("conflicts") == []
    assert office.tell("verify")["identical"]
    assert office.tell("ledger")["difference"] == 0
    office.tell("disconnect", "--yes")
    office.write("UPDATE contacts SET city = 'Luleå' WHERE contact_no = 10002")
    again = office.tell("connect", "--online", office.service.url, "--code", office.new_code())
    assert again["newcomer"] is False
    office.tell("sync")
    assert office.online("contacts", "contact_no", 10002)["fields"]["city"] == "Luleå"
    assert office.tell("conflicts") == []
