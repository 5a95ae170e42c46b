"""Quarantine: what a side cannot take is kept with its reason, and the rest goes on (G5)."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.core.cells import Cell
from samsyn.core.changes import Operation, Put
from samsyn.records import clinic_list, quarantine
from samsyn.records.history import conflicts
from samsyn.records.ledger import ledger
from samsyn.records.tenant import Tenant
from tests.records.office import Office, create, delete, edit, record, rid


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("UNKNOWN_TYPE", {"type": "nothing"}),
        ("UNKNOWN_FIELD", {"fields": {"nothing": 1}}),
        ("BAD_ID", {"id": "1"}),
        ("BAD_CELL", {"fields": {"name": "a\0b"}}),
        ("BAD_CELL", {"fields": {"name": {"$x": "y"}}}),
        ("BAD_CELL", {"fields": {"name": {"$b": "not base64"}}}),
        ("BAD_CELL", {"fields": {"name": {"$b": "AA==", "$f": "nan"}}}),
        ("BAD_CELL", {"fields": {"name": {}}}),
        ("TOO_LARGE", {"fields": {"name": "x" * (33 * 1024 * 1024)}}),
    ],
)
def test_one_bad_change_never_stops_another_fm12_g5(
    office: Office, tenant: Tenant, code: str, change: dict[str, object]
) -> None:
    bad = msgspec.structs.replace(office.new(1, name="bad"), **change)
    answer = office.push(bad, office.new(2, name="good"))
    assert [(r.index, r.code) for r in answer.refusals] == [(0, code)]
    assert record(tenant, 2).fields["name"] == "good"
    (item,) = clinic_list.entries(tenant)
    assert (item.side, item.code, item.key) == ("online", code, (1,))
    assert ledger(tenant).quarantine == len(bad.fields)
    assert ledger(tenant).difference == 0


CELLS: list[Cell] = [{"$f": "nan"}, {"$t": "AA=="}, {"$k": 7}, {"$k": {"$b": "AA=="}}, 2**70]


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_taken_fm16(office: Office, tenant: Tenant, cell: Cell) -> None:
    assert office.push(office.new(1, name=cell)).refusals == ()
    assert record(tenant, 1).fields["name"] == cell


def test_what_the_office_refuses_is_held_until_it_is_taken_fm12(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="bad")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "name"))
    (item,) = clinic_list.entries(tenant)
    assert (item.side, item.record, item.code) == ("office", rid(1), "CHECK_FAILED")
    assert ledger(tenant).quarantine == 1
    office.push(office.taken(1))
    assert clinic_list.entries(tenant) == []
    assert ledger(tenant).quarantine == 0


def test_a_change_refused_again_lies_in_quarantine_once(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="bad")
    office.pull()
    for _ in range(3):
        office.push(office.refused(1, Operation.UPDATE, "name"))
    assert quarantine.count(tenant) == 1


def test_what_was_refused_leaves_quarantine_when_the_office_writes_the_field(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="bad")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "name"))
    office.push(office.put(1, name="office"))
    assert quarantine.count(tenant) == 0
    assert [c.outcome for c in conflicts(tenant, 10)] == ["office_value"]


def test_a_new_record_that_the_office_refuses_lies_in_quarantine(
    office: Office, tenant: Tenant
) -> None:
    create(tenant, 1, name="bad")
    office.pull()
    office.push(office.refused(1, Operation.INSERT))
    assert quarantine.count(tenant) == 1
    assert ledger(tenant).quarantine == len(record(tenant, 1).fields)
    delete(tenant, 1)
    office.push(office.taken(1))
    assert quarantine.count(tenant) == 0


def test_a_deletion_that_the_office_refuses_is_a_conflict_with_its_reason_fm14(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    delete(tenant, 1)
    office.pull()
    office.push(office.refused(1, Operation.DELETE))
    assert record(tenant, 1).alive
    (conflict,) = conflicts(tenant, 10)
    assert (conflict.outcome, conflict.reason) == ("delete_refused", "no")
    assert quarantine.count(tenant) == 0


def test_a_refused_office_change_is_resolved_by_its_successor(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    bad = office.put(1, name="a\0b")
    office.push(bad)
    assert quarantine.count(tenant) == 1
    office.push(office.put(1, phone="2"))
    assert quarantine.count(tenant) == 1
    office.push(office.put(1, name="b"))
    assert quarantine.count(tenant) == 0
    assert isinstance(bad, Put)
    assert ledger(tenant).difference == 0
