"""A first load, the changes of a time apart, and the proof that both sides are equal."""

from __future__ import annotations

import statistics
from typing import NamedTuple

from bench.databases import TABLE
from bench.figures import Figure, at_least, at_most
from bench.office import contact_no, field_of, set_field
from bench.plain import copy_s
from bench.run import Run
from bench.worlds import World

LOAD, CHANGES, PROOF = "first load", "2,200 changes", "proof"
EDITS, BOTH, ROUNDS = 1_000, 100, 9


def load(run: Run, world: World) -> list[Figure]:
    """Everything to the service, once."""
    run.say(f"first load of {run.records:,} contacts")
    plain_s = copy_s(run.databases, world.url)
    agent = world.agent()
    done = agent.ask("sync")
    speed = run.records / done["seconds"]
    wire = done["sent"] / run.records
    agent_mb, service_mb = agent.peak_mb, world.service.peak_mb
    cpus = {"agent": agent.cpu_s, "service": world.service.cpu_s}
    agent.end()
    return [
        run.figure(LOAD, "plain copy", run.records / plain_s, "/s"),
        run.figure(
            LOAD, "records", speed, "/s", plain_s / done["seconds"], at_least(speed, 20_000)
        ),
        run.figure(LOAD, "on the wire", wire, "B a record", goal=at_most(wire, 150)),
        run.figure(LOAD, "agent's memory", agent_mb, "MB", goal=at_most(agent_mb, 200)),
        run.figure(LOAD, "service's memory", service_mb, "MB"),
        *(run.figure(LOAD, f"{who}'s processor time", s, "s") for who, s in cpus.items()),
    ]


def changes(run: Run, world: World) -> list[Figure]:
    """Rounds of 1,000 edits on each side, 100 conflicts, 100 records edited in different fields.

    One round takes half a second, so that anything else the machine does shows: the median counts.
    """
    step = max(run.records // (2 * EDITS + 2 * BOTH), 1)
    places = [place * step for place in range(2 * EDITS + 2 * BOTH)]
    ids = world.records(places)
    rounds = [_round(run, world, turn, places, ids) for turn in range(ROUNDS)]
    seconds = statistics.median(done.seconds for done in rounds)
    figures = [
        run.figure(CHANGES, "until both rest, median", seconds, "s", goal=at_most(seconds, 0.5)),
        run.figure(CHANGES, "fastest round", min(done.seconds for done in rounds), "s"),
        run.figure(CHANGES, "slowest round", max(done.seconds for done in rounds), "s"),
    ]
    for what, counted, goal in (
        ("conflicts reported", [done.told for done in rounds], BOTH),
        ("merges kept", [done.merged for done in rounds], BOTH),
        ("false conflicts", [done.false for done in rounds], 0),
    ):
        value = next((count for count in counted if count != goal), goal)
        figures.append(run.figure(CHANGES, what, value, goal=_exactly(value, goal)))
    return figures


class Round(NamedTuple):
    """What became of one round's changes."""

    seconds: float
    told: int
    merged: int
    false: int


def _round(run: Run, world: World, turn: int, places: list[int], ids: dict[int, str]) -> Round:
    run.say(f"2,200 changes on both sides, round {turn + 1} of {ROUNDS}")
    keys = [contact_no(place) for place in places]
    office, online = keys[:EDITS], keys[EDITS : 2 * EDITS]
    conflicts, merges = keys[2 * EDITS : -BOTH], keys[-BOTH:]
    here, there = f"office {turn}", f"online {turn}"
    before = len(world.rest.conflicts())
    set_field(
        world.program, "phone", {key: f"{here} {key}" for key in [*office, *conflicts, *merges]}
    )
    edits: dict[str, dict[str, object]] = {
        ids[key]: {"mobile": f"{there} {key}"} for key in [*online, *merges]
    }
    edits |= {ids[key]: {"phone": f"{there} {key}"} for key in conflicts}
    world.rest.edit_all(TABLE, edits)
    agent = world.agent()
    done = agent.ask("sync")
    agent.end()
    lost = {ids[key]: f"{there} {key}" for key in conflicts}
    reported = world.rest.conflicts()
    told = {
        conflict["record"]
        for conflict in reported
        if conflict["field"] == "phone" and lost.get(conflict["record"]) == conflict["online"]
    }
    merged = sum(_holds(world, key, ids[key], f"{here} {key}", f"{there} {key}") for key in merges)
    return Round(done["seconds"], len(told), merged, len(reported) - before - len(told))


def proof(run: Run, world: World) -> list[Figure]:
    """A digest of every record on both sides."""
    run.say("comparing every record")
    agent = world.agent()
    done = agent.ask("verify")
    agent.end()
    return [run.figure(PROOF, "records compared", done["records"] / done["seconds"], "/s")]


def _holds(world: World, key: int, record: str, phone: str, mobile: str) -> bool:
    here = tuple(field_of(world.program, field, key) for field in ("phone", "mobile"))
    there = world.store.fields(world.company, record)
    return here == (phone, mobile) and phone in there and mobile in there


def _exactly(value: int, goal: int) -> tuple[str, bool]:
    return str(goal), value == goal
