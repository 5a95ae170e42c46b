"""Batches are all or nothing; the log, the conflicts and the quarantine tell what happened."""

from __future__ import annotations

from typing import Any

from samsyn.core.changes import Operation, Put, Refused
from tests.online.conftest import Company
from tests.online.office import NASTY, rid
from tests.online.running import Answer, records


def send(company: Company, *operations: dict[str, Any]) -> Answer:
    """A batch."""
    return company.program.send("POST", "batch", {"operations": list(operations)})


def test_a_batch_refers_to_what_it_has_made(company: Company) -> None:
    answer = send(
        company,
        {"op": "create", "type": "contacts", "name": "boss", "fields": {"name": "Chef"}},
        {"op": "create", "type": "contacts", "fields": {"name": "Assistent", "parent": "@boss"}},
        {"op": "create", "type": "products", "name": "p", "fields": {"code": "B1"}},
        {"op": "create", "type": NASTY, "fields": {"contact": "@boss", "product": "@p"}},
        {"op": "update", "type": "contacts", "id": "@boss", "fields": {"phone": "1"}},
        {"op": "delete", "type": "contacts", "id": rid(6)},
    )
    assert answer.status == 200, answer.body
    results = answer.json["results"]
    boss = results[0]["id"]
    assert results[1]["record"]["fields"]["parent"] == boss
    assert results[3]["record"]["fields"]["contact"] == boss
    assert results[4]["id"] == boss
    assert results[5] == {
        "op": "delete", "type": "contacts", "id": rid(6), "name": None, "record": None,
    }  # fmt: skip
    assert company.program.get(records("contacts", boss))["fields"]["phone"] == "1"
    company.program.send("GET", records("contacts", rid(6))).refused(404, "UNKNOWN_RECORD")


def test_a_batch_is_done_whole_or_not_at_all(company: Company) -> None:
    before = company.program.get("changes", limit=1)["head"]
    answer = send(
        company,
        {"op": "update", "type": "contacts", "id": rid(1), "fields": {"phone": "halv"}},
        {"op": "create", "type": "contacts", "fields": {"visits": "x"}},
    )
    assert answer.refused(422, "INVALID")["operation"] == 1
    answer = send(
        company,
        {"op": "create", "type": "products", "fields": {"code": "TWICE"}},
        {"op": "create", "type": "products", "fields": {"code": "TWICE"}},
    )
    assert answer.refused(409, "KEY_TAKEN")["operation"] == 1
    answer = send(
        company,
        {"op": "delete", "type": "contacts", "id": rid(7)},
        {"op": "create", "type": "contacts", "fields": {"name": "x", "parent": rid(7)}},
    )
    assert answer.refused(422, "INVALID")["errors"][0]["code"] == "UNKNOWN_REFERENCE"
    answer = send(
        company,
        {"op": "update", "type": "contacts", "id": rid(1), "version": 0, "fields": {"phone": "x"}},
    )
    answer.refused(412, "VERSION_MISMATCH")
    assert company.program.get("changes", limit=1)["head"] == before


def test_a_batch_of_another_shape_is_refused(company: Company) -> None:
    good = {"op": "create", "type": "contacts", "fields": {"name": "x"}}
    for wrong in (
        {**good, "op": "merge"},
        {**good, "more": 1},
        {**good, "type": None},
        {**good, "fields": []},
        {**good, "name": 7},
        {**good, "version": "1"},
        {"op": "update", "type": "contacts"},
    ):
        send(company, wrong).refused(422, "BAD_SHAPE")
    company.program.send("POST", "batch", []).refused(422, "BAD_SHAPE")
    company.program.send("POST", "batch", {"operations": {}}).refused(422, "BAD_SHAPE")
    send(company, *[good] * 501).refused(413, "TOO_MANY_OPERATIONS")
    unknown = {"op": "update", "type": "contacts", "id": "@nobody", "fields": {}}
    send(company, unknown).refused(404, "UNKNOWN_RECORD")


def test_the_log_tells_every_change_in_order(company: Company) -> None:
    start = company.program.get("changes", limit=1)["head"]
    made = company.program.create("contacts", name="Logg", discount="1.50")
    path = records("contacts", made["id"])
    company.program.send("PATCH", path, {"discount": "2.50"})
    company.program.send("DELETE", path)
    first = company.program.get("changes", since=start, limit=2)
    second = company.program.get("changes", since=first["next"], limit=2)
    changes = [*first["changes"], *second["changes"]]
    assert [c["action"] for c in changes] == ["insert", "update", "delete"]
    assert [c["seq"] for c in changes] == [start + 1, start + 2, start + 3]
    assert {c["source"] for c in changes} == {"rest"}
    assert {c["by"] for c in changes} == {company.owner}
    assert changes[1]["fields"] == {"discount": {"old": "1.50", "new": "2.50"}}
    assert second["next"] is None
    company.program.send("GET", "changes", query={"since": -1}).refused(400, "BAD_PARAMETER")


def test_a_conflict_is_told_with_both_values(company: Company) -> None:
    company.program.send("PATCH", records("contacts", rid(8)), {"discount": "7.00"})
    company.office.push(Put("contacts", rid(8), (8,), {"discount": 6}, seen=0))
    conflicts = company.program.get("conflicts")["conflicts"]
    one = next(c for c in conflicts if c["record"] == rid(8))
    told = {
        name: one[name] for name in ("type", "key", "field", "base", "office", "online", "kept")
    }
    assert told == {
        "type": "contacts", "key": 8, "field": "discount",
        "base": "8.50", "office": "6.00", "online": "7.00", "kept": "office",
    }  # fmt: skip
    assert (one["online_by"], one["outcome"]) == (company.owner, "office_value")
    assert company.program.get(records("contacts", rid(8)))["fields"]["discount"] == "6.00"
    company.program.send("GET", "conflicts", query={"cursor": "x"}).refused(400, "BAD_PARAMETER")


def test_what_the_office_refuses_lies_in_quarantine(company: Company) -> None:
    company.program.send("PATCH", records("contacts", rid(9)), {"phone": "för långt"})
    page = company.office.pull()
    company.office.push(
        Refused(
            "contacts", rid(9), page.upto, Operation.UPDATE, ("phone",), "CHECK_FAILED", "för långt", "phone",
        )
    )  # fmt: skip
    items = company.program.get("quarantine")["quarantine"]
    one = next(item for item in items if item["record"] == rid(9))
    assert (one["side"], one["key"], one["field"]) == ("office", 9, "phone")
    assert (one["code"], one["reason"]) == ("CHECK_FAILED", "för långt")
    assert one["since"]
