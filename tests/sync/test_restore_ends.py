"""FM21, FM22, G4, G7: what an office writes when a connection has been taken up again."""

from __future__ import annotations

import pytest
from msgspec import structs

from samsyn.agent import absence, resync
from samsyn.agent.greeting import connection_of
from samsyn.agent.restoring import told
from samsyn.agent.resync import Wanted, Why
from samsyn.agent.service import ServiceRefused
from samsyn.agent.underway import remember, underway
from samsyn.companydb import books
from samsyn.companydb.books import OutBatch, Taken
from samsyn.companydb.rows import INSERTED, UPDATED, Key
from samsyn.companydb.since_backup import ALL, looking
from samsyn.core.changes import Delete, Operation, Put
from samsyn.core.changes import Taken as TakenChange
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, Chunks, Cursor
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Look,
    Rejoin,
    Rejoined,
    ReopenedRecord,
    Reopening,
    Seen,
    Standing,
)
from tests.sync.answering import LOST, TRUTH, Answers, at_rest, done, entry
from tests.sync.conftest import MakeWorld
from tests.sync.world import World


@pytest.fixture
def engine() -> str:
    """One is enough: the steps are the same on each."""
    return "sqlite"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return at_rest(make_world)


@pytest.fixture
def service(world: World) -> Answers:
    return Answers(world)


def journal(world: World, name: str = "item") -> list[tuple[int, int, Key | None, set[str]]]:
    """What the journal has to tell: operation, what it had seen, key and fields."""
    record_type = world.type(name)
    with looking(world.db):
        rows = sorted(world.db.journal_of(record_type, ALL), key=lambda row: row.id)
    return [
        (row.op, row.seen, row.new,
         {f.name for n, f in enumerate(record_type.fields) if row.mask >> n & 1})
        for row in rows
    ]  # fmt: skip


# --- the backup is the truth -------------------------------------------------------------


def reopened(
    record: str, *fields: str, type_: str = "item", there: bool = True, alive: bool = True
) -> ReopenedRecord:
    return ReopenedRecord(type_, record, there, alive, fields)


def test_the_office_insists_on_what_it_has_fm21_g7(world: World, service: Answers) -> None:
    one, two, code = world.id_of("item", 1), world.id_of("item", 2), world.id_of("code", "A")
    service.answer(
        reopened(one, "name"),
        reopened(two, alive=False),
        reopened(code, "code", "name", type_="code"),
        reopened(LOST, there=False),
        reopened("e" * 32, "name"),
        reopened("9" * 32, type_="other"),
    )
    done(world, service, TRUTH)
    cursor = books.cursor(world.db)
    assert journal(world) == [
        (UPDATED, cursor, (1,), {"name"}), (INSERTED, cursor, (2,), set()),
    ]  # fmt: skip
    assert journal(world, "code") == [(UPDATED, cursor, ("A",), {"code", "name"})]
    assert books.reports(world.db) == [
        Delete("item", LOST, cursor), Delete("item", "e" * 32, cursor),
    ]  # fmt: skip


def test_what_the_office_has_not_is_deleted_and_what_is_deleted_is_made_fm21_g7(
    world: World, service: Answers
) -> None:
    """As it said itself, whatever its books tell of a row."""
    one, code = world.id_of("item", 1), world.id_of("code", "A")
    service.answer(reopened(one, there=False), reopened(code, type_="code", alive=False))
    done(world, service, TRUTH)
    cursor = books.cursor(world.db)
    assert books.reports(world.db) == [Delete("item", one, cursor)]
    assert journal(world) == []
    assert journal(world, "code") == [(INSERTED, cursor, ("A",), set())]


def test_what_is_brought_back_is_not_insisted_on_fm21_g7(world: World, service: Answers) -> None:
    service.answer(reopened(world.id_of("item", 1), "name"), reopened(LOST, there=False))
    done(world, service)
    assert (journal(world), books.reports(world.db)) == ([], [])


def test_a_row_is_insisted_on_where_it_is_by_now_fm21_fm15_g7(
    world: World, service: Answers
) -> None:
    """It has moved, or is gone, since; the journal has still to tell."""
    one, two = world.id_of("item", 1), world.id_of("item", 2)
    service.answer(reopened(one, "name"), reopened(two, "name"))
    world.office("UPDATE item SET id = 7 WHERE id = 1")
    world.office("UPDATE item SET id = 9 WHERE id = 7")
    world.office("DELETE FROM item WHERE id = 2")
    before = journal(world)
    done(world, service, TRUTH)
    assert journal(world)[len(before) :] == [(UPDATED, books.cursor(world.db), (9,), {"name"})]


def test_a_row_that_was_replaced_is_insisted_on_as_the_same_record_fm21_fm15_g7(
    world: World, service: Answers
) -> None:
    """Where triggers run for what a REPLACE deletes, the journal tells of a deletion too."""
    service.answer(reopened(world.id_of("item", 1), "name"))
    world.office("PRAGMA recursive_triggers = ON")
    world.office("INSERT OR REPLACE INTO item VALUES (1, 'one', 'since')")
    before = journal(world)
    done(world, service, TRUTH)
    assert journal(world)[len(before) :] == [(UPDATED, books.cursor(world.db), (1,), {"name"})]


def test_where_rows_are_is_looked_up_anew_for_each_page_fm21_fm15(
    world: World, service: Answers
) -> None:
    one = world.id_of("item", 1)
    page = Reopening((reopened(one, "name"),), 3, True, 4, "h", 0)

    class Moved(Answers):
        """The row moves while the second page is asked for."""

        def look(self, message: Look) -> Seen:
            if message.after == 3:
                world.office("UPDATE item SET id = 7 WHERE id = 1")
            return super().look(message)

    answers = Moved(world)
    answers.pages = iter([page, structs.replace(page, after=9, more=False)])
    done(world, answers, TRUTH)
    keys = [key for op, _, key, fields in journal(world) if fields == {"name"}]
    assert keys == [(1,), (7,)]


# --- the end -----------------------------------------------------------------------------


def batch(number: int) -> OutBatch:
    return OutBatch(number, f"hash {number}", wire.encode(Batch(number, "", 0, "", ())))


def claimed(world: World, *numbers: int) -> None:
    """Batches of these numbers lie in the outbox."""
    with world.db.transaction():
        for number in numbers:
            books.add_batch(world.db, batch(number))
        books.set_fact(world.db, "claimed", Taken(numbers[-1], f"hash {numbers[-1]}"))


@pytest.mark.parametrize(
    ("numbers", "left", "last"),
    [((3, 4), [], (4, "h")), ((4, 5, 6), [5, 6], (6, "hash 6")), ((2,), [], (4, "h"))],
)
def test_the_office_goes_on_from_the_services_last_batch_fm21_g4(
    world: World, service: Answers, numbers: tuple[int, ...], left: list[int], last: object
) -> None:
    """What lies in its outbox beyond is sent as ever."""
    claimed(world, *numbers)
    service.begun = Begun(structs.replace(service.begun.cut, batch=4))
    done(world, service)
    assert books.outbox_numbers(world.db) == left
    assert books.taken(world.db) == Taken(4, "h")
    found = books.fact(world.db, "claimed", Taken, Taken())
    assert (found.number, found.hash) == last
    assert resync.wanted(world.db) == {}


def test_an_update_ends_as_a_whole_fm21_g4(world: World, service: Answers) -> None:
    """The links that the service has told of are of this history from here on."""
    with world.db.transaction():
        books.set_fact(world.db, "agent", {"state": "stopped"})
        known = structs.replace(connection_of(world.db), next_link="x", links=("oldest",))
        books.set_fact(world.db, "connection", known)
    service.begun = structs.replace(service.begun, links=("oldest", "heard", str(known.link)))
    done(world, service)
    begin = service.asked[1]
    assert isinstance(begin, Begin)
    assert begin.told.links == ("oldest",)
    assert connection_of(world.db) == structs.replace(
        known,
        link=begin.next_link,
        next_link=None,
        links=("oldest", str(known.link), "heard"),
    )
    assert underway(world.db) is None
    assert books.fact(world.db, "agent", object, None) is None


@pytest.mark.parametrize(("read", "chunk", "left"), [(3, 7, Chunks(7, 7)), (7, 7, Chunks(7, 2))])
def test_chunks_are_numbered_on_from_what_either_side_knows_fm21(
    world: World, service: Answers, read: int, chunk: int, left: Chunks
) -> None:
    with world.db.transaction():
        books.set_fact(world.db, books.CHUNKS, Chunks(read, 2))
    service.begun = Begun(structs.replace(service.begun.cut, chunk=read))
    service.answer(chunk=chunk)
    done(world, service)
    assert books.chunks(world.db) == left


def test_words_about_what_was_refused_are_said_anew_fm21_fm12(
    world: World, service: Answers
) -> None:
    """Deletions stay, having seen no more than the backup has; that something was taken is said when it is."""
    cursor = books.cursor(world.db)
    with world.db.transaction():
        for seen in (0, cursor, cursor + 3):
            books.add_report(world.db, Delete("item", LOST, seen))
        books.add_report(world.db, TakenChange("item", LOST, 1))
    done(world, service)
    assert books.reports(world.db) == [
        Delete("item", LOST, 0), Delete("item", LOST, cursor), Delete("item", LOST, cursor),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("read", "cut"),
    [(5, {"batch": 0}), (5, {"cursor": 4}), (5, {"chunk": 4}), (1, {"chunk": None})],
    ids=str,
)
def test_a_backup_of_a_branch_that_was_left_is_told_as_it_stands_fm21_fm22_g7(
    world: World, service: Answers, read: int, cut: dict[str, int | None]
) -> None:
    """What it has told under numbers that were given twice, the service that went on has not."""
    with world.db.transaction():
        books.set_fact(world.db, books.CHUNKS, Chunks(read, read))
    world.office("UPDATE item SET name = 'unsent' WHERE id = 1")
    claimed(world, 3, 9)
    known = structs.replace(service.begun.cut, batch=4, chunk=5)
    service.begun = Begun(structs.replace(known, **cut))
    seen = cut.get("cursor", 5)
    before = books.marked_cursor(world.db)
    assert before.number == 5
    done(world, service)
    assert books.outbox_numbers(world.db) == []
    assert books.marked_cursor(world.db) == (before if seen == 5 else Cursor(4))
    assert [row[1] for row in journal(world)] == [seen]
    assert books.fact(world.db, "claimed", Taken, Taken()) == Taken(4, "h")
    assert {wanted.why for wanted in resync.wanted(world.db).values()} == {Why.RESTORED}
    assert set(resync.wanted(world.db)) == set(world.db.types)


def test_so_is_one_whose_batches_the_service_never_took_fm21_fm22_g4(
    world: World, service: Answers
) -> None:
    """Else the next batch does not follow on the service's last, and is refused for ever."""
    claimed(world, 7, 8)
    with world.db.transaction():
        books.set_fact(world.db, "taken", Taken(6, "of the other branch"))
    service.begun = Begun(structs.replace(service.begun.cut, batch=4))
    done(world, service)
    assert books.outbox_numbers(world.db) == []
    assert books.fact(world.db, "claimed", Taken, Taken()) == Taken(4, "h")
    assert set(resync.wanted(world.db)) == set(world.db.types)


@pytest.mark.parametrize("more", [3, 0])
def test_one_of_this_branch_is_not_fm21(world: World, service: Answers, more: int) -> None:
    """It knows fewer batches than the service, or as many; or chunks that were never sent."""
    service.answer(batch=books.taken(world.db).number + more)
    with world.db.transaction():
        books.set_fact(world.db, books.CHUNKS, Chunks(5, 5))
    known = structs.replace(service.begun.cut, chunk=5)
    service.begun = Begun(known)
    done(world, service)
    assert resync.wanted(world.db) == {}
    assert books.marked_cursor(world.db).mark


def test_an_update_that_an_older_program_began_has_no_chunks_to_compare_fm21(
    world: World, service: Answers
) -> None:
    service.refuses = iter(["", "NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service)
    begun = underway(world.db)
    assert begun is not None
    assert begun.cut is not None
    without = structs.replace(
        begun,
        told=structs.replace(begun.told, chunks=None),
        cut=structs.replace(begun.cut, chunk=None),
    )
    with world.db.transaction():
        remember(world.db, without)
    done(world, service)
    assert resync.wanted(world.db) == {}


# --- the service was put back ------------------------------------------------------------


def test_an_office_that_joins_tells_all_of_it_from_where_the_service_stands_fm22_g7(
    world: World, service: Answers
) -> None:
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    service.rejoined = Rejoined(4, "h", 3, "mark", 7)
    world.office("UPDATE item SET name = 'unsent' WHERE id = 1")
    with world.db.transaction():
        books.set_cursor(world.db, Cursor(2))
    world.office("UPDATE item SET note = 'unsent' WHERE id = 2")
    with world.db.transaction():
        books.put_quarantine(world.db, entry("a" * 32, Operation.UPDATE))
        books.put_quarantine(world.db, entry("c" * 32, Operation.DELETE, side="online"))
        for seen in (1, 9):
            books.add_report(world.db, Delete("item", LOST, seen))
        books.add_report(world.db, Put("item", LOST, (9,), {}, 1))
    claimed(world, 3, 9)
    state = told(world.db)
    assert done(world, service) is Standing.SERVICE_BACK
    _, rejoin = service.asked
    assert isinstance(rejoin, Rejoin)
    assert rejoin == Rejoin(state, rejoin.operation, rejoin.next_link, world.fence)
    assert [row[1] for row in journal(world)] == [3, 3]
    assert books.marked_cursor(world.db) == Cursor(3, "mark")
    assert books.outbox_numbers(world.db) == []
    assert books.taken(world.db) == Taken(4, "h")
    assert books.fact(world.db, "claimed", Taken, Taken()) == Taken(4, "h")
    assert books.quarantine(world.db) == []
    assert books.chunks(world.db) == Chunks(7, 7)
    assert books.reports(world.db) == [Delete("item", LOST, 3), Delete("item", LOST, 3)]
    assert resync.wanted(world.db) == {no: Wanted(Why.RESTORED) for no in world.db.types}
    for no in world.db.types:
        assert books.fact(world.db, f"{absence.ACCEPTED}{no}", bool, False)
    assert connection_of(world.db).link == rejoin.next_link
    assert underway(world.db) is None
