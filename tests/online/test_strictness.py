"""What is not right is refused with its reason, and never with a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records

WRONG: list[tuple[str, Any, str]] = [  # Any: JSON of any shape
    ("nothing", 1, "UNKNOWN_FIELD"),
    ("id", 17, "READ_ONLY"),
    ("name", None, "NOT_NULL"),
    ("name", 7, "WRONG_TYPE"),
    ("name", "x" * 41, "TOO_LONG"),
    ("name", ["x"], "WRONG_TYPE"),
    ("discount", "12,5", "NOT_A_DECIMAL"),
    ("discount", "1.005", "TOO_PRECISE"),
    ("discount", "12345.00", "TOO_LARGE"),
    ("rating", "1", "WRONG_TYPE"),
    ("visits", "1", "WRONG_TYPE"),
    ("visits", 1.5, "WRONG_TYPE"),
    ("visits", 2**63, "TOO_LARGE"),
    ("active", 1, "WRONG_TYPE"),
    ("since", "2026-13-01", "NOT_A_DATE"),
    ("seen at", "yesterday", "NOT_A_DATETIME"),
    ("photo", "***", "NOT_BASE64"),
    ("status", "other", "NOT_A_CHOICE"),
    ("parent", "17", "NOT_A_REFERENCE"),
    ("parent", rid(9999), "UNKNOWN_REFERENCE"),
    ("parent", rid(101), "UNKNOWN_REFERENCE"),
]


@pytest.mark.parametrize(("field", "value", "code"), WRONG)
def test_a_wrong_value_is_refused_by_field(
    company: Company, field: str, value: Any, code: str
) -> None:
    fields = {"name": "Rätt", field: value}
    for answer in (
        company.program.send("POST", records("contacts"), {"fields": fields}),
        company.program.send("PATCH", records("contacts", rid(5)), {"fields": fields}),
    ):
        problem = answer.refused(422, "INVALID")
        assert [(e["field"], e["code"]) for e in problem["errors"]] == [(field, code)]
        assert problem["errors"][0]["detail"]
    assert company.program.get(records("contacts", rid(5)))["fields"]["name"] == "Kund 05"


def test_a_parameter_that_means_nothing_is_refused_and_not_left_out(company: Company) -> None:
    for path, known in (
        (f"{records('contacts')}?filters=visits:eq:3", "limit, cursor, search, filter, sort"),
        ("types?x=", "none"),
    ):
        problem = company.program.send("GET", path).refused(400, "UNKNOWN_PARAMETER")
        assert problem["known"] == known
    written = company.program.send("PATCH", f"{records('contacts', rid(5))}?if=1", {"name": "Fel"})
    written.refused(400, "UNKNOWN_PARAMETER")
    assert company.program.get(records("contacts", rid(5)))["fields"]["name"] == "Kund 05"


def test_everything_that_is_wrong_is_told_at_once(company: Company) -> None:
    answer = company.program.send("POST", records("contacts"), {"visits": "x", "active": "y"})
    found = {e["field"]: e["code"] for e in answer.refused(422, "INVALID")["errors"]}
    assert found == {"visits": "WRONG_TYPE", "active": "WRONG_TYPE", "name": "REQUIRED"}


BODIES: list[tuple[bytes, int, str]] = [
    (b"", 400, "BAD_JSON"),
    (b"{", 400, "BAD_JSON"),
    (b'{"name": NaN}', 400, "BAD_JSON"),
    (b'{"name": "\xff"}', 400, "BAD_JSON"),
    (b'{"name": "\\ud800"}', 400, "BAD_JSON"),
    (b'{"name": "x", "visits": ' + b"9" * 5000 + b"}", 400, "BAD_JSON"),
    (b"[" * 100_000, 400, "BAD_JSON"),
    (b'{"name": "x", "phone": ' + b"[" * 900 + b"]" * 900 + b"}", 422, "INVALID"),
    (b"[]", 422, "BAD_SHAPE"),
    (b"null", 422, "BAD_SHAPE"),
    (b'"text"', 422, "BAD_SHAPE"),
    (b'{"fields": {}, "extra": 1}', 422, "BAD_SHAPE"),
    (b'{"fields": {"name": "x"}, "id": 7}', 422, "BAD_SHAPE"),
    (b'{"fields": {"name": "x"}, "version": "7"}', 422, "BAD_SHAPE"),
    (b'{"fields": {"name": "x"}, "id": "zz"}', 404, "UNKNOWN_RECORD"),
    (b'{"name": "x", "visits": 1e400}', 422, "INVALID"),
    (b'{"name": "x", "rating": 1e400}', 422, "INVALID"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
def test_a_body_that_cannot_be_read_is_refused(
    company: Company, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = company.program.send("POST", records("contacts"), headers=headers, raw=body)
    answer.refused(status, code)


def test_another_content_type_is_refused(company: Company) -> None:
    for said in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        headers = {"Content-Type": said}
        answer = company.program.send("POST", records("contacts"), headers=headers, raw=b"{}")
        answer.refused(415, "WRONG_CONTENT_TYPE")


def test_a_body_beyond_the_limits_is_refused(company: Company) -> None:
    headers = {"Content-Type": "application/json"}
    large = json.dumps({"code": "L", "name": "x" * 17_000_000}).encode()
    answer = company.program.send("POST", records("products"), headers=headers, raw=large)
    answer.refused(413, "BODY_TOO_LARGE")
    huge = b" " * 70_000_000
    answer = company.program.send("POST", records("contacts"), headers=headers, raw=huge)
    assert answer.status == 413
    assert answer.json["code"] == "BODY_TOO_LARGE"


def test_a_large_blob_is_taken(company: Company) -> None:
    made = company.program.create("contacts", name="Stor", photo="AAAA" * 5_000_000)
    assert len(made["fields"]["photo"]) == 20_000_000


def test_a_request_line_or_header_beyond_the_limits_is_refused(company: Company) -> None:
    answer = company.program.send("GET", records("contacts"), query={"search": "x" * 20_000})
    assert answer.status == 414
    answer = company.program.send("GET", records("contacts"), headers={"X-Long": "x" * 60_000})
    assert answer.status in (400, 431, 200)


@pytest.mark.parametrize(
    "record", ["17", "x", "%00", rid(1)[:-1], rid(1) + "0", "å", "..%2F..", rid(9999)]
)
def test_an_id_that_is_none_is_an_unknown_record(company: Company, record: str) -> None:
    path = records("contacts", record)
    company.program.send("GET", path).refused(404, "UNKNOWN_RECORD")
    company.program.send("PATCH", path, {}).refused(404, "UNKNOWN_RECORD")
    company.program.send("DELETE", path).refused(404, "UNKNOWN_RECORD")


def test_a_record_is_found_under_its_own_type_alone(company: Company) -> None:
    company.program.send("GET", records("products", rid(1))).refused(404, "UNKNOWN_RECORD")
    company.program.send("PATCH", records("products", rid(1)), {}).refused(404, "UNKNOWN_RECORD")
    company.program.send("DELETE", records("products", rid(1))).refused(404, "UNKNOWN_RECORD")


@pytest.mark.parametrize("type_", ["nothing", "Contacts", "a\0b", "å" * 300])
def test_an_unknown_type_is_refused(company: Company, type_: str) -> None:
    for method, path, body in (
        ("GET", records(type_), None),
        ("POST", records(type_), {}),
        ("GET", records(type_, rid(1)), None),
        ("PATCH", records(type_, rid(1)), {}),
    ):
        company.program.send(method, path, body).refused(404, "UNKNOWN_TYPE")


def test_an_address_that_is_none_is_told_in_json(company: Company) -> None:
    company.program.send("GET", "nothing").refused(404, "NOT_FOUND")
