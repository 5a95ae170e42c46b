"""FM21: which database goes on with what the company's has come to, and which one is told all of it anew."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from samsyn.records.newcomer import is_newcomer, tell_all
from samsyn.records.tenant import Tenant
from tests.records.office import AT, Office, edit, loaded, rid
from tests.records.restores import log


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


def test_it_is_told_what_the_log_tells_once_and_nothing_of_first_loads_fm21_g7(
    worked: Office,
) -> None:
    worked.load(loaded(5, name="Ek"))
    tell_all(worked.tenant, "DESK-2", AT)
    assert [row[1] for row in log(worked.tenant) if row[2] == "reopen"] == [rid(1)]
