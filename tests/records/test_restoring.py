"""FM21, FM22, G4, G7: the service's steps by which a connection is taken up again; each may come twice, or late."""

from __future__ import annotations

import pytest
from msgspec import structs

from samsyn.core.catalog import Catalog
from samsyn.core.cells import Cell
from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks
from samsyn.protocol.restoring import (
    RECORDS_AT_ONCE,
    Cut,
    FieldSince,
    Look,
    RecordSince,
    ReopenedRecord,
    Reopening,
    Seen,
    Standing,
    Told,
)
from samsyn.records import restoring
from samsyn.records.errors import LinkOld, NothingToUpdate, UpdateStale
from samsyn.records.tenant import Tenant
from tests.records.office import (
    AT,
    CUSTOMER,
    Office,
    create,
    create_order,
    delete,
    edit,
    record,
    rid,
)
from tests.records.restores import (
    LATER,
    begin,
    connection,
    goes_on,
    log,
    put_back,
    rejoin,
    reopen,
    said_of,
    told,
)


@pytest.fixture
def was(office: Office) -> Told:
    """Two customers as in a backup, after which both sides worked; the office has been put back to it."""
    office.push(office.new(1, name="Berg", phone="1"), office.new(2, name="Alm"))
    backup = told(office)
    office.push(office.put(1, name="Ek"), office.new(3, name="Ny"))
    edit(office.tenant, 2, phone="2")
    office.pull()
    office.floor = 4
    office.pull()
    create(office.tenant, 4, name="Lind")
    put_back(office, backup)
    return backup


def field(
    name: str, base: object, value: object, by: str, *, by_office: bool = False
) -> FieldSince:
    """A field that was written after the cut."""
    assert base is None or isinstance(base, str)
    assert value is None or isinstance(value, str)
    return FieldSince(name, base, value, by, AT, by_office)


def test_a_look_tells_how_both_stand_and_what_came_since_fm21_g7(office: Office, was: Told) -> None:
    before = log(office.tenant), connection(office, "link", "fence", "floor", "cursor")
    seen = restoring.look(office.caller, Look(was))
    whole: dict[str, Cell] = {"name": "Ny", "phone": None, "limit": None, "head": None}
    assert seen == Seen(
        standing=Standing.OFFICE_BACK,
        at=AT,
        batch=2,
        batch_hash=seen.batch_hash,
        fence=1,
        online_head=6,
        waiting=2,
        cut=Cut(0, 1, 3, 6, 0),
        records=(
            RecordSince(
                "customer", rid(1), (1,), "1", True, True,
                (field("name", "Berg", "Ek", "DESK-1", by_office=True),),
                {"name": ("Ek",)}, by="DESK-1", at=AT, by_office=True,
            ),
            RecordSince(
                "customer", rid(3), (3,), "3", False, True, (),
                {name: (value,) for name, value in whole.items()}, whole,
                "DESK-1", AT, by_office=True,
            ),
            RecordSince(
                "customer", rid(2), (2,), "2", True, True,
                (field("phone", None, "2", "Maria"),), by="Maria", at=AT,
            ),
            RecordSince("customer", rid(4), None, rid(4)[:8], False, True, (), by="Maria", at=AT),
        ),
        after=6,
        fields={"customer": ("head", "limit", "name", "phone"), "order": ("customer", "no", "note")},
    )  # fmt: skip
    assert seen.batch_hash == connection(office, "batch_hash")[0]
    assert (log(office.tenant), connection(office, "link", "fence", "floor", "cursor")) == before


def test_what_was_deleted_since_is_told_as_there_fm21(office: Office) -> None:
    office.push(office.new(1, name="Berg"))
    backup = told(office)
    edit(office.tenant, 1, name="Ek")
    delete(office.tenant, 1)
    office.pull()
    office.peek()
    (one,) = restoring.look(office.caller, Look(backup)).records
    assert (one.there, one.alive) == (True, False)
    assert one.fields == (field("name", "Berg", "Ek", "Maria"),)


def test_where_both_stand_alike_nothing_is_looked_at_fm21(office: Office) -> None:
    office.push(office.new(1, name="Berg"))
    create(office.tenant, 2)
    seen = restoring.look(office.caller, Look(told(office)))
    assert seen == Seen(Standing.SAME, AT, 1, office.hash, 1, 2, 1)


def test_what_waits_is_counted_from_what_the_office_is_known_to_have_fm21(office: Office) -> None:
    """A backup may have come further than the service has heard, or less far."""
    office.push(office.new(1))
    for name in ("a", "b"):
        edit(office.tenant, 1, name=name)
    create(office.tenant, 2)
    for cursor, floor, waiting in ((0, 0, 2), (3, 0, 2), (3, 3, 1), (0, 3, 2)):
        office.tenant.execute(
            "UPDATE records_connection SET floor = %(floor)s WHERE company_id = %(company)s",
            floor=floor,
        )
        seen = restoring.look(office.caller, Look(told(office, cursor=cursor)))
        assert seen.waiting == waiting


def test_each_page_is_looked_at_with_the_same_cut_fm21_g4(office: Office, was: Told) -> None:
    first = restoring.look(office.caller, Look(was))
    edit(office.tenant, 1, phone="since the first page")
    asked = Look(was, first.cut)
    again = restoring.look(office.caller, asked)
    assert again.cut == first.cut
    assert [one.id for one in again.records] == [one.id for one in first.records]
    rest = restoring.look(office.caller, structs.replace(asked, after=4))
    assert [one.id for one in rest.records] == [rid(2), rid(4)]
    full = [office.new(n) for n in range(10, 10 + RECORDS_AT_ONCE)]
    office.claimed, office.number, office.hash = 2, 2, str(connection(office, "batch_hash")[0])
    office.push(*full)
    more = restoring.look(office.caller, Look(was))
    assert (more.more, more.after) == (True, RECORDS_AT_ONCE + 2)


def test_what_is_synced_no_more_is_named_no_more_fm21(office: Office, was: Told) -> None:
    office.link, office.fence = str(connection(office, "link")[0]), 9
    office.number, office.hash = 2, str(connection(office, "batch_hash")[0])
    office.claimed = 2
    office.cursor, office.mark = 5, ""
    office.catalog = Catalog("sqlite", (CUSTOMER,))
    office.hello()
    seen = restoring.look(office.caller, Look(was))
    assert seen.fields == {"customer": ("head", "limit", "name", "phone")}


# --- begin -------------------------------------------------------------------------------


def test_a_restore_begins_with_a_cut_and_lets_no_other_copy_speak_fm21_g7(
    office: Office, was: Told
) -> None:
    assert connection(office, "cursor", "floor") == (5, 4)
    cut = begin(office, was).cut
    assert cut == Cut(0, 1, 3, 6, 0)
    assert connection(office, "link", "previous_link", "epoch", "fence", "floor", "cursor") == (
        "link of one", None, 1, office.fence, 0, 0,
    )  # fmt: skip
    with pytest.raises(LinkOld):
        office.hello()
    kept = office.tenant.rows(
        "SELECT epoch, operation, kind, link, cursor, batch, first_lost, upto, upto_batch, chunk,"
        " at, computer FROM records_restore WHERE company_id = %(company)s"
    )
    assert kept == [
        (1, "one", "bring_back", "link of one", 0, 1, 3, 6, 2, 0, LATER, "DESK-1")
    ]  # fmt: skip
    link = office.tenant.row(
        "SELECT cursor, batch, at, epoch FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s AND link = 'link of one'",
        connection=office.caller.connection,
    )
    assert link == (0, 2, LATER, 1)


def test_who_begins_hears_the_links_of_its_connection_fm21_fm22(office: Office, was: Told) -> None:
    """It is about to take in what was told under them: the oldest first, and of no other connection."""
    Office.paired(office.tenant).hello("link of another")
    links = begin(office, was).links
    assert links == (was.link, "link of one")
    assert begin(office, was).links == links


def test_a_restore_that_is_begun_again_has_the_same_cut_fm21_g4(office: Office, was: Told) -> None:
    cut = begin(office, was).cut
    edit(office.tenant, 1, phone="meanwhile")
    before = log(office.tenant), connection(office, "epoch", "fence")
    assert begin(office, was, fence=office.fence + 1).cut == cut
    assert (log(office.tenant), connection(office, "epoch", "fence")) == before


def test_numbers_of_chunks_are_given_once_fm21_fm22(office: Office, was: Told) -> None:
    """The service goes on from the last that either side knows."""
    office.tenant.execute("UPDATE records_connection SET chunk = 5 WHERE company_id = %(company)s")
    for number, (read, chunk) in enumerate([(3, 5), (9, 9)]):
        office.fence += 1
        begin(office, structs.replace(was, chunks=Chunks(read, 0)), f"operation {number}")
        assert connection(office, "chunk") == (chunk,)
    office.fence += 1
    begin(office, structs.replace(was, chunks=None), "without numbers")
    assert connection(office, "chunk") == (9,)


def test_what_the_office_had_taken_after_its_backup_it_has_not_fm21(office: Office) -> None:
    create(office.tenant, 1)
    office.pull()
    office.peek()
    backup = told(office)
    create(office.tenant, 2)
    office.pull()
    office.peek()
    taken = "SELECT upto FROM records_taken WHERE company_id = %(company)s ORDER BY upto"
    assert office.tenant.rows(taken) == [(1,), (2,)]
    put_back(office, backup)
    begin(office, backup)
    assert office.tenant.rows(taken) == [(1,)]
    assert connection(office, "cursor", "floor") == (1, 0)


def test_what_the_office_itself_says_it_had_refused_is_told_to_it_anew_fm21_fm12(
    office: Office, was: Told
) -> None:
    """It has its own value of it, whatever the log tells; a record that nobody knows is passed over."""
    held = {
        rid(2): AtOffice(there=True, fields={"name": "as it is at the office"}),
        rid(9): AtOffice(there=True, fields={"name": "of no record"}),
    }
    begin(office, was, refused=held)
    waiting = record(office.tenant, 2).pending["name"]
    assert waiting.base == "as it is at the office"
    assert log(office.tenant)[-1][1:] == (rid(2), "reopen", "service", "DESK-1", LATER)


def test_where_the_office_was_not_put_back_nothing_begins_fm21(office: Office) -> None:
    with pytest.raises(NothingToUpdate) as raised:
        begin(office, told(office), fence=2)
    assert raised.value.facts == {"standing": "same"}
    with pytest.raises(NothingToUpdate) as raised:
        begin(office, told(office, cursor=9), fence=2)
    assert raised.value.facts == {"standing": "service_back"}


@pytest.mark.parametrize("fence", [1, 0])
def test_who_was_given_up_begins_nothing_fm21_g7(office: Office, was: Told, fence: int) -> None:
    with pytest.raises(UpdateStale):
        begin(office, was, fence=fence)
    with pytest.raises(UpdateStale):
        rejoin(office, structs.replace(was, batch=9), fence=fence)
    assert connection(office, "epoch") == (0,)


def test_what_comes_after_its_update_has_ended_is_stale_fm21_g4(office: Office, was: Told) -> None:
    begin(office, was)
    reopen(office, was)
    goes_on(office)
    before = log(office.tenant)
    with pytest.raises(UpdateStale):
        begin(office, was)
    with pytest.raises(UpdateStale):
        reopen(office, was)
    assert log(office.tenant) == before


# --- pages -------------------------------------------------------------------------------


def test_a_page_makes_what_came_since_wait_again_fm21_g7(office: Office, was: Told) -> None:
    begin(office, was)
    answer = reopen(office, was)
    assert answer == Reopening(
        records=(
            ReopenedRecord("customer", rid(1), True, True, ("name",)),
            ReopenedRecord("customer", rid(3), False, True, ()),
            ReopenedRecord("customer", rid(2), True, True, ("phone",)),
            ReopenedRecord("customer", rid(4), False, True, ()),
        ),
        after=6,
        more=False,
        batch=2,
        batch_hash=str(connection(office, "batch_hash")[0]),
        chunk=0,
    )
    assert record(office.tenant, 1).pending["name"].base == "Berg"
    assert said_of(office.tenant) == [
        (rid(1), AtOffice(there=True, fields={"name": "Berg"})),
        (rid(3), AtOffice(there=False)),
        (rid(2), AtOffice(there=True, fields={"phone": None})),
        (rid(4), AtOffice(there=False)),
    ]
    assert [row[1:] for row in log(office.tenant)[6:]] == [
        (rid(n), "reopen", "service", "DESK-1", LATER) for n in (1, 3, 2, 4)
    ]


def test_what_the_office_holds_counts_more_than_the_log_fm21_g7(office: Office, was: Told) -> None:
    begin(office, was)
    held = {
        rid(1): AtOffice(there=True, fields={"name": "as the journal had it"}),
        rid(2): AtOffice(there=False),
    }
    one, _, two, _ = reopen(office, was, held=held).records
    assert (one.fields, one.there, two.fields, two.there) == (("name",), True, (), False)
    assert record(office.tenant, 1).pending["name"].base == "as the journal had it"
    again = record(office.tenant, 2).born
    assert again is not None
    assert again.again


def test_what_the_office_holds_as_it_is_waits_for_nothing_fm21(office: Office, was: Told) -> None:
    begin(office, was)
    held = {rid(1): AtOffice(there=True, fields={"name": "Ek"})}
    assert [one.id for one in reopen(office, was, held=held).records] == [rid(3), rid(2), rid(4)]


def stored(office: Office) -> list[tuple[object, ...]]:
    """How far the restores of a connection have come, and under which epoch of its links."""
    return office.tenant.rows(
        "SELECT r.operation, r.epoch, l.epoch, page_after FROM records_restore AS r"
        " JOIN records_link AS l ON l.company_id = r.company_id"
        " AND l.connection = r.connection AND l.link = r.link"
        " WHERE r.company_id = %(company)s AND r.connection = %(connection)s ORDER BY r.epoch",
        connection=office.caller.connection,
    )


def test_each_restore_keeps_to_its_own_connection_fm21_g9(office: Office, was: Told) -> None:
    """Under the same words, in the same company and in another one."""
    others = [Office.paired(office.tenant), Office.paired(Tenant("bbbbbbbbbbbb"))]
    for other in others:
        other.hello("other link")
        backup = told(other)
        other.push(other.new(7))
        put_back(other, backup)
        begin(other, backup)
    before = [(stored(other), connection(other, "link", "fence", "epoch")) for other in others]
    begin(office, was)
    reopen(office, was)
    goes_on(office)
    again = told(office)
    edit(office.tenant, 1, phone="after another backup")
    office.pull()
    office.peek()
    put_back(office, again)
    begin(office, again, "two")
    reopen(office, again, operation="two")
    upto = [row[3] for row in stored(office)]
    assert stored(office) == [("one", 1, 1, upto[0]), ("two", 2, 2, upto[1])]
    assert None not in upto
    assert upto[0] != upto[1]
    now = [(stored(other), connection(other, "link", "fence", "epoch")) for other in others]
    assert now == before


def test_the_number_that_an_office_gives_it_gives_anew_fm21_g7(office: Office) -> None:
    """What people give as a key names the same record at every time."""
    backup = told(office)
    office.push(office.new(1))
    create_order(office.tenant, 2, no="A-1")
    put_back(office, backup)
    begin(office, backup)
    reopen(office, backup)
    assert [record(office.tenant, n).key for n in (1, 2)] == [None, ("A-1",)]


def test_a_page_that_comes_again_gets_the_same_answer_and_changes_nothing_fm21_g4(
    office: Office, was: Told
) -> None:
    begin(office, was)
    first = reopen(office, was)
    edit(office.tenant, 1, name="meanwhile")
    before = log(office.tenant)
    assert reopen(office, was, held={rid(1): AtOffice(there=False)}) == first
    assert log(office.tenant) == before


def test_pages_follow_on_each_other_fm21_g4(office: Office) -> None:
    backup = told(office)
    office.push(*(office.new(n) for n in range(1, RECORDS_AT_ONCE + 2)))
    put_back(office, backup)
    begin(office, backup)
    with pytest.raises(UpdateStale):
        reopen(office, backup, after=3)
    first = reopen(office, backup)
    assert (len(first.records), first.more, first.after) == (RECORDS_AT_ONCE, True, RECORDS_AT_ONCE)
    with pytest.raises(UpdateStale):
        reopen(office, backup, after=3)
    last = reopen(office, backup, after=first.after)
    assert ([one.id for one in last.records], last.more) == ([rid(RECORDS_AT_ONCE + 1)], False)
    with pytest.raises(UpdateStale):
        reopen(office, backup)
    assert reopen(office, backup, after=first.after) == last


def test_a_page_of_what_never_began_is_stale_fm21_fm22(office: Office, was: Told) -> None:
    with pytest.raises(UpdateStale):
        reopen(office, was)
    begin(office, was)
    with pytest.raises(UpdateStale):
        reopen(office, was, operation="another")
