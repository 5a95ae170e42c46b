"""Pull: pages of net changes, complete, ordered by reference, and never more than a page."""

from __future__ import annotations

import pytest

from samsyn.core.changes import OnlineChange, Operation
from samsyn.records.pull import waiting_down
from samsyn.records.tenant import Tenant
from tests.records.office import Office, create, create_order, delete, edit, record, rid


def told(changes: tuple[OnlineChange, ...]) -> list[tuple[str, int]]:
    """Operation and record of each change."""
    return [(change.operation.value, int(change.id, 16)) for change in changes]


@pytest.mark.parametrize("limit", [1, 2, 3, 9, 10, 11])
def test_pages_of_any_size_end_with_everything_told_once_fm5(
    office: Office, tenant: Tenant, limit: int
) -> None:
    for number in range(1, 6):
        create(tenant, number, name="a")
        edit(tenant, number, name="b")
    names: dict[str, object] = {}
    more = True
    while more:
        page = office.pull(limit)
        assert len(page.changes) <= limit
        more = page.more
        for change in page.changes:
            names[change.id] = change.fields["name"]
    assert list(names.values()) == ["b"] * 5
    assert office.cursor == 10
    assert office.pull(limit).changes == ()


def test_parents_come_before_children_and_are_deleted_after_them_fm14(
    office: Office, tenant: Tenant
) -> None:
    create_order(tenant, 1, no="A-1", customer=rid(3))
    create(tenant, 2, name="daughter", head=rid(3))
    create(tenant, 3, name="head")
    assert told(office.pull().changes) == [("insert", 3), ("insert", 2), ("insert", 1)]
    for number in (3, 2, 1):
        delete(tenant, number)
    assert told(office.pull().changes) == [("delete", 1), ("delete", 2), ("delete", 3)]


def test_a_parent_that_refers_to_a_new_child_comes_after_it_where_it_can_fm14(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="old"))
    create(tenant, 2, name="new")
    edit(tenant, 1, head=rid(2))
    assert told(office.pull().changes) == [("insert", 2), ("update", 1)]


def test_who_refers_to_a_record_that_is_on_another_page_is_told_all_the_same_fm14(
    office: Office, tenant: Tenant
) -> None:
    create(tenant, 1, name="of another page")
    office.pull()
    create(tenant, 2, name="daughter", head=rid(1))
    assert [change.id for change in office.pull().changes] == [rid(2)]


def test_a_ring_of_new_records_is_told_whole_fm14(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a", head=rid(2))
    create(tenant, 2, name="b", head=rid(1))
    assert sorted(told(office.pull().changes)) == [("insert", 1), ("insert", 2)]


def test_the_same_page_again_is_the_same_fm6(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    assert office.peek() == office.peek()


def test_what_the_office_refused_is_told_again_only_when_edited_fm12(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="bad")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "name"))
    assert office.pull().changes == ()
    edit(tenant, 1, name="good")
    (change,) = office.pull().changes
    assert (change.fields, change.expected) == ({"name": "good"}, {"name": "a"})


def test_a_deletion_that_the_office_undid_brings_waiting_edits_again_fm18(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a", phone="1"))
    edit(tenant, 1, phone="online")
    delete(tenant, 1)
    office.push(office.put(1, name="office"))
    assert record(tenant, 1).alive
    (change,) = office.pull().changes
    assert change.fields == {"phone": "online"}


def test_what_waits_for_the_office_is_counted(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    edit(tenant, 1, name="b")
    create(tenant, 2, name="c")
    assert [waiting_down(tenant, cursor) for cursor in (0, 1, 2, 3)] == [2, 2, 1, 0]
    assert waiting_down(tenant, 0, limit=1) == 1
