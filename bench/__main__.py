"""`python3 dev.py bench`: measures, and prints one table."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import msgspec
from rich.console import Console

from bench import capture, growth, hooks, latency, loading, service
from bench.databases import databases
from bench.figures import Figure, table
from bench.run import Run
from bench.worlds import Pair, world
from samsyn.companydb.urls import Engine

PAIRS = ("sqlite:sqlite", "postgresql:postgresql")
ALL_PAIRS = (*PAIRS, "sqlite:postgresql", "postgresql:sqlite")
BENCHES = ("load", "changes", "latency", "idle", "capture", "growth", "proof")
OF_A_SERVICE = ("held", "commits", "flood", "hooks")
"""What one service holds; only when asked for, as it takes minutes."""
WEBHOOKS = 300
IN_ONE_WORLD = ("load", "changes", "latency", "idle", "proof")


@click.command()
@click.option("--records", default=100_000, show_default=True, help="Contacts in the register.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice((*BENCHES, *OF_A_SERVICE)),
    help="Measure only this; may be given more than once.",
)
@click.option(
    "--pair",
    "pairs",
    multiple=True,
    type=click.Choice(ALL_PAIRS),
    default=PAIRS,
    show_default=True,
    help="Company database and the service's store.",
)
@click.option("--offices", default=10_000, show_default=True, help="Offices that wait (held).")
@click.option("--million", is_flag=True, help="Growth up to 1,000,000 contacts (long).")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def main(
    records: int,
    only: tuple[str, ...],
    pairs: tuple[str, ...],
    offices: int,
    million: bool,
    as_json: bool,
) -> None:
    """Measure Samsyn against a plain copy of the same rows."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleaned up
    wanted = only or BENCHES
    known = [Pair(*cast("tuple[Engine, Engine]", pair.split(":"))) for pair in pairs]
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder,
        databases(Path(folder)) as made,
    ):
        for pair in known:
            run = Run(made, pair, records)
            figures += _measured(run, wanted, million)
            figures += _of_a_service(run, wanted, offices)
    if as_json:
        print(msgspec.json.encode(figures).decode())
    else:
        Console(width=None if Console().is_terminal else 140).print(
            table(figures, [pair.name for pair in known])
        )


def _measured(run: Run, wanted: tuple[str, ...], million: bool) -> Iterator[Figure]:
    if set(wanted) & set(IN_ONE_WORLD):
        yield from _in_one_world(run, wanted)
    if "capture" in wanted:
        yield from capture.capture(run)
    if "growth" in wanted:
        sizes = [run.records // 10, run.records, *([10 * run.records] if million else [])]
        yield from growth.growth(run, sizes)


def _of_a_service(run: Run, wanted: tuple[str, ...], offices: int) -> Iterator[Figure]:
    if "held" in wanted:
        yield from service.offices_that_wait(run, offices)
    if "commits" in wanted:
        yield from service.commits(run)
    if "flood" in wanted:
        yield from service.beside_a_flood(run)
    if "hooks" in wanted:
        yield from hooks.webhooks(run, WEBHOOKS)


def _in_one_world(run: Run, wanted: tuple[str, ...]) -> Iterator[Figure]:
    with world(run.databases, run.pair, run.records) as both:
        loaded = loading.load(run, both)
        if "load" in wanted:
            yield from loaded
        if "changes" in wanted:
            yield from loading.changes(run, both)
        if {"latency", "idle"} & set(wanted):
            agent = both.agent()
            agent.ask("run")
            if "latency" in wanted:
                yield from latency.one_change(run, both, agent)
            if "idle" in wanted:
                yield from latency.at_rest(run, both, agent)
            agent.ask("stop")
            agent.end()
        if "proof" in wanted:
            yield from loading.proof(run, both)


if __name__ == "__main__":
    main()
