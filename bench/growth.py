"""Whether a sync of the same changes costs more in a larger database."""

from __future__ import annotations

from bench.databases import TABLE
from bench.figures import Figure, at_most, number
from bench.office import contact_no, set_field
from bench.run import Run
from bench.worlds import World, world

GROWTH = "a sync of 100 changes"
ROUNDS = 15
EACH_WAY = 50


def growth(run: Run, sizes: list[int]) -> list[Figure]:
    """The shortest time from starting to rest, in databases of several sizes."""
    figures: list[Figure] = []
    first_s = 0.0
    for contacts in sizes:
        run.say(f"a sync of 100 changes in {contacts:,} contacts")
        with world(run.databases, run.pair, contacts) as both:
            agent = both.agent()
            agent.ask("sync")
            taken = min(_round(both, agent.ask, n) for n in range(ROUNDS))
        first_s = first_s or taken
        ratio = taken / first_s
        goal = at_most(ratio, 1.1) if contacts != sizes[0] else ("", None)
        figures.append(
            Figure(
                GROWTH,
                f"of {number(contacts)} contacts",
                run.pair.name,
                taken * 1000,
                "ms",
                ratio,
                *goal,
            )
        )
    return figures


def _round(both: World, ask: object, number: int) -> float:
    assert callable(ask)
    places = list(range(number * 100, number * 100 + 2 * EACH_WAY))
    ids = both.records(places)
    office, online = places[:EACH_WAY], places[EACH_WAY:]
    set_field(both.program, "phone", {contact_no(p): f"round {number}" for p in office})
    edits: dict[str, dict[str, object]] = {
        ids[contact_no(p)]: {"mobile": f"round {number}"} for p in online
    }
    both.rest.edit_all(TABLE, edits)
    return float(ask("sync")["seconds"])
