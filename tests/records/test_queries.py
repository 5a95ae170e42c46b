"""Lists of records: the same answers from both engines."""

from __future__ import annotations

import pytest

from samsyn.core.cells import Cell
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.records.errors import BadQuery, UnknownField, UnknownType
from samsyn.records.queries import (
    living_holding,
    living_record,
    living_records,
    living_with,
)
from samsyn.records.tenant import Tenant
from tests.records.office import CUSTOMER, ORDER, Office, create_order, delete, rid

LIMITS: list[Cell] = [10, 9.5, "9.25", {"$f": "1e+16"}, -1, None]
NAMES = ["Ål", "berg", "Zorn", "Öberg", 'a "quoted" \\ name', "Ångström"]


@pytest.fixture
def customers(office: Office, tenant: Tenant) -> Tenant:
    """Six customers; the limits are numbers of every kind, one is missing."""
    office.push(
        *(
            office.new(n, name=name, limit=limit, phone=str(n % 2))
            for n, (name, limit) in enumerate(zip(NAMES, LIMITS, strict=True), 1)
        )
    )
    return tenant


def numbers(tenant: Tenant, query: Query, type_: str = "customer") -> list[int]:
    """The records of all pages, as their numbers."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        page = living_records(
            tenant, type_, Query(query.search, query.filter, query.sort, cursor, query.limit)
        )
        assert len(page.records) <= query.limit
        found += [int(record.id, 16) for record in page.records]
        cursor = page.next
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7])
def test_pages_of_any_size_hold_every_record_once(customers: Tenant, limit: int) -> None:
    assert numbers(customers, Query(limit=limit)) == [1, 2, 3, 4, 5, 6]
    by_number = Query(sort=(Order("limit"),), limit=limit)
    assert numbers(customers, by_number) == [5, 3, 2, 1, 4, 6]
    backwards = Query(sort=(Order("phone"), Order("limit", descending=True)), limit=limit)
    assert numbers(customers, backwards) == [4, 2, 6, 1, 3, 5]


@pytest.mark.parametrize("limit", [1, 4, 7])
def test_words_are_sorted_as_people_look_for_them(customers: Tenant, limit: int) -> None:
    """Whatever the case, and å, ä, ö after z."""
    by_name = Query(sort=(Order("name"),), limit=limit)
    assert numbers(customers, by_name) == [5, 2, 3, 1, 6, 4]
    backwards = Query(sort=(Order("name", descending=True),), limit=limit)
    assert numbers(customers, backwards) == [4, 6, 1, 3, 2, 5]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("limit", Op.EQ, 9.25), [3]),
        (Condition("limit", Op.EQ, "10.0"), [1]),
        (Condition("limit", Op.GT, 9), [1, 2, 3, 4]),
        (Condition("limit", Op.LE, "9.5"), [2, 3, 5]),
        (Condition("limit", Op.NE, 10), [2, 3, 4, 5, 6]),
        (Condition("limit", Op.NULL, True), [6]),
        (Condition("limit", Op.NULL, "false"), [1, 2, 3, 4, 5]),
        (Condition("name", Op.EQ, "berg"), [2]),
        (Condition("name", Op.CONTAINS, "BERG"), [2, 4]),
        (Condition("name", Op.STARTS, "å"), [1, 6]),
        (Condition("name", Op.CONTAINS, '"quoted" \\'), [5]),
    ],
)
def test_a_condition_selects(customers: Tenant, condition: Condition, expected: list[int]) -> None:
    assert numbers(customers, Query(filter=(condition,))) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ÖBERG", [4]),
        ("name", [5]),
        ('"quoted" \\', [5]),
        ("9.25", [3]),
        ("nobody", []),
        (" name   quoted ", [5]),
        ("name nobody", []),
    ],
)
def test_a_search_looks_into_values_and_not_into_names(
    customers: Tenant, search: str, expected: list[int]
) -> None:
    assert numbers(customers, Query(search=search)) == expected


def test_records_are_found_by_what_a_field_holds(customers: Tenant) -> None:
    """Many texts at once, of any letters, exactly; numbers by their digits."""
    asked = ["Ål", 'a "quoted" \\ name', "zorn", "nobody"]
    found = living_holding(customers, "customer", "name", asked)
    assert [int(record.id, 16) for record in found] == [1, 5]
    numbered = living_holding(customers, "customer", "limit", ["10"])
    assert [int(record.id, 16) for record in numbered] == [1]
    assert living_holding(customers, "customer", "name", []) == []


def test_the_deleted_and_other_types_are_not_listed(customers: Tenant) -> None:
    delete(customers, 2)
    create_order(customers, 9, no="A-1")
    assert numbers(customers, Query()) == [1, 3, 4, 5, 6]
    assert numbers(customers, Query(), "order") == [9]
    assert living_record(customers, "order", rid(9)).fields["no"] == "A-1"


def test_a_natural_key_is_found_alive(customers: Tenant) -> None:
    create_order(customers, 9, no="A-1", customer=rid(1))
    assert living_with(customers, ORDER, {"no": "A-1"}, but_not="") == rid(9)
    assert living_with(customers, ORDER, {"no": "A-1"}, but_not=rid(9)) is None
    assert living_with(customers, CUSTOMER, {"phone": "1", "limit": 10}, "") == rid(1)
    delete(customers, 9)
    assert living_with(customers, ORDER, {"no": "A-1"}, but_not="") is None


@pytest.mark.parametrize("cursor", ["x", "W10", "!!!", "é"])
def test_a_foreign_cursor_is_refused(customers: Tenant, cursor: str) -> None:
    with pytest.raises(BadQuery):
        living_records(customers, "customer", Query(cursor=cursor))


def test_what_is_unknown_is_refused(customers: Tenant) -> None:
    with pytest.raises(UnknownType):
        living_records(customers, "nothing", Query())
    with pytest.raises(UnknownField):
        living_records(customers, "customer", Query(sort=(Order("nothing"),)))
    with pytest.raises(BadQuery):
        living_records(customers, "customer", Query(filter=(Condition("limit", Op.GT, "many"),)))


def test_a_company_lists_only_its_own(customers: Tenant) -> None:
    other = Office.paired(Tenant("bbbbbbbbbbbb"))
    other.hello()
    assert numbers(other.tenant, Query()) == []
