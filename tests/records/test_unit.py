"""The unit of work: one transaction, numbers without gaps in the order of commits."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from samsyn.core.record import Record
from samsyn.records.errors import (
    RecordExists,
    UnknownField,
    UnknownRecord,
    UnknownType,
    VersionMismatch,
)
from samsyn.records.history import changes, history
from samsyn.records.ledger import ledger
from samsyn.records.pull import online_head
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, create, create_order, delete, edit, record, rid

WRITERS, EACH = 8, 10


def test_a_record_is_made_changed_and_deleted_online(office: Office, tenant: Tenant) -> None:
    made = create(tenant, 1, name="Berg")
    assert (made.version, made.key, made.fields["phone"]) == (1, None, None)
    assert edit(tenant, 1, phone="2").version == 2
    assert not delete(tenant, 1).alive
    assert [(c.action, c.source, c.by) for c in changes(tenant, 0, 10)] == [
        ("insert", "rest", "Maria"),
        ("update", "rest", "Maria"),
        ("delete", "rest", "Maria"),
    ]
    assert [c.fields for c in history(tenant, rid(1), None, 2)] == [{}, {"phone": (None, "2")}]
    assert [c.seq for c in history(tenant, rid(1), 2, 2)] == [1]


def test_a_key_that_a_person_gives_is_the_key_at_once(office: Office, tenant: Tenant) -> None:
    assert create_order(tenant, 1, no="A-1").key == ("A-1",)
    assert edit(tenant, 1, no="A-2").key == ("A-2",)
    assert edit(tenant, 1, note="x").key == ("A-2",)
    assert create_order(tenant, 2, note="x").key is None


def test_all_of_a_unit_is_done_or_nothing(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="Berg")

    def work() -> None:
        with company_unit(tenant, Source.REST, "Maria", AT) as unit:
            unit.create("customer", {"name": "Ek"}, rid(2))
            unit.edit(rid(1), {"name": "Berglund"})
            unit.delete(rid(9))

    with pytest.raises(UnknownRecord):
        work()
    assert record(tenant, 1).fields["name"] == "Berg"
    assert [c.seq for c in changes(tenant, 0, 10)] == [1]
    assert online_head(tenant) == 1


def test_a_unit_sees_its_own_work(office: Office, tenant: Tenant) -> None:
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        unit.create("customer", {"name": "a"}, rid(1))
        unit.edit(rid(1), {"name": "b"})
        unit.edit(rid(1), {"name": "c"})
    assert record(tenant, 1).fields["name"] == "c"
    assert record(tenant, 1).version == 3
    assert ledger(tenant).difference == 0


def test_what_cannot_be_is_refused(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="Berg")
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        with pytest.raises(RecordExists):
            unit.create("customer", {}, rid(1))
        with pytest.raises(UnknownType):
            unit.create("nothing", {}, rid(2))
        with pytest.raises(UnknownField):
            unit.edit(rid(1), {"nothing": 1})
        with pytest.raises(VersionMismatch) as raised:
            unit.edit(rid(1), {"name": "x"}, if_version=7)
        assert raised.value.facts == {"record": rid(1), "version": 1, "wanted": 7}
        unit.edit(rid(1), {"name": "y"}, if_version=1)
        with pytest.raises(VersionMismatch):
            unit.delete(rid(1), if_version=1)
    assert record(tenant, 1).fields["name"] == "y"


def test_an_edit_to_what_is_there_takes_no_number(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="Berg")
    assert edit(tenant, 1, name="Berg").version == 1
    assert online_head(tenant) == 1


def test_numbers_are_without_gaps_and_in_commit_order_fm1_fm2(
    office: Office, tenant: Tenant
) -> None:
    """Many writers of one company at once; each reads the log before and after its own commit."""
    create(tenant, 1, name="0")

    def work(writer: int) -> list[tuple[int, int]]:
        seen: list[tuple[int, int]] = []
        try:
            for turn in range(EACH):
                before = online_head(tenant)
                mine = edit(tenant, 1, name=f"{writer}.{turn}")
                seen.append((before, mine.version))
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(WRITERS) as pool:
        found = [pair for pairs in pool.map(work, range(WRITERS)) for pair in pairs]
    assert sorted(version for _, version in found) == list(range(2, WRITERS * EACH + 2))
    assert all(before < version for before, version in found)
    log = changes(tenant, 0, 1000)
    assert [c.seq for c in log] == list(range(1, WRITERS * EACH + 2))
    values = [c.fields["name"] for c in log if c.fields]
    assert all(after[0] == before[1] for before, after in itertools.pairwise(values))
    assert ledger(tenant).difference == 0


def test_two_who_create_one_record_make_one_fm7(office: Office, tenant: Tenant) -> None:
    barrier = threading.Barrier(2)

    def work(name: str) -> Record | None:
        try:
            barrier.wait()
            return create(tenant, 1, name=name)
        except RecordExists:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(work, ["a", "b"]))
    assert sum(1 for one in made if one is not None) == 1
    assert [c.seq for c in changes(tenant, 0, 10)] == [1]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_long_transaction_of_one_company_delays_no_other_fm3(
    office: Office, tenant: Tenant
) -> None:
    """The embedded store has one writer at a time: it is for small installations."""
    other = Office.paired(Tenant("bbbbbbbbbbbb"))
    other.hello()

    def elsewhere() -> int:
        try:
            return create(other.tenant, 1, name="theirs").version
        finally:
            connection.close()

    with company_unit(tenant, Source.REST, "Maria", AT) as unit, ThreadPoolExecutor(1) as pool:
        unit.create("customer", {"name": "ours"}, rid(1))
        assert pool.submit(elsewhere).result(timeout=20) == 1
