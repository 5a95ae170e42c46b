"""When the office took online changes is kept, and how many went either way."""

from __future__ import annotations

from samsyn.core.changes import Operation
from samsyn.records import history, progress
from samsyn.records.connections import Position
from samsyn.records.progress import Came, Hour
from samsyn.records.pull import store_position
from samsyn.records.retention import trim
from samsyn.records.tenant import Tenant
from tests.records.office import AT, Office, create, edit, rid

LATER = "2026-11-23T11:59:30.000Z"
HOURS = [Hour("2026-11-23T10:00:00Z", 1, 0)]


def came(tenant: Tenant, number: int = 1) -> list[Came]:
    return list(progress.came(tenant, rid(number), 0, 1_000).values())


def test_an_online_change_is_taken_at_the_moment_when_the_office_says_so(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="b")
    assert came(tenant) == [Came(False, None)]
    page = office.pull()
    assert came(tenant) == [Came(False, None)]
    store_position(office.caller, Position(page.upto, page.upto, office.fence), LATER)
    edit(tenant, 1, name="c")
    assert came(tenant) == [Came(True, LATER), Came(False, None)]


def test_a_position_told_late_or_twice_changes_no_moment(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="b")
    edit(tenant, 1, name="c")
    store_position(office.caller, Position(3, 3, office.fence), AT)
    store_position(office.caller, Position(2, 2, office.fence), LATER)
    progress.note_taken(tenant, 0, 2, LATER)
    progress.note_taken(tenant, 0, 3, LATER)
    assert came(tenant) == [Came(True, AT), Came(True, AT)]


def test_what_the_office_lost_by_a_restore_is_taken_no_longer(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="b")
    store_position(office.caller, Position(2, 2, office.fence), AT)
    progress.forget_taken(tenant, 1)
    assert came(tenant) == [Came(True, None)]  # the connection's cursor is set back beside it


def test_changes_are_counted_by_the_hour_in_both_directions(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a"), office.new(2, name="b"))
    office.push(office.put(1, name="c"))
    edit(tenant, 1, name="d")
    edit(tenant, 2, name="e")
    assert progress.hours(tenant, AT) == [Hour("2026-11-23T10:00:00Z", 3, 0)]
    store_position(office.caller, Position(5, 5, office.fence), LATER)
    assert progress.hours(tenant, AT) == [
        Hour("2026-11-23T10:00:00Z", 3, 0),
        Hour("2026-11-23T11:00:00Z", 0, 2),
    ]
    assert progress.hours(tenant, "2026-11-23T12:00:00.000Z") == []


def test_the_newest_online_change_of_a_record_is_found_behind_the_offices(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    assert history.latest_online(tenant, rid(1)) is None
    edit(tenant, 1, phone="1")
    office.push(office.put(1, name="b"))
    found = history.latest_online(tenant, rid(1))
    assert found is not None
    assert (found.by, found.seq) == ("Maria", 2)


def test_old_moments_and_counts_go_with_the_log_but_for_the_newest(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="b")
    store_position(office.caller, Position(2, 2, office.fence), AT)
    edit(tenant, 1, name="c")
    store_position(office.caller, Position(3, 3, office.fence), LATER)
    trim(tenant, "2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z")
    left = tenant.rows("SELECT upto FROM records_taken WHERE company_id = %(company)s")
    assert left == [(3,)]
    assert progress.hours(tenant, AT) == []


def test_a_refused_change_is_not_told_as_a_new_count(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a"))
    create(tenant, 2, name="x")
    office.pull()
    office.push(office.refused(2, Operation.INSERT, "name"))
    assert progress.hours(tenant, AT) == HOURS
