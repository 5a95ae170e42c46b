"""FM21, G7: what a restore wrote, for whoever wants it undone: of the latest one, and nothing else."""

from __future__ import annotations

import pytest
from msgspec import structs

from samsyn.core.changes import Operation
from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import Told
from samsyn.records.errors import UndoTooLarge
from samsyn.records.restored import Written, written
from samsyn.records.tenant import Tenant, writing
from tests.records.office import AT, Office, edit, rid
from tests.records.restores import LATER, begin, put_back, reopen, told

NOTHING = Written({}, {})
TRUTH = "backup_is_truth"


@pytest.fixture
def was(office: Office) -> Told:
    """Two customers as in a backup, after which both sides worked; the office has been put back to it."""
    office.push(office.new(1, name="Berg"), office.new(2, name="Alm"))
    backup = told(office)
    office.push(office.put(1, name="Ek"), office.new(3, name="Ny"))
    edit(office.tenant, 2, phone="2")
    put_back(office, backup)
    return backup


def carried_out(
    office: Office, was: Told, operation: str = "one", choice: str = "bring_back"
) -> None:
    """A restore, which ends with its first page."""
    begin(office, was, operation, choice=choice)
    assert not reopen(office, was, operation=operation).more


def goes_on(office: Office, operation: str = "one") -> None:
    """The agent says hello after it, and what lies in its journal is sent next."""
    found = office.tenant.row(
        "SELECT batch, batch_hash FROM records_connection WHERE company_id = %(company)s AND id = %(id)s",
        id=office.caller.connection,
    )
    assert found is not None
    office.number, office.hash = int(found[0]), str(found[1])
    office.link, office.claimed = f"link of {operation}", office.number
    office.hello(f"link after {operation}")


def test_where_nothing_was_put_back_nothing_was_written(office: Office) -> None:
    office.push(office.new(1))
    edit(office.tenant, 1, name="Berg")
    assert written(office.tenant, AT, 9) == NOTHING


def test_what_was_brought_back_are_the_writes_after_the_backup_fm21_g7(
    office: Office, was: Told
) -> None:
    carried_out(office, was)
    assert written(office.tenant, AT, 9) == Written(
        {rid(1): {3}, rid(3): {4}, rid(2): {5}},
        {
            rid(1): AtOffice(there=True, fields={"name": "Berg"}),
            rid(3): AtOffice(there=False),
            rid(2): AtOffice(there=True, fields={"phone": None}),
        },
    )
    assert written(Tenant("bbbbbbbbbbbb"), AT, 9) == NOTHING


@pytest.mark.parametrize(("choice", "rows"), [("bring_back", 3), (TRUTH, 2)])
def test_more_than_can_be_taken_back_at_a_time_is_refused_as_a_whole_fm21_g7(
    office: Office, was: Told, choice: str, rows: int
) -> None:
    """A part of it would have been taken back, and nobody told that there was more."""
    carried_out(office, was, choice=choice)
    goes_on(office)
    office.push(office.put(1, name="Berg"), office.put(2, phone=None))
    assert sum(map(len, written(office.tenant, AT, rows).rows.values())) == rows
    with pytest.raises(UndoTooLarge) as raised:
        written(office.tenant, AT, rows - 1)
    assert raised.value.facts == {"limit": rows - 1}


def test_what_the_backup_holds_counts_for_nothing_fm21_g7(office: Office) -> None:
    """The office had taken nothing from online for long: much of its own work lies between that and the backup."""
    for number in range(1, 4):
        office.push(office.new(number))
    backup = told(office)
    edit(office.tenant, 1, name="Berg")
    office.pull()
    office.peek()
    put_back(office, backup)
    carried_out(office, backup)
    assert written(office.tenant, AT, 2).rows == {rid(1): {4}}


def test_what_the_restore_left_alone_is_none_of_it_fm21_g7(office: Office, was: Told) -> None:
    """What lay unsent in the backup came after it in the log, and the office has it."""
    begin(office, was)
    held = {
        rid(1): AtOffice(there=True, fields={"name": "Ek"}),
        rid(2): AtOffice(there=True, fields={"phone": "as the backup has it"}),
    }
    reopen(office, was, held=held)
    assert set(written(office.tenant, AT, 9).rows) == {rid(3), rid(2)}


def test_where_the_backup_is_the_truth_it_is_what_overrode_the_rest_fm21_g7(
    office: Office, was: Told
) -> None:
    carried_out(office, was, choice=TRUTH)
    goes_on(office)
    edit(office.tenant, 1, phone="written since")
    office.push(office.put(1, name="Berg", phone="1"), office.put(2, phone=None))
    assert written(office.tenant, AT, 9) == Written({rid(1): {10}, rid(2): {11}}, {})


def test_only_the_latest_restore_counts_in_the_order_of_the_log_fm21_g7_g8(
    office: Office, was: Told
) -> None:
    carried_out(office, was, "one", TRUTH)
    goes_on(office, "one")
    office.push(office.put(1, name="Berg"))
    office.pull()
    office.pull()
    assert written(office.tenant, AT, 9).rows == {rid(1): {9}}
    again = told(office)
    edit(office.tenant, 2, name="after the second backup")
    office.pull()
    office.peek()
    put_back(office, again)
    carried_out(office, again, "two")
    assert written(office.tenant, AT, 9) == Written(
        {rid(2): {10}}, {rid(2): AtOffice(there=True, fields={"name": "Alm"})}
    )
    with writing():
        office.tenant.execute(
            "UPDATE records_restore SET at = %(at)s WHERE company_id = %(company)s AND epoch = 1",
            at=LATER,
        )
    assert written(office.tenant, AT, 9).rows == {rid(2): {10}}


def test_of_two_at_one_place_in_the_log_the_second_counts_fm21(office: Office, was: Told) -> None:
    """The first was given up before it had done anything."""
    begin(office, was, "given up", choice=TRUTH)
    office.fence += 1
    carried_out(office, was, "one")
    assert set(written(office.tenant, AT, 9).rows) == {rid(1), rid(2), rid(3)}


def test_what_one_before_it_said_of_its_backup_is_not_said_of_its_own_fm21_g7(
    office: Office, was: Told
) -> None:
    """The last row of the log is the first one's word of a record that the second brings back too."""
    begin(office, was, "before")
    other = AtOffice(there=True, fields={"name": "other", "phone": "other"})
    reopen(office, was, operation="before", held={rid(2): other})
    put_back(office, was)
    carried_out(office, was)
    assert written(office.tenant, AT, 9).held[rid(2)] == AtOffice(
        there=True, fields={"phone": None}
    )


def test_what_overrode_an_earlier_restore_stays_when_a_later_one_is_taken_back_fm21_g7(
    office: Office, was: Told
) -> None:
    """Also where that had written the last row before the later one, and is overridden after it."""
    carried_out(office, was, "one", TRUTH)
    goes_on(office, "one")
    last = office.pull().upto
    again = told(office)
    office.hello("lost")
    put_back(office, again)
    carried_out(office, again, "two", TRUTH)
    goes_on(office, "two")
    unsent = [structs.replace(office.put(2, phone=None), seen=last - 1)]
    unsent += [structs.replace(office.put(1, name="Berg"), seen=last - 3)]
    office.push(*unsent)
    conflicts = "SELECT online_seq FROM records_conflict WHERE company_id = %(company)s ORDER BY 1"
    assert office.tenant.rows(conflicts) == [(last - 2,), (last,)]
    assert written(office.tenant, AT, 9) == NOTHING


def test_a_restore_of_the_service_is_none_of_the_offices_fm22(office: Office, was: Told) -> None:
    carried_out(office, was)
    with writing():
        office.tenant.execute(
            "UPDATE records_restore SET kind = 'rejoin' WHERE company_id = %(company)s"
        )
    assert written(office.tenant, AT, 9) == NOTHING


@pytest.mark.parametrize("choice", ["bring_back", TRUTH])
def test_one_from_before_the_moment_asked_for_is_too_old_fm21(
    office: Office, was: Told, choice: str
) -> None:
    carried_out(office, was, choice=choice)
    goes_on(office)
    office.push(office.put(1, name="Berg"))
    assert written(office.tenant, LATER, 9).rows
    assert written(office.tenant, LATER.replace("11:00:00.000", "11:00:00.001"), 9) == NOTHING


def test_another_companys_restore_is_its_own_g9(office: Office, was: Told) -> None:
    """Its records have the same ids, and its log the same numbers."""
    other = Office.paired(Tenant("bbbbbbbbbbbb"))
    other.hello()
    other.push(other.new(1, name="Berg"), other.new(2, name="Alm"))
    theirs = told(other)
    other.push(other.put(1, limit="1"))
    edit(other.tenant, 1, limit="2")
    put_back(other, theirs)
    carried_out(other, theirs, "theirs", TRUTH)
    goes_on(other, "theirs")
    other.push(other.put(1, limit="3"))
    carried_out(office, was)
    assert set(written(office.tenant, AT, 9).rows) == {rid(1), rid(2), rid(3)}
    assert written(office.tenant, AT, 9).held[rid(1)].fields == {"name": "Berg"}
    assert set(written(other.tenant, AT, 9).rows) == {rid(1)}


def test_what_the_office_had_refused_belongs_to_what_it_held_fm21_fm12_g7(office: Office) -> None:
    """The restore says it first, and with the page what came since of the same record."""
    office.push(office.new(1, name="Berg", phone="1"))
    edit(office.tenant, 1, name="too long")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "name"))
    backup = told(office)
    edit(office.tenant, 1, phone="2")
    office.pull()
    office.peek()
    put_back(office, backup)
    begin(office, backup, refused={rid(1): AtOffice(there=True, fields={"name": "Berg"})})
    reopen(office, backup)
    kept = AtOffice(there=True, fields={"name": "Berg", "phone": "1"})
    assert written(office.tenant, AT, 9).held == {rid(1): kept}
