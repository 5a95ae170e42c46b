"""`python3 dev.py simulate`: lives histories and says which seeds break a guarantee."""

from __future__ import annotations

import sys
import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from simulation.running import Failed, run, tell


@click.command()
@click.option("--seeds", default=1_000, show_default=True, help="How many histories.")
@click.option("--from", "first", default=0, show_default=True, help="The first seed.")
@click.option("--seed", type=int, help="Live this one history and say every step.")
@click.option("--minutes", type=float, help="Stop after so long, whatever is left.")
@click.option("--processes", default=2, show_default=True)
@click.option("--verbose", is_flag=True, help="With --seed: every step in words (the default).")
def main(
    seeds: int, first: int, seed: int | None, minutes: float | None, processes: int, verbose: bool
) -> None:
    """Simulate service and offices; every history follows from its seed."""
    if seed is not None:
        why = tell(seed, print)
        sys.exit(0 if why is None else 1)
    failed = _many(first, seeds, processes, None if minutes is None else minutes * 60)
    sys.exit(1 if failed else 0)


def _many(first: int, seeds: int, processes: int, until_s: float | None) -> list[Failed]:
    console = Console()
    began = time.monotonic()
    done, steps = 0, 0
    failed: list[Failed] = []
    with Progress(
        TextColumn("simulating"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f} seeds/s"),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        task = progress.add_task("", total=seeds, rate=0.0)
        for part in run(first, seeds, processes, until_s):
            done, steps = done + part.seeds, steps + part.steps
            rate = done / (time.monotonic() - began)
            progress.update(task, completed=done, rate=rate)
            for one in part.failed:
                failed.append(one)
                console.print(f"seed {one.seed}: {one.why}", markup=False)
                console.print(f"  again: python3 dev.py simulate --seed {one.seed}")
    took = time.monotonic() - began
    console.print(
        f"{done:,} histories from seed {first} with {steps:,} things that happened,"
        f" {took:.0f} s, {done / took:.1f} a second, {processes} processes:"
        f" {len(failed)} broke a guarantee."
    )
    return failed


if __name__ == "__main__":
    main()
