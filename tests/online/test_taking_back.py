"""Undo over the REST API: planned, done, undone, and refused in words."""

from __future__ import annotations

import pytest

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records


def test_a_batch_is_taken_back_and_put_again(company: Company) -> None:
    program = company.program
    answer = program.send("PATCH", records("contacts", rid(1)), {"fields": {"phone": "undo me"}})
    assert answer.status == 200
    batch = answer.json["version"]
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
