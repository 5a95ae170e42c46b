"""FM21: which database goes on with what the company's has come to, and which one is told all of it anew."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from samsyn.core.cells import Cell
from samsyn.core.changes import Operation
from samsyn.core.merge import Action, Decision
from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import RECORDS_AT_ONCE
from samsyn.records.load import load
from samsyn.records.newcomer import is_newcomer, tell_all
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, edit, loaded, record, rid
from tests.records.restores import log

LATER = "2026-11-24T10:00:00.000Z"


@pytest.fixture
def worked(office: Office) -> Office:
    """Has told a record, and taken an edit of it."""
    office.push(office.new(1))
    edit(office.tenant, 1, name="Berg")
    office.pull()
    office.push(office.put(1, phone="08"))
    office.pull()
    return office


def test_where_nobody_has_begun_a_session_nobody_lacks_anything(tenant: Tenant) -> None:
    assert not is_newcomer(tenant, None)
    Office.paired(tenant)
    assert not is_newcomer(tenant, None)


@pytest.mark.parametrize(
    ("that", "changed", "is_new"),
    [
        ("the database of before", {}, False),
        ("one that has come further", {"cursor": 99, "batch": 99}, False),
        ("its hello was not answered", {"link": None, "next_link": "link-1"}, False),
        ("of another connection", {"connection": "bbbbbbbbbbbb"}, True),
        ("under an older link", {"link": "link-0"}, True),
        ("its next link is another", {"link": None, "next_link": "link-0"}, True),
        ("its next link alone is right", {"link": "link-0", "next_link": "link-1"}, True),
        ("has taken less", {"cursor": 0}, True),
        ("has told less", {"batch": 1}, True),
    ],
)
def test_who_has_come_as_far_as_is_known_goes_on_fm21(
    worked: Office, that: str, changed: dict[str, object], is_new: bool
) -> None:
    assert is_newcomer(worked.tenant, replace(worked.left(), **changed)) is is_new, that
    assert is_newcomer(worked.tenant, None)


def test_who_was_followed_is_the_last_no_more_fm21(worked: Office) -> None:
    """A connection alone changes nothing; its first session does."""
    before = worked.left()
    later = Office.paired(worked.tenant, after=worked)
    assert not is_newcomer(worked.tenant, before)
    later.hello()
    assert is_newcomer(worked.tenant, before)
    assert not is_newcomer(worked.tenant, later.left())


def test_it_is_told_all_that_the_log_tells_and_nothing_of_first_loads_fm21_g7(
    worked: Office,
) -> None:
    """A record that was made since waits whole, under its key; of a loaded one, what was written since, upon what was there."""
    tenant = worked.tenant
    worked.load(loaded(5, name="Ek"), loaded(6, name="Al"))
    edit(tenant, 5, name="Asp")
    restored_once(tenant, 5, name="another backup's")
    before = log(tenant)
    tell_all(tenant, "DESK-2", LATER)
    told = log(tenant)[len(before) :]
    assert [row[1:] for row in told] == [
        (rid(number), "reopen", "service", "DESK-2", LATER) for number in (1, 5)
    ]
    made, loaded_one, untouched = (record(tenant, number) for number in (1, 5, 6))
    assert made.born is not None
    assert (made.born.again, made.key) == (True, (1,))
    assert {f: (p.base, p.by) for f, p in loaded_one.pending.items()} == {"name": ("Ek", "Maria")}
    assert loaded_one.born is None
    assert untouched.at_rest
    [(whole,)] = tenant.rows(
        "SELECT whole FROM records_change WHERE company_id = %(company)s AND seq = %(seq)s",
        seq=told[1][0],
    )
    assert msgspec.json.decode(whole, type=AtOffice) == AtOffice(True, {"name": "Ek"})


def restored_once(tenant: Tenant, number: int, **held: Cell) -> None:
    """A restore of the database of before has said what that backup held."""
    with company_unit(tenant, Source.SERVICE, "DESK-1", AT) as unit:
        now = unit.record(rid(number))
        assert now is not None
        decision = Decision(replace(now, version=unit.next_seq), action=Action.REOPEN)
        unit.take(rid(number), decision, whole=to_json(AtOffice(True, dict(held))))


def test_what_was_refused_is_told_to_it_anew_fm21_g5(worked: Office) -> None:
    edit(worked.tenant, 1, limit="100")
    worked.pull()
    worked.push(worked.refused(1, Operation.UPDATE, "limit"))
    lying = (
        "SELECT count(*) FROM records_quarantine"
        " WHERE company_id = %(company)s AND resolved_at IS NULL"
    )
    assert record(worked.tenant, 1).pending["limit"].held
    assert worked.tenant.rows(lying) == [(1,)]
    tell_all(worked.tenant, "DESK-2", AT)
    assert not record(worked.tenant, 1).pending["limit"].held
    assert worked.tenant.rows(lying) == [(0,)]


def test_more_than_a_page_is_told_page_by_page(worked: Office) -> None:
    numbers = range(10, 11 + RECORDS_AT_ONCE)
    worked.push(*map(worked.new, numbers))
    tell_all(worked.tenant, "DESK-2", AT)
    assert all(record(worked.tenant, number).born for number in (1, *numbers))


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "not there"])
def test_a_number_that_was_not_found_is_given_anew_fm21_fm15(
    worked: Office, is_there: bool
) -> None:
    """A key that people give stays, and a number that was found does."""
    tenant = worked.tenant
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        unit.create("order", {"no": "A"}, rid(9))
    worked.load(loaded(5, name="Ek"))
    edit(tenant, 5, name="Asp")
    other = Office.paired(tenant)
    other.hello()
    other.load(*[loaded(1, name="Berg", phone="08")] * is_there, last=False)
    assert record(tenant, 1).key == (1,)
    other.load(loaded(5, name="Ek"), last=True)
    found = record(tenant, 1)
    assert (found.key, found.born is None) == ((1,) if is_there else None, is_there)
    assert (record(tenant, 5).key, len(record(tenant, 5).pending)) == ((5,), 1)
    load(other.caller, other.chunk(type_="order", last=True), AT)
    assert record(tenant, 9).key == ("A",)
