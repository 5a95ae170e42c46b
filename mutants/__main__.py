"""`python3 dev.py mutants`: puts faults into the rules and says which no test notices."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mutants.explained import explained
from mutants.operators import Mutant, mutants
from mutants.running import examine
from mutants.targets import SOURCES, TARGETS, Target


@click.command()
@click.option("--module", "modules", multiple=True, help="Only this one, such as core/merge.py.")
@click.option("--function", help="Only faults in this function.")
@click.option("--every", default=1, show_default=True, help="Only one fault in so many.")
@click.option(
    "--explained",
    "only_known",
    is_flag=True,
    help="Only those that are explained: does any test kill one by now?",
)
@click.option("--list", "only_list", is_flag=True, help="Say the faults and run nothing.")
def main(
    modules: tuple[str, ...], function: str | None, every: int, only_known: bool, only_list: bool
) -> None:
    """Put small faults into the rules, one by one; ends with 1 where one survives unexplained, or is killed though explained."""
    chosen = [one for one in TARGETS if not modules or one.module in modules]
    if not chosen:
        raise click.BadParameter("no such module", param_hint="--module")
    open_ = 0
    for target in chosen:
        faults = mutants((SOURCES / target.module).read_text())
        faults = [one for one in faults if function in (None, one.function)][::every]
        if only_known:
            faults = [one for one in faults if one.name in explained(target.module)]
        if only_list:
            click.echo("\n".join(one.name for one in faults))
        elif faults:
            open_ += _one(target, faults)
    sys.exit(1 if open_ else 0)


def _one(target: Target, faults: list[Mutant]) -> int:
    """How many faults of a module survive without an explanation, or have one that they do not need."""
    console, known = Console(width=200), explained(target.module)
    fates = Counter[str]()
    open_: list[str] = []
    began = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        # No thread and no other stdout: forks would inherit them.
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bar:
        task = bar.add_task(target.module, total=len(faults))
        for verdict in examine(target, faults):
            bar.update(task, advance=1, refresh=True)
            name = verdict.mutant.name
            fate = verdict.fate
            if fate == "survived" and name in known:
                fate = "explained"
            fates[fate] += 1
            if fate == "survived" or (fate == "killed" and name in known):
                open_.append(name)
                needless = "" if fate == "survived" else "killed though explained: "
                told = f"  {verdict.mutant.first}: {needless}{name}"
                console.print(told, markup=False, highlight=False)
    console.print(
        f"{target.module}: {len(faults)} faults, {fates['killed']} killed, {fates['late']} by time,"
        f" {fates['explained']} explained, {len(open_)} open, {time.monotonic() - began:.0f} s",
        highlight=False,
    )
    return len(open_)


if __name__ == "__main__":
    main()
