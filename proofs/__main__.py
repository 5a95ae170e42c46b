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
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs.capture.run import Missed, Play, on_postgres, on_sqlite
from tests import postgres

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
