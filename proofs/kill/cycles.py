"""Cycles of trouble and rest, and what must hold at each rest."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from proofs.kill.office import standing
from proofs.kill.people import Clerk, Colleague, Person
from proofs.kill.processes import Killable, until_listening
from proofs.kill.world import World, world
from proofs.kill.writes import Writes
from tests.waiting import until

CYCLES_OF_A_WORLD = 25
"""Then a new one, so that many first loads are killed."""
CYCLES_TO_REST = 3
TROUBLE = 0.15
"""The share of requests that the proxy does not simply deliver."""
REST_S = "120"
REQUESTS = ("hello", "load", "push", "push", "push", "pull", "pull", "wait")
"""Amid one of these many kills come: a moment after it has been sent."""
COMING_S = 3.0
"""As long as such a request may take to come; it seldom does."""
AMID_S = 0.08


class Report(msgspec.Struct):
    """What was done and found."""

    engine: str
    seed: int
    cycles: int = 0
    rests: int = 0
    worlds: int = 0
    kills: dict[str, int] = {}
    kills_amid: dict[str, int] = {}
    """Those that came within a moment of a request, by its name."""
    fates: dict[str, int] = {}
    full_disks: dict[str, int] = {}
    own_disks: bool = True
    acknowledged: dict[str, int] = {}
    conflicts: int = 0
    seconds: float = 0.0
    ended_by_themselves: list[str] = []
    wrong: list[str] = []


def prove(
    engine: str, cycles: int, minutes: float, seed: int, told: Callable[[Report], None]
) -> Report:
    """So many cycles, or as many as a time allows; `told` hears of each.

    A world ends at the first rest that is wrong, and the next one begins.
    """
    report, started = Report(engine, seed), time.monotonic()
    while report.cycles < cycles and report.seconds < minutes * 60:
        with world(engine, seed + report.worlds) as made:
            report.own_disks = made.own_disks
            _Proof(made, report, seed + report.worlds, told).go(
                min(CYCLES_OF_A_WORLD, cycles - report.cycles)
            )
        report.worlds += 1
        report.seconds = time.monotonic() - started
    return report


class _Proof:
    def __init__(
        self, made: World, report: Report, seed: int, told: Callable[[Report], None]
    ) -> None:
        self._world, self._report, self._told = made, report, told
        self._rng = random.Random(seed)
        self._seed = seed
        self._programs: dict[str, Callable[[], None]] = {
            "agent": made.agent.kill,
            "service": made.service.kill,
        }
        if made.server is not None:
            self._programs["database"] = made.server.kill
        self._writes = Writes()
        self._logged = 0
        self._wrong: list[str] = []

    def go(self, cycles: int) -> None:
        started = time.monotonic()
        before = self._report.seconds
        for number in range(1, cycles + 1):
            with self._people(number):
                self._trouble()
            self._report.cycles += 1
            if number % CYCLES_TO_REST == 0 or number == cycles:
                self._rest()
            self._report.seconds = before + time.monotonic() - started
            self._told(self._report)
            if self._wrong:
                self._report_wrong()
                break
        for side, count in self._writes.acknowledged.items():
            self._report.acknowledged[side] = self._report.acknowledged.get(side, 0) + count
        self._report.fates = dict(Counter(self._report.fates) + self._world.proxy.fates)
        for name, program in (("agent", self._world.agent), ("service", self._world.service)):
            self._report.ended_by_themselves += [f"{name}: {end}" for end in program.ended]

    @contextmanager
    def _people(self, number: int) -> Iterator[None]:
        people: list[Person] = [
            Clerk(self._world.office, self._writes, self._seed * 1000 + number),
            Colleague(
                self._world.rest, self._world.token, self._writes, self._seed * 2000 + number
            ),
        ]
        for person in people:
            person.start()
        try:
            yield
        finally:
            for person in people:
                person.stop()
                self._wrong += person.wrong

    # --- trouble ---

    def _trouble(self) -> None:
        self._world.proxy.trouble = TROUBLE
        self._world.start()
        for _ in range(self._rng.choice([1, 2, 2, 3, 4])):
            what = self._rng.random()
            if what < 0.1:
                self._fill_disk()
            elif what < 0.2:
                self._kill_verify()
            else:
                self._kill()
            if self._rng.random() < 0.7:  # else the next one is killed while this one is gone
                self._world.start()
        if self._rng.random() < 0.7:  # else it may wait for long until it tries again
            self._end(["agent"])
        self._world.start()
        self._pause(0.5)
        self._world.proxy.trouble = 0.0

    def _kill(self) -> None:
        self._until_amid()
        self._end(self._rng.sample(sorted(self._programs), self._rng.choice([1, 1, 1, 2])))

    def _end(self, names: list[str]) -> None:
        for name in names:
            self._programs[name]()
            self._report.kills[name] = self._report.kills.get(name, 0) + 1

    def _kill_verify(self) -> None:
        verifier = Killable(
            self._world.nursery, ["verify", self._world.url, "--json"], self._world.verify_log
        )
        verifier.start()
        self._until_amid()
        verifier.kill()
        self._report.kills["verify"] = self._report.kills.get("verify", 0) + 1

    def _until_amid(self) -> None:
        """An instant: any within most of a second, or a moment after a certain request was sent."""
        if self._rng.random() < 0.4:
            self._pause(0.8)
            return
        self._world.start()
        request = self._rng.choice(REQUESTS)
        if self._world.proxy.begun(request, COMING_S):
            amid = self._report.kills_amid
            amid[request] = amid.get(request, 0) + 1
            self._pause(AMID_S)

    def _fill_disk(self) -> None:
        if not self._world.own_disks:
            return
        name = self._rng.choice(sorted(self._world.disks))
        if name == "office" and self._world.engine == "postgresql":
            name = "postgresql"
        ballast = self._world.disks[name] / "ballast"
        _fill(ballast)
        self._pause(1.0)
        ballast.unlink()
        self._report.full_disks[name] = self._report.full_disks.get(name, 0) + 1

    def _pause(self, most_s: float) -> None:
        threading.Event().wait(self._rng.uniform(0.0, most_s))

    # --- rest ---

    def _rest(self) -> None:
        self._world.start()
        with suppress(AssertionError):
            until_listening(self._world.port)
        self._world.start()
        code, said = self._world.told("sync", "--timeout", REST_S)
        if code != 0:
            self._wrong.append(f"sync: {code} {said}")
        code, said = self._world.told("verify")
        if code != 0 or not said.get("identical"):
            self._wrong.append(f"verify: {code} {said}")
        code, said = self._world.told("ledger")
        if code != 0 or said.get("difference") != 0 or said.get("quarantine") != 0:
            self._wrong.append(f"ledger: {code} {said}")
        self._report.conflicts = max(self._report.conflicts, int(said.get("conflict") or 0))
        self._logged, known = self._world.known_online(self._logged)
        rows = until(lambda: standing(self._world.office))
        self._wrong += self._writes.settled(rows, known)
        self._report.rests += 1

    def _report_wrong(self) -> None:
        self._report.wrong += [f"world {self._seed}: {wrong}" for wrong in self._wrong]
        self._report.wrong.append(f"agent said:\n{self._world.agent.said}")
        self._report.wrong.append(f"service said:\n{self._world.service.said}")


def _fill(ballast: Path) -> None:
    """A file that leaves no room on its disk."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while file.write(b"\0" * size) == size:
                    continue
