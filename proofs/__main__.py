"""`python3 dev.py fuzz` and `python3 dev.py prove`: what takes longer than a test run."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs.capture.run import Missed, Play, on_postgres, on_sqlite
from proofs.kill.cycles import Report, prove
from tests import postgres

CYCLES_TOLD = 10
"""So often a log that is no terminal gets the figures so far."""
ENGINES = click.Choice(["sqlite", "postgresql"])


@click.group()
def main() -> None:
    """Proofs that take long."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleaned up


@main.command()
@click.option("--engine", type=ENGINES, default="sqlite", show_default=True)
@click.option("--minutes", default=1.0, show_default=True, help="How long to go on.")
@click.option("--from", "first", default=0, show_default=True, help="The first seed.")
@click.option("--seeds", type=int, help="So many seeds, whatever time they take.")
def fuzz(engine: str, minutes: float, first: int, seeds: int | None) -> None:
    """Random SQL of every kind against capture, compared with a full read of the tables."""
    started, missed, statements, seed = time.monotonic(), 0, 0, first
    bar = Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), BarColumn(), MofNCompleteColumn()
    )
    with _player(engine) as play, bar:
        task = bar.add_task(engine, total=seeds)
        while seed < first + seeds if seeds else time.monotonic() - started < minutes * 60:
            try:
                statements += play(seed)
            except Missed as why:
                missed += 1
                bar.console.print(str(why), markup=False)
            seed += 1
            bar.advance(task)
    spent = time.monotonic() - started
    click.echo(
        f"{engine}: {seed - first} histories (seeds {first}–{seed - 1}), {statements} statements taken,"
        f" {missed} with a difference, {spent:.0f} s, {(seed - first) / spent:.1f} histories/s"
    )
    sys.exit(1 if missed else 0)


@main.command()
@click.option("--engine", type=ENGINES, default="sqlite", show_default=True)
@click.option("--cycles", default=20, show_default=True)
@click.option("--minutes", default=1e9, help="End earlier, after this time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def kill(engine: str, cycles: int, minutes: float, seed: int, as_json: bool) -> None:
    """Real processes, killed and cut off while both sides write: nothing may be lost."""
    bar = Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), BarColumn(), MofNCompleteColumn()
    )
    with bar:
        task = bar.add_task(engine, total=cycles)

        def told(now: Report) -> None:
            bar.update(task, completed=now.cycles)
            if now.cycles % CYCLES_TOLD == 0 and not bar.console.is_terminal:
                click.echo(msgspec.json.encode(now), err=True)

        report = prove(engine, cycles, minutes, seed, told)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    sys.exit(1 if report.wrong else 0)


@contextmanager
def _player(engine: str) -> Iterator[Play]:
    if engine == "sqlite":
        memory = Path("/dev/shm")
        parent = memory if memory.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="samsyn-fuzz-", dir=parent) as folder:
            yield on_sqlite(Path(folder))
    else:
        with postgres.running(in_memory=True) as server:
            yield on_postgres(server)


if __name__ == "__main__":
    main()
