"""Fields that a person leaves out: they never travel, and what was online of them goes or comes with the choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.agent import restore_plan
from samsyn.agent.service import ServiceUnreachable
from samsyn.agent.underway import Choice
from samsyn.companydb import attach, held
from samsyn.companydb.carrying import carry_over, selection_of
from samsyn.companydb.leaving_out import FieldIsKey, FieldIsReferred, FieldIsRequired, FieldUnknown
from samsyn.companydb.propose import TableUnknown
from samsyn.companydb.rows import CompanyDb
from samsyn.core.cells import Cell
from samsyn.protocol.wire import Limits
from samsyn.records import history
from tests.sync.backups import backup
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = (
    "CREATE TABLE staff (id serial, name varchar(40), wage numeric, code varchar(9) NOT NULL DEFAULT 'x',"
    " badge varchar(9) NOT NULL, desk integer UNIQUE);"
    "CREATE TABLE lamp (id serial, desk integer REFERENCES staff (desk), name varchar(40));"
    "INSERT INTO staff (name, wage, badge, desk) VALUES ('Ek', 30000, 'b1', 1), ('Al', 28000.5, 'b2', 2),"
    " ('Björk', NULL, 'b3', 3);"
    "INSERT INTO lamp (desk, name) VALUES (1, 'small'), (2, 'big')"
)
WAGE = "staff.wage"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three people of whom everything is online, at rest."""
    made = make_world(SCHEMA)
    made.settle()
    return made


def choose(world: World, *exclude: str, directions: tuple[str, ...] = ()) -> attach.AttachPlan:
    """What `samsyn attach --exclude` does while the agent runs."""
    plan = attach.plan(world.url, exclude=exclude, directions=directions)
    attach.attach(plan)
    return plan


def rests(world: World) -> None:
    """Both sides are equal and every write is accounted for."""
    world.settle()
    assert not held.held(world.db)
    assert world.certificate().identical
    assert world.ledger_difference() == 0
    assert world.db.journal_size() == 0


def online(world: World, key: int) -> dict[str, Cell]:
    return world.online(world.id_of("staff", key)).fields


def in_the_log(world: World) -> str:
    """All that the change log has of wages."""
    told = [c.fields or {} for c in history.changes(world.tenant, 0, 1_000)]
    return repr([fields["wage"] for fields in told if "wage" in fields])


def test_a_field_that_is_left_out_from_the_start_never_leaves_the_office(
    make_world: MakeWorld,
) -> None:
    world = make_world(SCHEMA)
    choose(world, WAGE)
    rests(world)
    assert "wage" not in online(world, 1)
    world.office("UPDATE staff SET wage = 31000 WHERE id = 1")
    assert world.db.journal_size() == 0, "a change of nothing else is not even noted"
    world.office("UPDATE staff SET wage = 32000, name = 'Eken' WHERE id = 1")
    rests(world)
    assert online(world, 1)["name"] == "Eken"
    assert in_the_log(world) == "[]"
    made = world.create("staff", name="Ny", badge="b9", desk=9)
    rests(world)
    assert world.office("SELECT name, wage FROM staff WHERE desk = 9") == [("Ny", None)]
    assert "wage" not in world.online(made).fields


def test_a_field_that_goes_out_leaves_the_records_online_and_stays_at_the_office(
    world: World,
) -> None:
    before = online(world, 1)
    assert before["wage"] is not None
    choose(world, WAGE)
    rests(world)
    assert {online(world, key).get("wage") for key in (1, 2, 3)} == {None}
    assert {n: c for n, c in online(world, 1).items() if n != "wage"} == {
        n: c for n, c in before.items() if n != "wage"
    }
    assert world.office("SELECT count(wage) FROM staff") == [(2,)]
    assert not world.conflicts()


def test_what_waits_online_in_a_field_that_goes_out_is_told_as_a_conflict_g3(world: World) -> None:
    one = world.id_of("staff", 1)
    world.edit(one, wage="1", name="of the web")
    choose(world, WAGE)
    rests(world)
    assert [(c.field, c.online, c.outcome) for c in world.conflicts()] == [
        ("wage", "1", "field_gone")
    ]
    assert world.office("SELECT name FROM staff WHERE id = 1") == [("of the web",)]


def test_a_batch_that_was_claimed_before_a_field_went_out_costs_no_other_field(
    world: World,
) -> None:
    world.office("UPDATE staff SET wage = 5, name = 'claimed' WHERE id = 2")
    world.network.suffer("lost")
    with pytest.raises(ServiceUnreachable):
        world.sync()
    assert world.db.journal_size() == 0, "it lies in the outbox"
    world.started = False
    choose(world, WAGE)
    rests(world)
    assert online(world, 2)["name"] == "claimed"
    assert online(world, 2).get("wage") is None


def test_a_field_that_comes_in_later_is_loaded(world: World) -> None:
    choose(world, WAGE)
    rests(world)
    world.office("UPDATE staff SET wage = 40000 WHERE id = 3")
    choose(world)
    rests(world)
    assert online(world, 3)["wage"] is not None
    world.edit(world.id_of("staff", 3), wage="41000")
    rests(world)
    assert world.office("SELECT wage FROM staff WHERE id = 3") == [(41000,)]


def test_a_choice_made_while_the_first_load_runs_holds_for_what_was_told_before(
    make_world: MakeWorld,
) -> None:
    world = make_world(SCHEMA)
    world.limits = Limits(chunk_records=1)
    world.restart()
    world.network.suffer(*["delivered"] * 2, "lost")
    with pytest.raises(ServiceUnreachable):
        world.sync()
    world.started = False
    told = [record.fields["wage"] for record in world.online_records("staff")]
    assert 0 < len(told) < 3
    choose(world, WAGE)
    rests(world)
    assert {online(world, key).get("wage") for key in (1, 2, 3)} == {None}


def test_the_choice_is_remembered_and_follows_what_the_program_renames(world: World) -> None:
    choose(world, WAGE)
    world.office("ALTER TABLE staff RENAME COLUMN wage TO pay")
    plan = attach.plan(world.url, renames=["staff.wage=pay"])
    assert plan.selection.without == {"staff.pay"}
    attach.attach(plan)
    rests(world)
    assert "pay" not in online(world, 1)
    assert "pay" not in _fields(world.db)


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("staff.id", FieldIsKey),
        ("staff.badge", FieldIsRequired),
        ("staff.desk", FieldIsReferred),
        ("staff.shoe", FieldUnknown),
        ("shoes.size", TableUnknown),
    ],
)
def test_a_field_that_is_needed_cannot_be_left_out(
    world: World, field: str, why: type[Exception]
) -> None:
    with pytest.raises(why):
        attach.plan(world.url, exclude=[field])


def test_a_value_that_only_new_records_need_may_be_left_out_where_none_are_made_online(
    world: World,
) -> None:
    choose(world, "staff.badge", directions=("staff=up",))
    rests(world)
    with pytest.raises(FieldIsRequired):
        attach.plan(world.url, directions=["staff=both"])
    assert "badge" not in _fields(world.db)
    choose(world, "staff.code", directions=("staff=both",))
    assert {"badge", "code"} & _fields(world.db) == {"badge"}


def test_a_table_that_is_left_out_needs_none_of_its_fields(world: World) -> None:
    plan = attach.plan(world.url, exclude=["lamp", "staff.desk"])
    assert [t.name for t in plan.catalog.types] == ["staff"]
    assert [left.field for v in plan.verdicts for left in v.left_out] == ["desk"]


def _fields(db: CompanyDb) -> set[str]:
    db.reload()
    return {field.name for t in db.types.values() if t.name == "staff" for field in t.fields}


@pytest.mark.parametrize("choice", list(Choice))
def test_after_a_restore_a_field_that_was_left_out_is_still_not_online_g7(
    world: World, tmp_path: Path, choice: Choice
) -> None:
    """Left out before the backup: the backup's own wages are no news, whatever a person chooses."""
    choose(world, WAGE)
    rests(world)
    restore = backup(world.url, tmp_path)
    world.office("UPDATE staff SET name = 'later', wage = 99 WHERE id = 1")
    world.settle()
    restore()
    world.restart()
    world.update(choice)
    rests(world)
    assert world.office("SELECT name, wage FROM staff WHERE id = 1") == [
        ("later" if choice is Choice.BRING_BACK else "Ek", 30000)
    ]
    assert {online(world, key).get("wage") for key in (1, 2, 3)} == {None}


def test_what_was_left_out_since_a_backup_is_left_out_of_it_again_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    tables = (
        ["lamp"] if world.db.engine == "sqlite" else []
    )  # the tests' PostgreSQL backup makes none
    choose(world, WAGE, *tables)
    rests(world)
    chosen = selection_of(world.url)
    restore()
    assert carry_over(world.url, chosen)
    assert not carry_over(world.url, chosen), "once is enough"
    world.restart()
    world.update(Choice.BRING_BACK)
    rests(world)
    assert {online(world, key).get("wage") for key in (1, 2, 3)} == {None}
    assert world.office("SELECT count(wage) FROM staff") == [(2,)]
    assert selection_of(world.url).exclude == set(tables)


def test_the_plan_tells_what_a_backup_that_was_put_back_by_hand_takes_in_again_g7(
    world: World, tmp_path: Path
) -> None:
    restore = backup(world.url, tmp_path)
    tables = ["lamp"] if world.db.engine == "sqlite" else []  # as above
    choose(world, WAGE, *tables)
    rests(world)
    restore()
    world.restart()
    told = restore_plan.plan(world.db, world.service).taken_in
    assert {one.type: one.fields for one in told} == {
        "staff": ("wage",),
        **dict.fromkeys(tables, ()),
    }
    choose(world, WAGE, *tables)
    world.restart()
    assert restore_plan.plan(world.db, world.service).taken_in == ()
