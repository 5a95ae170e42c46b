"""A first load, the changes of a time apart, and the proof that both sides are equal."""

from __future__ import annotations

from bench.databases import TABLE
from bench.figures import Figure, at_least, at_most
from bench.office import contact_no, field_of, set_field
from bench.plain import copy_s
from bench.run import Run
from bench.worlds import World

LOAD, CHANGES, PROOF = "first load", "2,200 changes", "proof"
EDITS, BOTH = 1_000, 100


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
    """1,000 edits on each side, 100 conflicts, 100 records edited in different fields."""
    run.say("2,200 changes on both sides")
    step = max(run.records // (2 * EDITS + 2 * BOTH), 1)
    places = [place * step for place in range(2 * EDITS + 2 * BOTH)]
    ids = world.records(places)
    keys = [contact_no(place) for place in places]
    office, online = keys[:EDITS], keys[EDITS : 2 * EDITS]
    conflicts, merges = keys[2 * EDITS : -BOTH], keys[-BOTH:]
    set_field(
        world.program, "phone", {key: f"office {key}" for key in [*office, *conflicts, *merges]}
    )
    edits: dict[str, dict[str, object]] = {
        ids[key]: {"mobile": f"online {key}"} for key in [*online, *merges]
    }
    edits |= {ids[key]: {"phone": f"online {key}"} for key in conflicts}
    world.rest.edit_all(TABLE, edits)
    agent = world.agent()
    done = agent.ask("sync")
    agent.end()
    reported = [c for c in world.rest.conflicts() if c["field"] == "phone"]
    kept = sum(_merged(world, key, ids[key]) for key in merges)
    seconds = done["seconds"]
    told = {conflict["record"] for conflict in reported} & {ids[key] for key in conflicts}
    false = len(world.rest.conflicts()) - len(told)
    return [
        run.figure(CHANGES, "until both rest", seconds, "s", goal=at_most(seconds, 0.5)),
        run.figure(CHANGES, "conflicts reported", len(told), goal=_exactly(len(told), BOTH)),
        run.figure(CHANGES, "merges kept", kept, goal=_exactly(kept, BOTH)),
        run.figure(CHANGES, "false conflicts", false, goal=_exactly(false, 0)),
    ]


def proof(run: Run, world: World) -> list[Figure]:
    """A digest of every record on both sides."""
    run.say("comparing every record")
    agent = world.agent()
    done = agent.ask("verify")
    agent.end()
    return [run.figure(PROOF, "records compared", done["records"] / done["seconds"], "/s")]


def _merged(world: World, key: int, record: str) -> bool:
    wanted = (f"office {key}", f"online {key}")
    here = tuple(field_of(world.program, field, key) for field in ("phone", "mobile"))
    there = world.store.fields(world.company, record)
    return here == wanted and all(value in there for value in wanted)


def _exactly(value: int, goal: int) -> tuple[str, bool]:
    return str(goal), value == goal
