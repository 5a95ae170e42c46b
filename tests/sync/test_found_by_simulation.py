"""What histories of the simulation have found, each told plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from samsyn.agent import holding, resync
from samsyn.agent.drifting import SchemaChanged
from samsyn.agent.lease import LeaseLost
from samsyn.agent.restoring import carry_out
from samsyn.agent.underway import Choice, underway
from samsyn.agent.verify import Verifier
from samsyn.companydb import attach
from samsyn.core.brakes import BrakeLimits
from samsyn.protocol.restoring import Standing
from samsyn.records import clinic_list
from tests.records import stores
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import Killed, World

SCHEMA = """
CREATE TABLE parent (id serial, f varchar(40));
CREATE TABLE child (id serial, parent integer REFERENCES parent(id), f varchar(40));
INSERT INTO parent (id, f) VALUES (1, 'one'), (2, 'two');
INSERT INTO child (id, parent, f) VALUES (1, 2, 'child')
"""
NATURAL = """
CREATE TABLE product (code varchar(40) PRIMARY KEY, f varchar(40));
INSERT INTO product (code, f) VALUES ('A', 'axle'), ('B', 'bolt')
"""


@contextmanager
def _world(folder: Path, schema: str) -> Iterator[World]:
    with stores.opened("", folder):
        world = World.made(str(folder / "company.db"), schema)
        try:
            yield world
        finally:
            world.close()


def test_a_parent_made_again_is_told_though_its_child_was_written_before_it_fm14_g1(
    tmp_path: Path,
) -> None:
    """The child, told first, gave the parent its identity, and nobody looked at its reference."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        world.office("DELETE FROM parent WHERE id = 2")
        world.settle()
        world.office("UPDATE child SET f = 'again' WHERE id = 1")
        world.office("INSERT INTO parent (id, f) VALUES (2, 'new')")
        world.settle()
        child = world.online(world.id_of("child", 1))
        assert child.fields["parent"] == world.id_of("parent", 2)
        assert world.certificate().identical


def test_a_record_made_online_before_the_first_load_ended_is_not_taken_for_deleted_fm23_g3(
    tmp_path: Path,
) -> None:
    """It has a key already, since people give it, and the office has no such row yet."""
    with _world(tmp_path, NATURAL) as world:
        world.ready()
        world.create("product", code="C", f="chain")
        world.restart()
        world.settle()
        assert world.office("SELECT f FROM product WHERE code = 'C'") == [("chain",)]
        assert world.certificate().identical
        assert world.ledger_difference() == 0


def test_a_key_that_moves_while_children_are_told_takes_no_other_field_along_fm17_g2(
    tmp_path: Path,
) -> None:
    """What a claim itself put into the journal was taken for work that it had read too late."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        world.office("DELETE FROM parent WHERE id = 2")
        world.settle()
        moved = world.id_of("parent", 1)
        world.edit(moved, f="online")
        world.office("INSERT INTO parent (id, f) VALUES (2, 'new')")
        waiting = ["UPDATE parent SET id = 9 WHERE id = 1"]

        def move() -> None:
            if waiting:
                world.office(waiting.pop())

        world.network.watch = move
        world.push()
        world.settle()
        assert world.conflicts() == []
        assert world.office("SELECT f FROM parent WHERE id = 9") == [("online",)]


@pytest.mark.parametrize("step", ["pull", "hello"])
def test_an_overtaken_agent_hears_of_the_other_fm8(tmp_path: Path, step: str) -> None:
    """Not that its database was put back: the service only saw what the other has used or taken since."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        if step == "hello":
            world.restart()
        else:
            world.edit(world.id_of("parent", 1), f="online")
        other: list[World] = []

        def overtake() -> None:
            if not other:
                other.append(World(world.url, world.caller))
                other[0].settle()

        world.network.watch = overtake
        with pytest.raises(LeaseLost):
            world.sync()
        other[0].close()


def test_a_reference_that_leads_nowhere_can_be_emptied_online_fm14_g1(tmp_path: Path) -> None:
    """Read without its raw key, the row seemed to be empty there already."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        world.office("DELETE FROM parent WHERE id = 2")
        world.settle()
        world.edit(world.id_of("child", 1), parent=None)
        world.settle()
        assert world.office("SELECT parent FROM child") == [(None,)]
        assert world.certificate().identical


def test_rows_that_swap_keys_online_hold_no_value_that_nobody_gave_fm13_g4(
    make_world: MakeWorld,
) -> None:
    """What is put aside while values change owners never stays."""
    world = make_world(
        "CREATE TABLE line (orders integer, no integer, words text, PRIMARY KEY (orders, no));"
        "INSERT INTO line VALUES (1, 1, 'a'), (1, 2, 'b')"
    )
    world.settle()
    one, two = world.id_of("line", 1, 1), world.id_of("line", 1, 2)
    world.edit_all({one: {"no": 2, "words": "was one"}, two: {"no": 1, "words": "was two"}})
    world.settle()
    assert world.office("SELECT no, words FROM line ORDER BY no") == [
        (1, "was two"),
        (2, "was one"),
    ]
    assert (world.id_of("line", 1, 2), world.id_of("line", 1, 1)) == (one, two)
    assert world.db.journal_size() == 0
    assert world.ledger_difference() == 0
    assert not world.quarantine()
    assert not world.conflicts()


def test_a_parent_that_comes_while_its_childs_key_moves_is_told_fm14_g1(tmp_path: Path) -> None:
    """The child was noted under the key that the same page then took from it."""
    schema = """
    CREATE TABLE parent (id serial, f varchar(40));
    CREATE TABLE child (
        parent integer REFERENCES parent(id), no integer, f varchar(40), PRIMARY KEY (parent, no)
    );
    INSERT INTO parent (id, f) VALUES (1, 'one');
    INSERT INTO child VALUES (1, 1, 'child')
    """
    with _world(tmp_path, schema) as world:
        world.settle()
        child = world.id_of("child", 1, 1)
        world.office("DELETE FROM parent WHERE id = 1")
        world.settle()
        parent = world.create("parent", f="made online")
        world.edit(child, no=4)
        world.settle()
        assert world.office("SELECT parent, no FROM child") == [(1, 4)]
        assert world.office("SELECT id FROM parent") == [(1,)]
        assert world.online(child).fields["parent"] == parent
        assert world.certificate().identical


def test_a_row_that_moves_while_its_table_is_loaded_again_stays_the_same_record_fm15_fm23(
    tmp_path: Path,
) -> None:
    """Its key was gone when the load had ended, and the journal was not asked why."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        parent = world.id_of("parent", 1)
        with world.db.transaction():
            resync.request(world.db, world.db.types[1], resync.Why.DIFFERENCES)
        waiting = ["UPDATE parent SET id = 9 WHERE id = 1"]

        def move() -> None:
            if waiting and not resync.is_wanted(world.db):
                world.office(waiting.pop())

        world.network.watch = move
        world.settle()
        assert not waiting
        assert world.id_of("parent", 9) == parent
        assert world.online(parent).alive
        assert world.certificate().identical


def test_a_save_over_what_the_office_had_refused_is_one_conflict_fm12_fm20_g3(
    tmp_path: Path,
) -> None:
    """It was told once as a conflict, and once more as a stale form."""
    schema = """
    CREATE TABLE customer (id serial, name varchar(40) NOT NULL, note varchar(40));
    INSERT INTO customer (id, name) VALUES (1, 'one')
    """
    with _world(tmp_path, schema) as world:
        world.settle()
        customer = world.id_of("customer", 1)
        world.edit(customer, name="vip")
        world.edit(customer, name=None)
        world.settle()
        world.office("UPDATE customer SET name = 'vip', note = 'saved' WHERE id = 1")
        world.settle()
        assert [(lost.field, lost.outcome) for lost in world.conflicts()] == [
            ("name", "office_value")
        ]


def test_a_row_that_only_moved_is_not_put_back_beside_itself_fm25_fm15(tmp_path: Path) -> None:
    """An emptied table was put back under the old keys: the row that had another one stood there twice."""
    with _world(tmp_path, NATURAL) as world:
        world.settle()
        holding.set_limits(world.db, "product", BrakeLimits(few=0, share=0.1))
        moved = world.id_of("product", "A")
        world.office("UPDATE product SET code = 'M' WHERE code = 'A'")
        world.office("DELETE FROM product WHERE code = 'B'")
        world.settle()
        holding.undo(world.db, "product")
        world.settle()
        assert world.office("SELECT code, f FROM product ORDER BY code") == [
            ("B", "bolt"),
            ("M", "axle"),
        ]
        assert world.id_of("product", "M") == moved
        assert world.certificate().identical


def test_one_value_is_undone_in_the_row_that_has_it_wherever_that_is_by_now_fm25_fm15(
    tmp_path: Path,
) -> None:
    """The value of a record that was deleted meanwhile was put into the row that had got its key."""
    with _world(tmp_path, NATURAL) as world:
        world.settle()
        holding.set_limits(world.db, "product", BrakeLimits(off=False, same_few=1, same_share=0.5))
        world.office("UPDATE product SET f = 'one'")
        world.settle()
        world.office("DELETE FROM product WHERE code = 'B'")
        world.office("UPDATE product SET code = 'B' WHERE code = 'A'")
        holding.undo(world.db, "product")
        world.settle()
        assert world.office("SELECT code, f FROM product") == [("B", "axle")]
        assert world.certificate().identical


REFUSED = """
CREATE TABLE customer (id serial, name varchar(40) NOT NULL, note varchar(40) CHECK (note <> 'bad'));
INSERT INTO customer (id, name) VALUES (1, 'one')
"""


@pytest.mark.parametrize("made", [True, False])
def test_what_is_refused_is_tried_again_without_a_column_that_is_gone_fm12_fm24(
    tmp_path: Path, made: bool
) -> None:
    """The agent stopped at the name of a field that the table no longer had, at each of its starts."""
    with _world(tmp_path, REFUSED) as world:
        world.settle()
        if made:
            refused = world.create("customer", name="two", note="bad")
        else:
            refused = world.id_of("customer", 1)
            world.edit(refused, note="bad")
        world.settle()
        assert [entry.record for entry in world.quarantine()] == [refused]
        world.office("ALTER TABLE customer DROP COLUMN note")
        world.settle()
        attach.attach(attach.plan(world.url))
        world.settle()
        assert world.quarantine() == []
        assert world.certificate().identical
        assert len(world.office("SELECT 1 FROM customer")) == 1 + made


def test_a_backup_made_while_the_connection_was_taken_up_again_can_be_put_back_fm21_g7(
    tmp_path: Path,
) -> None:
    """What was under way in it had ended long ago, and the service refused to go on with it for ever."""
    with _world(tmp_path, NATURAL) as world:
        world.settle()
        first = backup(world.url, tmp_path)
        world.office("UPDATE product SET f = 'lost' WHERE code = 'A'")
        world.settle()
        first()
        world.restart()
        with world.killed_at(1, before=False), suppress(Killed):
            carry_out(world.db, world.service, world.fence, Choice.BRING_BACK)
        world.restart()
        assert underway(world.db) is not None
        second = backup(world.url, tmp_path)
        world.update(Choice.BRING_BACK)
        world.settle()
        world.office("UPDATE product SET f = 'later' WHERE code = 'B'")
        world.settle()
        second()
        world.restart()
        assert world.update(Choice.BRING_BACK) is Standing.OFFICE_BACK
        world.settle()
        assert world.office("SELECT f FROM product ORDER BY code") == [("lost",), ("later",)]
        assert world.certificate().identical
        assert world.ledger_difference() == 0


def test_what_cannot_be_put_back_is_left_and_told_fm25_fm9(tmp_path: Path) -> None:
    """It counted as put back before the database had refused it, and the agent went round for ever."""
    with _world(tmp_path, SCHEMA) as world:
        world.office("PRAGMA foreign_keys = OFF")
        world.settle()
        holding.set_limits(world.db, "child", BrakeLimits(few=0, share=0.1))
        world.office("DELETE FROM child")
        world.office("DELETE FROM parent WHERE id = 2")
        world.settle()
        holding.undo(world.db, "child")
        world.settle()
        (told,) = [one for one, _ in holding.listed(world.db)]
        assert (told.code, told.count) == ("UNDO_REFUSED", 1)


def test_a_column_dropped_while_its_type_catches_up_holds_the_type_again_fm24_g5(
    tmp_path: Path,
) -> None:
    """It was held for that field before, so nothing seemed to be new, and the agent stopped at its name."""
    with _world(tmp_path, NATURAL) as world:
        world.settle()
        world.office("ALTER TABLE product RENAME COLUMN f TO g")
        world.settle()
        world.office("INSERT INTO product (code, g) VALUES ('C', 'chain')")
        attach.attach(attach.plan(world.url, renames=["product.f=g"]))
        waiting = ["ALTER TABLE product DROP COLUMN g"]

        def drop() -> None:
            if waiting:
                world.office(waiting.pop())

        world.network.watch = drop
        world.settle()
        assert [one.code for one, _ in holding.listed(world.db)] == ["FIELDS_GONE"]
        attach.attach(attach.plan(world.url))
        world.settle()
        assert holding.listed(world.db) == []
        assert world.certificate().identical


def test_a_comparison_ends_where_its_table_is_attached_anew_meanwhile_fm24(tmp_path: Path) -> None:
    """It read on with the fields of before, and stopped the agent."""
    with _world(tmp_path, NATURAL) as world:
        world.settle()
        waiting = ["ALTER TABLE product ADD COLUMN g varchar(40)"]

        def upgrade() -> None:
            if waiting:
                world.office(waiting.pop())
                attach.attach(attach.plan(world.url))
                world.settle()

        verifier = Verifier(world.db, world.service, world.settle, between=upgrade)
        with pytest.raises(SchemaChanged):
            verifier.check(world.type("product"))
        assert world.certificate().identical


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("commit", [1, 2, 3])
def test_a_row_recognised_in_a_backup_is_so_when_the_page_comes_again_fm21_g7_g4(
    tmp_path: Path, commit: int, before: bool
) -> None:
    """The service had reopened it and the agent died: asked again, the office took the row for another record."""
    with _world(tmp_path, SCHEMA) as world:
        world.settle()
        world.office("INSERT INTO parent (id, f) VALUES (3, 'new')")
        put_back = backup(world.url, tmp_path)
        world.settle()
        record = world.id_of("parent", 3)
        world.edit(record, f="online")
        put_back()
        world.restart()
        with world.killed_at(commit, before=before), suppress(Killed):
            carry_out(world.db, world.service, world.fence, Choice.BRING_BACK)
        world.restart()
        world.update(Choice.BRING_BACK)
        world.settle()
        assert world.id_of("parent", 3) == record
        assert world.office("SELECT f FROM parent WHERE id = 3") == [("online",)]
        assert world.certificate().identical


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_held_of_a_record_that_comes_back_lies_in_quarantine_fm12_fm18_g1(
    tmp_path: Path, *, at_once: bool
) -> None:
    """It was refused while the record was deleted online; the office's edit brought the record back."""
    schema = "CREATE TABLE item (id serial, name varchar(40) UNIQUE, note varchar(40))"
    with _world(tmp_path, schema) as world:
        world.office("INSERT INTO item (name) VALUES ('one'), ('two')")
        world.settle()
        two = world.id_of("item", 2)
        world.edit(two, name="one")
        world.pull()
        world.delete(two)
        if not at_once:
            world.push()
            assert not clinic_list.entries(world.tenant)
        world.office("UPDATE item SET note = 'kept' WHERE id = 2")
        world.settle()
        assert world.online(two).alive
        assert [entry.record for entry in world.quarantine()] == [two]
        assert [entry.record for entry in clinic_list.entries(world.tenant)] == [two]
        world.office("DELETE FROM item WHERE id = 1")
        world.settle()
        assert world.certificate().identical
        assert not clinic_list.entries(world.tenant)
        assert (world.quarantine(), world.ledger_difference()) == ([], 0)
