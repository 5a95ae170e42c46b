"""Records over the REST API: make, read, list, change, delete; on both engines."""

from __future__ import annotations

import base64

import pytest

from samsyn.core.changes import Operation
from tests.online.conftest import Company
from tests.online.office import NASTY, rid
from tests.online.running import records


def test_types_tell_their_fields(company: Company) -> None:
    types = {t["type"]: t for t in company.program.get("types")["types"]}
    assert list(types) == ["contacts", "products", NASTY]
    contacts = types["contacts"]
    assert (contacts["label"], contacts["key"], contacts["key_given_by"]) == (
        "contacts",
        ["id"],
        "office",
    )
    fields = {f["name"]: f for f in contacts["fields"]}
    assert fields["id"]["read_only"] is True
    assert fields["name"]["required"] is True
    assert (fields["name"]["kind"], fields["name"]["max_length"]) == ("text", 40)
    assert fields["status"]["choices"] == ["lead", "customer"]
    assert fields["parent"]["reference"] == "contacts"
    assert fields["discount"]["kind"] == "decimal"
    assert contacts["loading"] is False


def test_a_loaded_record_is_shown_plainly(company: Company) -> None:
    answer = company.program.send("GET", records("contacts", rid(2)))
    shown = answer.json
    assert (shown["id"], shown["key"]) == (rid(2), 2)
    assert shown["fields"]["discount"] == "2.50"
    assert shown["fields"]["parent"] == rid(1)
    assert shown["fields"]["phone"] is None
    assert answer.headers["ETag"] == f'"{shown["version"]}"'


def test_ids_may_be_dashed_or_not_and_in_capitals(company: Company) -> None:
    dashed = "00000000-0000-0000-0000-00000000000A"
    assert company.program.get(records("contacts", dashed))["key"] == 10
    assert company.program.get(records("contacts", rid(10).upper()))["key"] == 10


def test_a_name_with_slash_space_and_percent_is_one_name(company: Company) -> None:
    page = company.program.get(records(NASTY))
    assert [r["key"] for r in page["records"]] == [[1, "P1"]]
    one = company.program.get(records(NASTY, rid(200)))
    assert one["fields"] == {"contact": rid(1), "product": rid(101), 'count "of"': 3}


def test_a_new_record_has_no_number_until_the_office_gives_it(company: Company) -> None:
    blob = base64.b64encode(b"\0\1\2").decode()
    fields = {
        "name": "Ny åäö 🙂", "discount": "12.50", "rating": 1.5, "visits": 2**60, "active": True,
        "since": "2026-11-23", "seen at": "2026-11-23T10:00:00", "photo": blob, "status": "lead",
        "parent": rid(1),
    }  # fmt: skip
    made = company.program.create("contacts", **fields)
    assert made["key"] is None
    assert made["fields"] == {**fields, "id": None, "phone": None}
    assert company.program.get(records("contacts", made["id"])) == {**made, "loading": False}
    change = next(c for c in company.office.pull().changes if c.id == made["id"])
    assert change.operation is Operation.INSERT
    assert change.fields["discount"] == 12.5
    assert change.fields["active"] == 1
    assert change.fields["photo"] == {"$b": blob}
    assert change.fields["seen at"] == "2026-11-23 10:00:00"


def test_the_fields_may_be_sent_alone(company: Company) -> None:
    answer = company.program.send("POST", records("contacts"), {"name": "Kort form"})
    assert answer.status == 201
    assert answer.json["fields"]["name"] == "Kort form"


def test_an_id_of_ones_own_makes_a_create_safe_to_repeat(company: Company) -> None:
    body = {"id": "0192A4B0-1111-7222-8333-444455556666", "fields": {"name": "En gång"}}
    assert company.program.send("POST", records("contacts"), body).status == 201
    company.program.send("POST", records("contacts"), body).refused(409, "RECORD_EXISTS")


def test_a_change_takes_only_the_fields_to_change(company: Company) -> None:
    made = company.program.create("contacts", name="Före", phone="1")
    answer = company.program.send(
        "PATCH", records("contacts", made["id"]), {"fields": {"phone": "2"}}
    )
    assert answer.status == 200
    assert answer.json["fields"] == {**made["fields"], "phone": "2"}
    assert answer.json["version"] > made["version"]
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'


def test_a_record_sent_back_as_it_was_changes_nothing(company: Company) -> None:
    shown = company.program.get(records("contacts", rid(3)))
    del shown["loading"]
    answer = company.program.send("PATCH", records("contacts", rid(3)), shown)
    assert answer.status == 200
    assert answer.json == shown


def test_if_match_lets_only_the_known_version_be_changed(company: Company) -> None:
    made = company.program.create("contacts", name="Version")
    path = records("contacts", made["id"])
    tag = {"If-Match": f'"{made["version"]}"'}
    assert company.program.send("PATCH", path, {"phone": "1"}, tag).status == 200
    problem = company.program.send("PATCH", path, {"phone": "2"}, tag).refused(
        412, "VERSION_MISMATCH"
    )
    assert problem["wanted"] == made["version"]
    company.program.send("DELETE", path, headers=tag).refused(412, "VERSION_MISMATCH")
    assert company.program.send("PATCH", path, {"phone": "2"}, {"If-Match": "*"}).status == 200
    company.program.send("PATCH", path, {}, {"If-Match": "soon"}).refused(400, "BAD_PARAMETER")


def test_a_known_version_is_not_sent_again(company: Company) -> None:
    path = records("contacts", rid(4))
    tag = company.program.send("GET", path).headers["ETag"]
    again = company.program.send("GET", path, headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")


def test_a_deleted_record_is_gone(company: Company) -> None:
    made = company.program.create("contacts", name="Borta")
    path = records("contacts", made["id"])
    gone = company.program.send("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    company.program.send("GET", path).refused(404, "UNKNOWN_RECORD")
    company.program.send("PATCH", path, {"phone": "1"}).refused(404, "UNKNOWN_RECORD")
    company.program.send("DELETE", path).refused(404, "UNKNOWN_RECORD")


def test_a_page_follows_the_other_until_all_have_come(company: Company) -> None:
    wanted = [r["id"] for r in company.program.get(records("contacts"), limit=500)["records"]]
    seen: list[str] = []
    query: dict[str, str | int | list[str]] = {"limit": 3}
    while True:
        page = company.program.get(records("contacts"), **query)
        seen += [r["id"] for r in page["records"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == wanted
    assert len(set(seen)) == len(seen)


def test_pages_can_be_sorted_by_numbers_as_numbers(company: Company) -> None:
    query: dict[str, str | int | list[str]] = {
        "sort": "visits",
        "filter": "name:starts:Kund",
        "limit": 4,
    }
    page = company.program.get(records("contacts"), **query)
    assert [r["fields"]["visits"] for r in page["records"]] == [1, 2, 3, 4]
    page = company.program.get(records("contacts"), **query, cursor=page["next"])
    assert [r["fields"]["visits"] for r in page["records"]] == [5, 6, 7, 8]
    largest = company.program.get(records("contacts"), **{**query, "sort": "-visits"})
    assert [r["fields"]["visits"] for r in largest["records"]] == [10, 9, 8, 7]


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (["visits:gt:5", "visits:le:7", "name:starts:kund"], 2),
        (["name:eq:Kund 03"], 1),
        (["name:contains:UND 0"], 9),
        (["discount:eq:2.5"], 1),
        (["discount:ge:9.50", "name:starts:Kund"], 2),
        ([f"parent:eq:{rid(1)}", "name:starts:Kund"], 9),
        (["parent:null:true", "name:starts:Kund"], 1),
        (["name:eq:x:y"], 0),
    ],
)
def test_a_page_can_be_filtered(company: Company, told: list[str], count: int) -> None:
    page = company.program.get(records("contacts"), filter=told, limit=500)
    assert len(page["records"]) == count


def test_a_search_finds_text_whatever_its_case(company: Company) -> None:
    company.program.create("products", code="SÖK-1", name='Blå "Ängel"')
    found = company.program.get(records("products"), search='BLÅ "ÄNG')["records"]
    assert [r["key"] for r in found] == ["SÖK-1"]
    assert company.program.get(records("products"), search="name")["records"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 501},
        {"limit": "many"},
        {"sort": "nothing"},
        {"filter": "name"},
        {"filter": "name:like:x"},
        {"filter": "nothing:eq:1"},
        {"filter": "active:eq:maybe"},
        {"filter": "parent:eq:7"},
        {"filter": "visits:gt:many"},
        {"filter": ["name:eq:x"] * 50},
        {"cursor": "!"},
        {"cursor": "AAAA"},
        {"search": "a\0b"},
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    company: Company, query: dict[str, str | int | list[str]]
) -> None:
    answer = company.program.send("GET", records("contacts"), query=query)
    assert answer.status == 400, answer.body
    assert answer.json["code"] in ("BAD_PARAMETER", "BAD_QUERY")


def test_a_key_that_a_person_gives_is_given_once(company: Company) -> None:
    company.program.send("POST", records("products"), {"name": "?"}).refused(422, "INVALID")
    made = company.program.create("products", code="NY", name="Ny")
    assert made["key"] == "NY"
    company.program.send("POST", records("products"), {"code": "NY"}).refused(409, "KEY_TAKEN")
    company.program.send("POST", records("products"), {"code": "P1"}).refused(409, "KEY_TAKEN")
    path = records("products", made["id"])
    company.program.send("PATCH", path, {"code": "P1"}).refused(409, "KEY_TAKEN")
    assert company.program.send("PATCH", path, {"code": "NY", "name": "x"}).status == 200
    company.program.send("DELETE", path)
    assert company.program.create("products", code="NY")["key"] == "NY"
    line = {"contact": rid(1), "product": rid(101)}
    company.program.send("POST", records(NASTY), line).refused(409, "KEY_TAKEN")


def test_a_type_that_is_still_loading_is_read_and_not_written(other: Company) -> None:
    fresh = Company(other.service)
    types = fresh.program.get("types")["types"]
    assert {t["loading"] for t in types} == {True}
    page = fresh.program.get(records("contacts"))
    assert page == {"records": [], "next": None, "loading": True}
    fresh.program.send("POST", records("contacts"), {"name": "x"}).refused(409, "TYPE_LOADING")


def test_head_and_options_are_answered(company: Company) -> None:
    head = company.program.send("HEAD", records("contacts", rid(2)))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"]
    options = company.program.send("OPTIONS", records("contacts", rid(2)))
    assert options.status == 204
    assert {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"} <= set(
        options.headers["Allow"].split(", ")
    )
    company.program.send("PUT", records("contacts", rid(2)), {}).refused(405, "METHOD_NOT_ALLOWED")
