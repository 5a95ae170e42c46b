"""The index of references: it finds what looking through all records finds, and all that is written is in it."""

from __future__ import annotations

import pytest
from django.db import connection

from samsyn.core.cells import Cell
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.protocol.messages import LoadedRecord
from samsyn.records import references
from samsyn.records.queries import living_records, referring_to
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, delete, edit, loaded, rid

MANY = 3_000


def referring(tenant: Tenant, target: int) -> list[int]:
    """The customers whose head a customer is, by the list and by what a deletion asks."""
    condition = Condition("head", Op.EQ, rid(target))
    listed = living_records(tenant, "customer", Query(filter=(condition,))).records
    found = [int(record.id, 16) for record in listed]
    assert referring_to(tenant, "customer", ["head"], rid(target)) == [r.id for r in listed]
    return found


def of_all(tenant: Tenant, target: int) -> list[int]:
    """The same, by looking through all."""
    found = living_records(tenant, "customer", Query(limit=500)).records
    return [int(r.id, 16) for r in found if r.fields.get("head") == rid(target)]


def rows(tenant: Tenant) -> set[tuple[int, int]]:
    """What stands in the index: who is referred to, and by whom."""
    found = tenant.rows(
        "SELECT target, record_id FROM records_reference WHERE company_id = %(company)s"
    )
    return {(int(target, 16), int(record, 16)) for target, record in found}


@pytest.fixture
def filled(office: Office, tenant: Tenant) -> Tenant:
    """Five customers, three of whom have the first for their head; all in the index."""
    heads = {2: rid(1), 3: rid(1), 4: rid(1)}
    office.load(*(loaded(n, name=f"K{n}", head=heads.get(n)) for n in range(1, 6)), last=True)
    assert rows(tenant) == set(), "a first load is not slowed down"
    assert referring(tenant, 1) == [2, 3, 4]
    assert references.fill(tenant, step=2) >= 1
    assert references.filled(tenant, "customer")
    return tenant


def test_what_was_loaded_is_filled_in_afterwards(filled: Tenant) -> None:
    assert rows(filled) == {(1, 2), (1, 3), (1, 4)}
    assert referring(filled, 1) == [2, 3, 4]
    assert references.fill(filled) == 0, "once"


def test_all_that_is_written_afterwards_is_in_it(office: Office, filled: Tenant) -> None:
    edit(filled, 2, head=rid(5))
    edit(filled, 3, head=None)
    office.push(office.new(6, name="K6", head=rid(1)))
    assert rows(filled) == {(5, 2), (1, 4), (1, 6)}
    for target in (1, 5):
        assert referring(filled, target) == of_all(filled, target)
    delete(filled, 4)
    assert referring(filled, 1) == [6]
    with company_unit(filled, Source.WEB, "anna", AT) as unit:
        unit.restore(rid(4))
    assert referring(filled, 1) == [4, 6]


def test_what_is_loaded_once_more_is_in_it_at_once(office: Office, filled: Tenant) -> None:
    office.load(loaded(7, name="K7", head=rid(1)))
    assert referring(filled, 1) == of_all(filled, 1) == [2, 3, 4, 7]


@pytest.mark.parametrize("value", ['a "' + "1" * 32 + '" b', "1" * 32, "\\" + "a" * 32])
def test_a_text_that_looks_like_an_id_refers_to_nothing(
    office: Office, filled: Tenant, value: Cell
) -> None:
    office.load(loaded(8, name=value, head=None))
    office.push(office.new(9, name=value))
    assert referring(filled, int("1" * 32, 16)) == []


def test_the_list_of_what_refers_to_a_record_looks_through_no_register(
    office: Office, tenant: Tenant
) -> None:
    def one(number: int) -> LoadedRecord:
        return loaded(number, name=f"K{number}", head=rid(1 + number % 500))

    office.load(*(one(n) for n in range(1, MANY + 1)), last=True)
    references.fill(tenant)
    told: list[str] = []

    def explained(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # as Django calls it
        if "AND alive" in sql:
            words = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
            with connection.cursor() as cursor:
                raw = cursor.cursor
                raw.execute(words + sql, params)
                told.append("\n".join(str(row) for row in raw.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        condition = Condition("head", Op.EQ, rid(7))
        query = Query(filter=(condition,), sort=(Order("name"),), limit=5)
        assert len(living_records(tenant, "customer", query).records) == 5
        assert len(referring_to(tenant, "customer", ["head"], rid(7))) == MANY // 500
    assert len(told) == 2
    for plan in told:
        assert "records_reference" in plan
        assert "Seq Scan" not in plan, plan
        assert "SCAN records_record" not in plan, plan
        assert "AND type=?)" not in plan, plan
