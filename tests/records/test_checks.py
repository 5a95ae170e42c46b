"""Which office changes are refused, one row a rule: the reason's code, its words, the field."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.core.changes import Delete, OfficeChange, Operation, Put, Refused, Taken
from samsyn.protocol.messages import Refusal
from samsyn.records.catalogs import TypeState
from samsyn.records.checks import MAX_RECORD, MAX_TEXT, checked_size, refusal
from samsyn.records.errors import BadCell
from tests.records.office import CUSTOMER, rid

NAMES = frozenset(field.name for field in CUSTOMER.fields)
TYPES = {CUSTOMER.name: TypeState(CUSTOMER, NAMES, 0, loaded=True, synced=True)}
MEGABYTE = 1024 * 1024


def put(cell: Any, field: str = "name") -> Put:
    """Any: also what is no cell."""
    return Put(CUSTOMER.name, rid(1), (1,), {field: cell}, 0)


def refused(change: OfficeChange) -> Refusal | None:
    return refusal(TYPES, 3, change)


def test_the_longest_text_is_of_32_megabytes_and_the_largest_record_of_48() -> None:
    assert (MAX_TEXT, MAX_RECORD) == (32 * MEGABYTE, 48 * MEGABYTE)


@pytest.mark.parametrize(
    "cell",
    [
        None, True, 7, 1.5, "", "Åsa", "x" * MAX_TEXT, {"$f": "nan"}, {"$f": "-inf"}, {"$f": "1e300"},
        {"$b": ""}, {"$b": "AP8="}, {"$t": "7aCA"}, {"$k": "7"}, {"$k": None}, {"$k": {"$b": "AP8="}},
    ],
    ids=lambda cell: str(cell)[:20],
)  # fmt: skip
def test_every_cell_is_taken(cell: Any) -> None:
    assert refused(put(cell)) is None


@pytest.mark.parametrize(
    ("cell", "reason", "words"),
    [
        ("a\0b", "BAD_CELL", "NUL in plain text"),
        ("x" * (MAX_TEXT + 1), "TOO_LARGE", "more than 33554432 characters"),
        ({"$b": "A" * (MAX_TEXT + 4)}, "TOO_LARGE", "more than 33554432 characters"),
        ({"$b": "!!!!"}, "BAD_CELL", "not base64"),
        ({"$b": "AP8"}, "BAD_CELL", "not base64"),
        ({"$t": "å"}, "BAD_CELL", "not base64"),
        ({"$b": 7}, "BAD_CELL", "not a cell"),
        ({"$f": "much"}, "BAD_CELL", "not a float"),
        ({"$f": 1.5}, "BAD_CELL", "not a cell"),
        ({"$x": "1.5"}, "BAD_CELL", "not a cell"),
        ({"$x": "much"}, "BAD_CELL", "not a cell"),
        ({}, "BAD_CELL", "not a cell"),
        ({"$b": "", "$f": "1"}, "BAD_CELL", "not a cell"),
        ({"$k": {"$k": 7}}, "BAD_CELL", "not a cell"),
        ({"$k": {"$x": 7}}, "BAD_CELL", "not a cell"),
        ({"$k": "a\0b"}, "BAD_CELL", "NUL in plain text"),
    ],
    ids=lambda part: str(part)[:20],
)
def test_what_is_no_cell_is_refused_with_its_field(cell: Any, reason: str, words: str) -> None:
    assert refused(put(cell)) == Refusal(3, reason, words, "name")


def test_what_is_no_cell_names_its_field_to_every_caller() -> None:
    for cell in ({"$b": "!"}, {"$f": "much"}, {"$x": 1}, "\0", "x" * (MAX_TEXT + 1)):
        with pytest.raises(BadCell) as raised:
            checked_size("name", cell)  # type: ignore[arg-type]  # what is no cell
        assert raised.value.facts["field"] == "name"


def test_what_is_no_text_has_no_size() -> None:
    assert [checked_size("name", cell) for cell in (None, True, 7, 1.5)] == [0] * 4


def test_a_record_is_as_large_as_all_its_texts() -> None:
    half = "x" * (MAX_RECORD // 2)
    fields: dict[str, Any] = {"name": half, "phone": half, "limit": 7}
    whole = Put(CUSTOMER.name, rid(1), (1,), fields, 0)
    assert refused(whole) is None
    over = Put(CUSTOMER.name, rid(1), (1,), {**fields, "phone": half + "x"}, 0)
    assert refused(over) == Refusal(
        3, "TOO_LARGE", f"more than {MAX_RECORD} characters in one record"
    )
    bytes_too = Put(
        CUSTOMER.name, rid(1), (1,), {**fields, "phone": {"$b": "A" * len(half + "xxxx")}}, 0
    )
    assert refused(bytes_too) == refused(over)
    float_too = Put(CUSTOMER.name, rid(1), (1,), {**fields, "limit": {"$f": "1"}}, 0)
    assert refused(float_too) == refused(over)


def test_an_unknown_type_field_or_id_is_refused() -> None:
    nobody = Put("nobody", rid(1), (1,), {}, 0)
    assert refused(nobody) == Refusal(3, "UNKNOWN_TYPE", "no type nobody in the catalog")
    assert refused(put("x", "nothing")) == Refusal(
        3, "UNKNOWN_FIELD", "no field nothing in the catalog", "nothing"
    )
    for wrong in ("", "x", rid(1).upper().replace("0", "G"), rid(1) + "0", rid(1) + "\n"):
        bad = Put(CUSTOMER.name, wrong, (1,), {}, 0)
        assert refused(bad) == Refusal(3, "BAD_ID", "a record id is 32 hexadecimal digits")


def test_words_without_values_are_looked_at_for_type_and_id_alone() -> None:
    words: list[OfficeChange] = [
        Delete(CUSTOMER.name, rid(1), 0),
        Taken(CUSTOMER.name, rid(1), 1, {"nothing": "a\0b"}),
        Refused(CUSTOMER.name, rid(1), 1, Operation.UPDATE, ("nothing",), "X", "", None, 0, ()),
    ]
    assert [refused(word) for word in words] == [None] * 3
