"""Push: the merge rules reach the store, and a batch takes effect exactly once (G4)."""

from __future__ import annotations

from samsyn.records.tenant import Tenant
from tests.records.office import Office, create, delete, edit, record, rid


def test_a_field_changed_at_the_office_reaches_the_service(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="Berg", phone="1"))
    office.push(office.put(1, phone="2"))
    assert record(tenant, 1).fields["phone"] == "2"
    assert record(tenant, 1).version == 2


def test_a_field_changed_online_reaches_the_office(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="Berg", phone="1"))
    edit(tenant, 1, phone="2")
    page = office.pull()
    (change,) = page.changes
    assert (change.fields, change.expected) == ({"phone": "2"}, {"phone": "1"})
    assert page.upto == page.online_head == 2


def test_the_office_wins_a_conflict_and_the_loss_is_recorded_once(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="Berg", phone="1"))
    edit(tenant, 1, phone="online")
    answer = office.push(office.put(1, phone="office"))
    assert [o.lost[0].outcome for o in answer.outcomes] == ["office_value"]
    assert record(tenant, 1).fields["phone"] == "office"
    assert office.pull().changes == ()


def test_a_record_created_online_is_told_whole(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="Ny", phone="1")
    edit(tenant, 1, phone="2")
    (change,) = office.pull().changes
    assert change.id == rid(1)
    assert change.fields["phone"] == "2"


def test_a_record_deleted_online_is_told_deleted(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="Berg"))
    delete(tenant, 1)
    (change,) = office.pull().changes
    assert change.operation.value == "delete"
