"""What one service holds: offices that wait, commits of one company and of many, one company's flood."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from bench.companies import RECORDS, TYPE, record_id
from bench.figures import Figure, at_least
from bench.processes import SERVICE, Child, child
from bench.run import Run
from bench.wire import Wire, timed
from samsyn.protocol import PATH, wire
from samsyn.protocol.messages import Wait

HELD, COMMITS, FLOOD = "offices that wait", "commits, one record each", "beside another's flood"
WATCHED_S = 60.0
WRITERS = 8
WRITING_S = 8.0
CURVE = (1, 10, 100)
BATCH = 500
FLOODERS = 16
ASKED = 100
PAUSE_S = 0.02
AT_ONCE = 200
"""Connections that are made beside each other."""


class Company(msgspec.Struct, frozen=True):
    """A company of the service, with what opens it."""

    company: str
    token: str
    secret: str

    @property
    def api(self) -> str:
        return f"/api/v1/companies/{self.company}"


@contextmanager
def serving(run: Run, count: int) -> Iterator[tuple[Child, str, list[Company]]]:
    """A service with so many companies: its process, its address."""
    home, log = run.databases.path("home"), run.databases.path("service.log")
    store = run.databases.store_postgres() if run.pair.online == "postgresql" else ""
    made = subprocess.run(
        [sys.executable, "-m", "bench.companies", str(home), store, str(count)],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    where = ["--home", str(home), *(["--database", store] if store else [])]
    os.environ["SAMSYN_ONLINE_API_RATE"] = "0"  # what is measured is not how soon it says no
    with child([*SERVICE, "serve", "--port", "0", "--json", *where], log) as service:
        yield (
            service,
            str(service.answer()["url"]),
            msgspec.json.decode(made.stdout, type=list[Company]),
        )


def offices_that_wait(run: Run, count: int) -> list[Figure]:
    """So many offices hold a request each; what that costs, and how soon news reaches one."""
    run.say(f"{count:,} offices that wait")
    with serving(run, count) as (service, url, companies):
        before = service.peak_mb
        return asyncio.run(_held(run, service, url, companies, before))


class Office:
    """An office that holds a request, and asks again when it is answered, as an agent does."""

    def __init__(self, url: str, company: Company) -> None:
        self.company, self.wire = company, Wire(url, company.secret)
        self.heard = asyncio.Event()
        self._since = 0

    async def ask(self) -> None:
        await self.wire.send("GET", f"{PATH}/wait?since={self._since}")

    async def hold(self) -> None:
        while True:
            status, body = await self.wire.answer()
            if status != 200:
                raise RuntimeError(f"a held request got {status}")
            self._since = wire.decode(body, Wait).online_head
            self.heard.set()
            await self.ask()


async def _held(
    run: Run, service: Child, url: str, companies: Sequence[Company], before_mb: float
) -> list[Figure]:
    offices = [Office(url, company) for company in companies]
    began = time.perf_counter()
    for start in range(0, len(offices), AT_ONCE):
        await asyncio.gather(*(one.ask() for one in offices[start : start + AT_ONCE]))
    holding = [asyncio.create_task(one.hold()) for one in offices]
    last = Wire(url, companies[-1].token)
    await timed(last, "GET", f"{companies[-1].api}/types")
    asked_s = time.perf_counter() - began
    cpu, at = service.cpu_s, time.perf_counter()
    await asyncio.sleep(WATCHED_S)
    share = 100 * (service.cpu_s - cpu) / (time.perf_counter() - at)
    news = sorted([await _news(url, one) for one in offices[:ASKED]])
    for task in holding:
        task.cancel()
    for line in (last, *(one.wire for one in offices)):
        line.close()
    each = 1000 * (service.peak_mb - before_mb) / len(companies)
    return [
        run.figure(HELD, "offices", len(companies), goal=at_least(len(companies), 10_000)),
        run.figure(HELD, "until all are held", asked_s, "s"),
        run.figure(HELD, "service's memory", service.peak_mb, "MB"),
        run.figure(HELD, "of it for an office", each, "kB"),
        run.figure(HELD, "service's processor time", share, "% of a core"),
        run.figure(HELD, "news reaches its office, median", statistics.median(news), "ms"),
        run.figure(HELD, "news reaches its office, 95 %", news[int(len(news) * 0.95)], "ms"),
    ]


async def _news(url: str, office: Office) -> float:
    """Milliseconds from asking for a change until the office's request is answered."""
    writer, path = (
        Wire(url, office.company.token),
        f"{office.company.api}/records/{TYPE}/{record_id(1)}",
    )
    office.heard.clear()
    began = time.perf_counter()
    await timed(writer, "PATCH", path, _edit(0))
    await asyncio.wait_for(office.heard.wait(), 30)
    writer.close()
    return 1000 * (time.perf_counter() - began)


def commits(run: Run) -> Iterator[Figure]:
    """Edits of one record each by several writers at once, of one company and of more."""
    for count in CURVE:
        run.say(f"commits of {count} companies")
        with serving(run, count) as (_, url, companies):
            rate = asyncio.run(_rate(url, companies))
        goal = at_least(rate, 200) if count == 1 else ("", None)
        what = "of one company" if count == 1 else f"of {count} companies together"
        yield run.figure(COMMITS, what, rate, "/s", goal=goal)


async def _rate(url: str, companies: Sequence[Company]) -> float:
    """Commits a second of WRITERS writers, or one for each company where there are more."""
    writers = max(WRITERS, len(companies))
    until = time.perf_counter() + WRITING_S
    done = await asyncio.gather(
        *(_write(url, companies[n % len(companies)], n, until) for n in range(writers))
    )
    return sum(done) / WRITING_S


async def _write(url: str, company: Company, number: int, until: float) -> int:
    writer, done = Wire(url, company.token), 0
    while time.perf_counter() < until:
        path = f"{company.api}/records/{TYPE}/{record_id(1 + (number + done) % RECORDS)}"
        await timed(writer, "PATCH", path, _edit(done))
        done += 1
    writer.close()
    return done


def beside_a_flood(run: Run) -> list[Figure]:
    """What one company's reads and writes take while another sends all that it can."""
    run.say("one company beside another's flood")
    with serving(run, 2) as (_, url, (quiet, flooding)):
        return asyncio.run(_beside(run, url, quiet, flooding))


async def _beside(run: Run, url: str, quiet: Company, flooding: Company) -> list[Figure]:
    alone = await _asked(url, quiet)
    stop = asyncio.Event()
    pieces: list[float] = []
    flood = [asyncio.create_task(_flood(url, flooding, stop, pieces)) for _ in range(FLOODERS)]
    while len(pieces) < FLOODERS:
        await asyncio.sleep(0.05)
    beside = await _asked(url, quiet)
    stop.set()
    await asyncio.gather(*flood)
    figures = []
    for name, before, after in zip(("read", "write"), alone, beside, strict=True):
        figures += [
            run.figure(FLOOD, f"{name} alone, median", statistics.median(before), "ms"),
            run.figure(FLOOD, f"{name} beside it, median", statistics.median(after), "ms"),
            run.figure(FLOOD, f"{name} beside it, at most", max(after), "ms"),
        ]
    figures.append(
        run.figure(
            FLOOD, f"the flood's own batch of {BATCH}, median", statistics.median(pieces), "ms"
        )
    )
    return figures


async def _asked(url: str, company: Company) -> tuple[list[float], list[float]]:
    """Milliseconds of reads and of writes, one after the other with pauses."""
    line, reads, writes = Wire(url, company.token), list[float](), list[float]()
    path = f"{company.api}/records/{TYPE}/{record_id(1)}"
    for number in range(ASKED):
        reads.append(await timed(line, "GET", path))
        writes.append(await timed(line, "PATCH", path, _edit(number)))
        await asyncio.sleep(PAUSE_S)
    line.close()
    return reads, writes


async def _flood(url: str, company: Company, stop: asyncio.Event, pieces: list[float]) -> None:
    """Batches as large as they may be, one after the other."""
    line, number = Wire(url, company.token), 0
    while not stop.is_set():
        operations = [
            {"op": "create", "type": TYPE, "fields": {"name": f"{number} {n}"}}
            for n in range(BATCH)
        ]
        body = json.dumps({"operations": operations}).encode()
        pieces.append(await timed(line, "POST", f"{company.api}/batch", body))
        number += 1
    line.close()


def _edit(number: int) -> bytes:
    return json.dumps({"fields": {"phone": f"08-{number}"}}).encode()
