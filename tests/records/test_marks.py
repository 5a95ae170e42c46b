"""Marks of online changes: which cursor of an office is one of this very log (FM22)."""

from __future__ import annotations

import pytest

from samsyn.protocol.messages import Cursor
from samsyn.records import marks
from samsyn.records.errors import StateDiverged
from samsyn.records.tenant import Tenant, writing
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, create, edit, rid


@pytest.fixture
def office(tenant: Tenant) -> Office:
    one = Office.paired(tenant)
    one.hello()
    one.push(one.new(1, name="Berg"))
    return one


def test_each_unit_of_online_work_has_a_mark_of_its_own(office: Office) -> None:
    with company_unit(office.tenant, Source.WEB, "Maria", AT) as unit:
        unit.create("customer", {"name": "Ny"}, rid(2))
        unit.edit(rid(1), {"name": "Alm"})
    edit(office.tenant, 1, name="Ek")
    _, first, second, third = [marks.marked(office.tenant, n).mark for n in range(1, 5)]
    assert first == second != third
    assert len(first) == len(third) == 16


def test_what_the_office_wrote_has_none_and_is_no_cursor(office: Office) -> None:
    assert marks.marked(office.tenant, 1) == Cursor(1)
    assert not marks.is_known(office.tenant, Cursor(1, "of another log"))


def test_a_page_gives_the_mark_of_where_it_ends(office: Office) -> None:
    for number in (2, 3, 4):
        create(office.tenant, number, name="Ny")
    pages = [office.pull(limit=2), office.pull(limit=2)]
    assert [page.upto for page in pages] == [3, 4]
    for page in pages:
        assert marks.marked(office.tenant, page.upto) == Cursor(page.upto, page.mark)
    assert office.pull().mark == pages[-1].mark


def test_a_cursor_is_known_by_its_mark(office: Office) -> None:
    create(office.tenant, 2, name="Ny")
    here = marks.marked(office.tenant, 2)
    assert marks.is_known(office.tenant, here)
    assert marks.is_known(office.tenant, Cursor(2))
    for other in (Cursor(2, "another"), Cursor(1, here.mark), Cursor(9, here.mark)):
        assert not marks.is_known(office.tenant, other)
    with pytest.raises(StateDiverged) as told:
        marks.check(office.tenant, Cursor(2, "another"))
    assert told.value.facts == {"what": "mark", "office": "another", "online": here.mark}
    with pytest.raises(StateDiverged) as told:
        marks.check(office.tenant, Cursor(1, "of another log"))
    assert told.value.facts["online"] == "-"


def test_a_trimmed_change_is_known_as_far_as_the_office_was_heard(office: Office) -> None:
    """Beyond, it may be another change that was made and trimmed since a backup was put back."""
    for name in ("a", "b", "c"):
        edit(office.tenant, 1, name=name)
    office.pull(limit=2)
    office.peek()
    with writing():
        office.tenant.execute("DELETE FROM records_change WHERE company_id = %(company)s")
    assert marks.is_known(office.tenant, Cursor(3, "gone"))
    assert not marks.is_known(office.tenant, Cursor(4, "gone"))
