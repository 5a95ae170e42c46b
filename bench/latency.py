"""An agent that keeps going: how soon one change is on the other side, and what rest costs."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

from bench.databases import TABLE
from bench.figures import Figure, at_most
from bench.office import contact_no, field_of, set_field
from bench.processes import Child
from bench.run import Run
from bench.worlds import World

ONE, IDLE = "one change, commit to commit", "at rest"
TIMES = 100
PAUSE_S = 0.05
LOOK_S = 0.0002
SETTLE_S = 5.0
IDLE_S = 30.0


def one_change(run: Run, world: World, agent: Child) -> list[Figure]:
    """100 single changes each way."""
    run.say("one change each way")
    place = 7
    key = contact_no(place)
    record = world.records([place])[key]
    up = [_up(world, key, record, f"up {n}") for n in range(TIMES)]
    down = [_down(world, key, record, f"down {n}") for n in range(TIMES)]
    return [*_told(run, "office → online", up), *_told(run, "online → office", down)]


def at_rest(run: Run, world: World, agent: Child) -> list[Figure]:
    """Processor time and requests while nobody writes."""
    run.say(f"at rest for {IDLE_S:.0f} s")
    time.sleep(SETTLE_S)
    asked = agent.ask("counts")["requests"]
    before = agent.cpu_s, world.service.cpu_s
    time.sleep(IDLE_S)
    after = agent.cpu_s, world.service.cpu_s
    requests = (agent.ask("counts")["requests"] - asked) * 60 / IDLE_S
    shares = [100 * (b - a) / IDLE_S for a, b in zip(before, after, strict=True)]
    names = ("agent", "service")
    return [
        *(
            run.figure(IDLE, name, share, "% of a core", goal=at_most(share, 0.2))
            for name, share in zip(names, shares, strict=True)
        ),
        run.figure(IDLE, "requests", requests, "a minute", goal=at_most(requests, 2)),
    ]


def _up(world: World, key: int, record: str, value: str) -> float:
    set_field(world.program, "phone", {key: value})
    committed = time.perf_counter()
    _until(lambda: value in world.store.fields(world.company, record))
    took = time.perf_counter() - committed
    time.sleep(PAUSE_S)
    return took


def _down(world: World, key: int, record: str, value: str) -> float:
    """From the store's commit, which comes before the answer to whoever wrote."""
    writing = threading.Thread(target=world.rest.edit, args=(TABLE, record, {"mobile": value}))
    writing.start()
    _until(lambda: value in world.store.fields(world.company, record))
    committed = time.perf_counter()
    _until(lambda: field_of(world.program, "mobile", key) == value)
    took = time.perf_counter() - committed
    writing.join()
    time.sleep(PAUSE_S)
    return took


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a change has not arrived within 30 s")
        time.sleep(LOOK_S)


def _told(run: Run, way: str, taken_s: list[float]) -> list[Figure]:
    in_order = sorted(1000 * s for s in taken_s)
    median, p95 = statistics.median(in_order), in_order[int(len(in_order) * 0.95)]
    return [
        run.figure(ONE, f"{way}, median", median, "ms", goal=at_most(median, 30)),
        run.figure(ONE, f"{way}, 95 %", p95, "ms"),
    ]
