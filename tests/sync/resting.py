"""What tests of held types ask: that everything else goes on, and that all is well in the end."""

from __future__ import annotations

from samsyn.companydb import held
from samsyn.records.held import held_types
from tests.sync.world import World


def the_rest_goes_on(world: World) -> None:
    """The type `remark`, which is not held, goes both ways."""
    turn = len(world.office("SELECT * FROM remark"))
    world.office("INSERT INTO remark (text) VALUES ($1)", f"from the office {turn}")
    one = world.id_of("remark", 1)
    world.edit(one, text=f"from online {turn}")
    world.settle()
    assert world.office("SELECT text FROM remark WHERE id = 1") == [(f"from online {turn}",)]
    told = {r.fields["text"] for r in world.online_records("remark")}
    assert f"from the office {turn}" in told


def rests(world: World) -> None:
    """Nothing is held, nothing waits, both sides are equal and every write is accounted for."""
    world.settle()
    assert not held.held(world.db)
    assert not held_types(world.tenant)
    assert world.certificate().identical
    assert world.db.journal_size() == 0
    assert world.ledger_difference() == 0
