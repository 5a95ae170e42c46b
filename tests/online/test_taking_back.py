"""Undo over the REST API: planned, done, undone, and refused in words."""

from __future__ import annotations

import pytest

from samsyn.core.changes import Put
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records


def test_a_batch_is_taken_back_and_put_again(company: Company) -> None:
    program = company.program
    answer = program.send("PATCH", records("contacts", rid(1)), {"fields": {"phone": "undo me"}})
    assert answer.status == 200
    (change,) = program.get("changes", since=answer.json["version"] - 1)["changes"]
    batch = change["batch"]
    planned = program.send("POST", "undo/plan", {"batch": batch}).json
    (step,) = planned["steps"]
    assert (step["field"], step["now"], step["why_not"]) == ("phone", "undo me", None)
    assert (planned["changes"], planned["done"], planned["batch"]) == (1, None, None)
    done = program.send("POST", "undo", {"batch": batch}).json
    assert done["done"] == 1
    assert program.get(records("contacts", rid(1)))["fields"]["phone"] == step["back"]
    (entry,) = program.get("changes", since=done["batch"] - 1)["changes"]
    assert (entry["source"], entry["fields"]["phone"]["old"]) == ("undo", "undo me")
    assert program.send("POST", "undo", {"batch": batch}).json["done"] == 0
    assert program.send("POST", "undo", {"batch": done["batch"]}).json["done"] == 1
    assert program.get(records("contacts", rid(1)))["fields"]["phone"] == "undo me"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "BAD_UNDO"),
        ({"hour": "noon"}, "BAD_UNDO"),
        ({"batch": "1"}, "BAD_SHAPE"),
        ({"batch": 2**70}, "BAD_SHAPE"),
        ({"by": 1}, "BAD_SHAPE"),
        ({"by": "a\0"}, "BAD_SHAPE"),
        ({"who": "x"}, "BAD_SHAPE"),
        ([], "BAD_SHAPE"),
    ],
)
def test_what_cannot_be_read_is_refused(company: Company, body: object, code: str) -> None:
    for path in ("undo", "undo/plan"):
        told = company.program.send("POST", path, body).refused(422, code)
        assert told["detail"]


def test_what_lost_a_conflict_is_written_once_more(company: Company) -> None:
    program = company.program
    path = records("contacts", rid(2))
    assert program.send("PATCH", path, {"fields": {"phone": "online"}}).status == 200
    company.office.push(Put("contacts", rid(2), (2,), {"phone": "office"}, company.office.cursor))
    (lost, *_) = program.get("conflicts")["conflicts"]
    assert (lost["online"], lost["reapplied_seq"], lost["group"]) == ("online", None, [])
    again = f"conflicts/{lost['id']}/re-apply"
    program.send("POST", again, {"anyway": 1}).refused(422, "BAD_SHAPE")
    program.send("POST", again, {"now": True}).refused(422, "BAD_SHAPE")
    program.send("POST", "conflicts/0.0/re-apply", {}).refused(404, "UNKNOWN_CONFLICT")
    assert program.send("PATCH", path, {"fields": {"phone": "newer"}}).status == 200
    program.send("POST", again, {}).refused(409, "CHANGED_SINCE")
    assert program.send("POST", again, {"anyway": True}).json["new"] is True
    assert program.send("POST", again, {}).json["new"] is False
    assert program.get(path)["fields"]["phone"] == "online"
