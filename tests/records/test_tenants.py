"""G9: no company sees another, whatever it asks for."""

from __future__ import annotations

import pytest

from samsyn.records import clinic_list, compare
from samsyn.records.catalogs import types
from samsyn.records.errors import BadCompany, UnknownRecord
from samsyn.records.hello import record_counts
from samsyn.records.history import changes, conflicts, history
from samsyn.records.ledger import Ledger, ledger
from samsyn.records.tenant import Tenant
from tests.records.office import Office, create, delete, edit, record, rid


@pytest.fixture
def other(office: Office, tenant: Tenant) -> Office:
    """Another company; the first one has a record, a conflict and a quarantine of its own."""
    office.push(office.new(1, name="ours"))
    edit(tenant, 1, name="online")
    office.push(office.put(1, name="office"), office.put(1, nothing=1))
    made = Office.paired(Tenant("bbbbbbbbbbbb"))
    made.hello()
    return made


def test_another_company_reads_nothing_of_ours_g9(other: Office) -> None:
    theirs = other.tenant
    assert record_counts(theirs) == {}
    assert changes(theirs, 0, 100) == history(theirs, rid(1), None, 100) == []
    assert conflicts(theirs, 100) == []
    assert clinic_list.entries(theirs) == []
    assert ledger(theirs) == Ledger()
    assert other.pull().changes == ()
    assert compare.identities(other.caller, compare.Place("customer"), 10).records == ()


def test_another_company_writes_nothing_of_ours_g9(other: Office, tenant: Tenant) -> None:
    before = record(tenant, 1)
    with pytest.raises(UnknownRecord):
        edit(other.tenant, 1, name="theirs")
    with pytest.raises(UnknownRecord):
        delete(other.tenant, 1)
    other.push(other.new(1, name="theirs"), other.delete(2))
    create(other.tenant, 3, name="theirs")
    assert record(other.tenant, 1).fields["name"] == "theirs"
    assert record(tenant, 1) == before
    assert record_counts(tenant) == {"customer": 1}


def test_numbers_of_a_company_do_not_depend_on_others_g9(other: Office, tenant: Tenant) -> None:
    other.push(other.new(1, name="theirs"))
    assert [c.seq for c in changes(other.tenant, 0, 10)] == [1]
    assert [c.seq for c in changes(tenant, 0, 10)] == [1, 2, 3]
    assert sorted(types(other.tenant)) == ["customer", "order"]


@pytest.mark.parametrize(
    "company", ["", "a", "aaaaaaaaaaaaa", "AAAAAAAAAAAA", "aaaaaaaaaaa'", "aaaaaaaaaaa%"]
)
def test_a_company_that_cannot_be_is_none_g9(company: str) -> None:
    with pytest.raises(BadCompany):
        Tenant(company)


def test_a_statement_without_a_company_cannot_be_said_g9(tenant: Tenant) -> None:
    with pytest.raises(AssertionError):
        tenant.rows("SELECT * FROM records_record")
