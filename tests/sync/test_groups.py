"""Fields that belong together are decided together: a person sees an address that somebody wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.agent.underway import Choice as RestoreChoice
from samsyn.core import merge
from samsyn.core.changes import Put
from samsyn.protocol.undo import Choice
from samsyn.records import undo
from samsyn.records.history import conflicts
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World

SCHEMA = """
CREATE TABLE customer (id serial, name varchar(40), street varchar(40), zip varchar(10),
    city varchar(40), amount integer, currency varchar(3));
INSERT INTO customer (id, name, street, zip, city, amount, currency)
    VALUES (1, 'Nordlund', 'Storgatan 1', '111', 'Umeå', 10, 'SEK')
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A customer with an address and an amount, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    assert made.type("customer").groups == (("street", "zip", "city"), ("amount", "currency"))
    return made


def both(world: World, *fields: str) -> tuple[list[object], list[object]]:
    """The fields at the office and online."""
    row = world.office(f"SELECT {', '.join(fields)} FROM customer")[0]
    online = world.online(world.id_of("customer", 1)).fields
    return list(row), [online[field] for field in fields]


def rests(world: World) -> None:
    """At rest, equal and accounted for."""
    world.settle()
    assert world.certificate().identical
    assert world.ledger_difference() == 0


def test_fields_of_a_group_are_decided_together_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), zip="222", city="Luleå", name="online")
    world.office("UPDATE customer SET street = 'Nygatan 2'")
    rests(world)
    here, online = both(world, "street", "zip", "city", "name")
    assert here == online == ["Nygatan 2", "111", "Umeå", "online"]
    lost = world.conflicts()
    assert {(c.field, c.online, c.office) for c in lost} == {
        ("zip", "222", "111"),
        ("city", "Luleå", "Umeå"),
    }
    marks = {(c.office_seq, c.group) for c in conflicts(world.tenant, 10)}
    assert len(marks) == 1, "people see them as one"
    assert marks.pop()[1] == ("street", "zip", "city")


@pytest.mark.parametrize("first", ["push", "pull"])
def test_whichever_way_goes_first_g2(world: World, first: str) -> None:
    world.edit(world.id_of("customer", 1), currency="EUR")
    world.office("UPDATE customer SET amount = 20")
    world.push() if first == "push" else world.pull()
    rests(world)
    assert both(world, "amount", "currency") == ([20, "SEK"], [20, "SEK"])
    assert [(c.field, c.online) for c in world.conflicts()] == [("currency", "EUR")]


def test_different_groups_are_no_conflict_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), city="Luleå")
    world.office("UPDATE customer SET amount = 20")
    rests(world)
    assert both(world, "city", "amount") == (["Luleå", 20], ["Luleå", 20])
    assert not world.conflicts()


def test_the_same_values_are_no_conflict_g2_fm20(world: World) -> None:
    world.edit(world.id_of("customer", 1), street="Nygatan 2", city="Luleå")
    world.office("UPDATE customer SET street = 'Nygatan 2', city = 'Luleå'")
    rests(world)
    assert not world.conflicts()


def test_what_the_office_had_seen_is_no_conflict_g2(world: World) -> None:
    world.edit(world.id_of("customer", 1), city="Luleå")
    world.settle()
    world.office("UPDATE customer SET street = 'Nygatan 2'")
    rests(world)
    assert both(world, "street", "city")[1] == ["Nygatan 2", "Luleå"]
    assert not world.conflicts()


def test_an_uncaptured_value_keeps_its_group_g1(world: World) -> None:
    """Whoever switches triggers off: the address stays as that program left it."""
    with world.db.transaction():
        mark = world.db.mark()
        world.db.run("UPDATE customer SET street = 'unseen'")
        world.db.drop_journal([row.id for row in world.db.own_journal(mark)])
    world.edit(world.id_of("customer", 1), street="online", city="Luleå")
    rests(world)
    assert both(world, "street", "city") == (["unseen", "Umeå"], ["unseen", "Umeå"])
    assert {c.field for c in world.conflicts()} == {"street", "city"}


def test_an_undo_leaves_a_group_that_somebody_has_changed_since_g2(world: World) -> None:
    one = world.id_of("customer", 1)
    world.edit(one, amount=20, name="online")
    world.settle()
    world.office("UPDATE customer SET currency = 'EUR'")
    world.settle()
    done = undo.undo(world.tenant, Choice(by="Maria"), "Erik", AT)
    rests(world)
    assert {(s.field, s.why_not) for s in done.steps} == {
        ("amount", "CHANGED_SINCE"),
        ("name", None),
    }
    assert both(world, "amount", "currency", "name")[0] == [20, "EUR", "Nordlund"]


def test_a_resync_tells_a_group_whole_g2(world: World) -> None:
    """A type that is loaded again beside the ordinary sync: states, not changes."""
    one = world.id_of("customer", 1)
    world.edit(one, currency="EUR", name="online")
    record = world.online(one)
    told = {**record.fields, "amount": 20, "currency": "SEK", "name": "Nordlund"}
    put = Put("customer", one, (1,), told, 0, new=True)
    groups = world.type("customer").groups
    decision = merge.office_state(record, put, record.version + 1, 0, groups)
    assert decision.record is not None
    assert decision.record.fields["currency"] == "SEK", "decided with the amount"
    assert decision.record.fields["name"] == "online", "which has not changed there"
    assert [lost.field for lost in decision.lost] == ["currency"]


@pytest.mark.parametrize("choice", list(RestoreChoice), ids=lambda choice: choice.value)
def test_a_group_stays_together_when_a_backup_is_put_back_fm21_g7_g2(
    world: World, tmp_path: Path, choice: RestoreChoice
) -> None:
    """Since the backup the town was changed, since the restore the street: the address is one or the other."""
    put_back = backup(world.url, tmp_path)
    world.office("UPDATE customer SET street = 'Nygatan 2', zip = '222', city = 'Luleå'")
    world.edit(world.id_of("customer", 1), currency="EUR")
    world.settle()
    put_back()
    world.restart()
    world.office("UPDATE customer SET zip = '333', amount = 20")
    world.update(choice)
    rests(world)
    here, online = both(world, "street", "zip", "city", "amount", "currency")
    assert here == online == ["Storgatan 1", "333", "Umeå", 20, "SEK"]
    lost = {(c.field, c.online) for c in world.conflicts()}
    assert lost == {
        ("street", "Nygatan 2"),
        ("zip", "222"),
        ("city", "Luleå"),
        ("currency", "EUR"),
    }
