"""The quarantine clinic over the REST API: fixes are told, carried out once, and only in one's own company."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.core.changes import Holder, Operation, Refused, Taken
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Program, records


def quarantined(company: Company, number: int, *, code: str = "CHECK_FAILED") -> dict[str, Any]:
    """An edit of a contact that the office has refused, as the API lists it."""
    company.program.send("PATCH", records("contacts", rid(number)), {"visits": -number})
    page = company.office.pull()
    refused = Refused(
        "contacts", rid(number), page.upto, Operation.UPDATE, ("visits",), code, "no", "visits",
        page.since,
    )  # fmt: skip
    company.office.push(refused)
    return entry_of(company, rid(number))


def entry_of(company: Company, record: str) -> dict[str, Any]:
    """The open entry of a record."""
    listed = company.program.get("quarantine")["quarantine"]
    found: dict[str, Any] = next(entry for entry in listed if entry["record"] == record)
    assert company.program.get(f"quarantine/{found['id']}") == found
    return found


def test_an_entry_tells_both_values_and_the_fixes_fm12(company: Company) -> None:
    entry = quarantined(company, 2)
    assert entry["values"] == [{"field": "visits", "office": 9, "online": -2}]
    assert [fix["fix"] for fix in entry["fixes"]] == ["edit", "take_office", "retry"]
    assert entry["fixes"][0]["fields"] == ["visits"]
    assert (entry["state"], entry["operation"], entry["key"]) == ("open", "update", 2)


def test_a_fix_is_carried_out_once_and_closes_when_the_office_has_taken_it_fm12(
    company: Company,
) -> None:
    entry = quarantined(company, 3)
    path = f"quarantine/{entry['id']}/edit"
    told = company.program.send("POST", path, {"fields": {"visits": 4}})
    assert told.status == 200, told.body
    assert (told.json["state"], told.json["fixed_by"]) == ("under_way", company.owner)
    head = company.program.get("changes", limit=1)["head"]
    assert company.program.send("POST", path, {"fields": {"visits": 4}}).status == 200
    assert company.program.get("changes", limit=1)["head"] == head
    page = company.office.pull()
    assert page.changes[0].fields == {"visits": 4}
    company.office.push(Taken("contacts", rid(3), page.upto, {"visits": 4}))
    assert company.program.get(f"quarantine/{entry['id']}")["state"] == "settled"
    wrong = f"quarantine/{entry['id']}/take_office"
    company.program.send("POST", wrong, {}).refused(409, "QUARANTINE_SETTLED")


def test_two_records_become_one_fm13(company: Company) -> None:
    new = company.program.create("contacts", name="Kund 04", phone="4", discount="1.00")
    child = company.program.create("contacts", name="Barn", parent=new["id"])
    page = company.office.pull()
    refused = Refused(
        "contacts", new["id"], page.upto, Operation.INSERT, ("name", "phone", "discount"),
        "UNIQUE_TAKEN", "name", None, page.since, (Holder(rid(4), ("name",)),),
    )  # fmt: skip
    company.office.push(refused)
    entry = entry_of(company, new["id"])
    assert entry["fixes"][0] == {
        "fix": "merge_with", "fields": ["name"], "record": rid(4), "title": "Kund 04",
    }  # fmt: skip
    path = f"quarantine/{entry['id']}/merge_with"
    told = company.program.send("POST", path, {"record": rid(4), "prefer": ["discount"]})
    assert told.status == 200, told.body
    assert company.program.send("POST", path, {}).status == 200
    fields = company.program.get(records("contacts", rid(4)))["fields"]
    assert (fields["phone"], fields["discount"]) == ("4", "1.00")
    assert company.program.get(records("contacts", child["id"]))["fields"]["parent"] == rid(4)
    company.program.send("GET", records("contacts", new["id"])).refused(404, "UNKNOWN_RECORD")


@pytest.mark.parametrize(
    ("fix", "body", "status", "code"),
    [
        ("edit", {}, 422, "FIX_INCOMPLETE"),
        ("edit", {"fields": {"visits": "many"}}, 422, "INVALID"),
        ("edit", {"fields": {"nothing": 1}}, 422, "INVALID"),
        ("edit", {"fields": 1}, 422, "BAD_SHAPE"),
        ("edit", {"field": {}}, 422, "BAD_SHAPE"),
        ("edit", [], 422, "BAD_SHAPE"),
        ("merge_with", {"record": "x"}, 404, "UNKNOWN_RECORD"),
        ("merge_with", {"record": 7}, 422, "BAD_SHAPE"),
        ("merge_with", {"prefer": "name"}, 422, "BAD_SHAPE"),
        ("merge_with", {"record": rid(4)}, 409, "FIX_DOES_NOT_APPLY"),
        ("edit_office", {}, 409, "FIX_DOES_NOT_APPLY"),
        ("heal", {}, 404, "UNKNOWN_FIX"),
    ],
)
def test_misuse_is_told_and_changes_nothing(
    company: Company, fix: str, body: object, status: int, code: str
) -> None:
    listed = company.program.get("quarantine")["quarantine"]
    entry = next((e for e in listed if e["record"] == rid(5)), None) or quarantined(company, 5)
    head = company.program.get("changes", limit=1)["head"]
    path = f"quarantine/{entry['id']}/{fix}"
    company.program.send("POST", path, body).refused(status, code)
    assert company.program.get("changes", limit=1)["head"] == head
    assert entry_of(company, rid(5)) == entry


@pytest.mark.parametrize("id_", ["0" * 32, "x", "a%00b", "é"])
def test_an_entry_that_is_not_there_is_told(company: Company, id_: str) -> None:
    company.program.send("GET", f"quarantine/{id_}").refused(404, "UNKNOWN_QUARANTINE_ENTRY")
    path = f"quarantine/{id_}/retry"
    company.program.send("POST", path, {}).refused(404, "UNKNOWN_QUARANTINE_ENTRY")


def test_another_company_sees_and_mends_nothing_of_ours_g9(
    company: Company, other: Company
) -> None:
    entry = quarantined(company, 6)
    assert other.program.get("quarantine")["quarantine"] == []
    path = f"quarantine/{entry['id']}"
    other.program.send("GET", path).refused(404, "UNKNOWN_QUARANTINE_ENTRY")
    other.program.send("POST", f"{path}/retry", {}).refused(404, "UNKNOWN_QUARANTINE_ENTRY")
    stranger = Program(company.program.url, company.id, other.program.token)
    stranger.send("POST", f"{path}/retry", {}).refused(404, "UNKNOWN_COMPANY")
    reader = company.new_program("--read-only")
    reader.send("POST", f"{path}/retry", {}).refused(403, "READ_ONLY_TOKEN")
    assert entry_of(company, rid(6)) == entry
