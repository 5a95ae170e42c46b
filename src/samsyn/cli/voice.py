"""How every command speaks: in the reader's words, in JSON, or not at all unless something is wrong."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, ParamSpec

import apsw
import click
import psycopg
from rich.console import Console
from rich.table import Table

from samsyn.agent.loading import Progress, no_progress
from samsyn.cli.words import error_said, language_of, said
from samsyn.companydb.trouble import of_driver
from samsyn.companydb.urls import parse
from samsyn.core.errors import SamsynError

P = ParamSpec("P")

OK, FAILED, USAGE, ATTENTION, STALLED = 0, 1, 2, 3, 4
"""Exit codes: done and all equal; it could not be done; wrong usage; at rest, but not all equal;
something has waited for over a minute."""

PLAIN_WIDTH = 110
"""Of tables that go to a file or another program."""
BAR_FROM = 2_000
"""Records from which a first load shows how far it has come."""


class DatabaseTrouble(SamsynError):
    """The database engine says something that nobody expected: `reason`."""

    code: ClassVar[str] = "DATABASE_TROUBLE"


class Voice:
    """Says things as the caller wants them."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.language = language_of(os.environ)

    @property
    def talks(self) -> bool:
        """Whether words are wanted."""
        return not self.as_json and not self.quiet

    def word(self, code: str, /, **facts: object) -> str:
        """The words of a code in the reader's language."""
        return said(code, facts, self.language)

    def say(self, code: str, /, **facts: object) -> None:
        """Words on standard output."""
        if self.talks:
            click.echo(self.word(code, **facts))
            sys.stdout.flush()

    def line(self, text: str) -> None:
        """Words that are ready."""
        if self.talks:
            click.echo(text)
            sys.stdout.flush()

    def data(self, answer: object) -> None:
        """The answer for programs: one line of JSON, at once."""
        if self.as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
            sys.stdout.flush()

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], **opts: Any) -> None:
        """A table with headings in the reader's language; opts are rich's."""
        if not self.talks:
            return
        shown = Table(box=None, pad_edge=False, header_style="bold", **opts)
        for code in columns:
            right = code.startswith("N_")
            shown.add_column(self.word(code), justify="right" if right else "left", overflow="fold")
        for row in rows:
            shown.add_row(*("" if cell is None else str(cell) for cell in row))
        console().print(shown)

    def failed(self, error: SamsynError) -> None:
        """Why it could not be done, and what to do about it."""
        words = error_said(error, self.language)
        if self.as_json:
            code = str(error.facts.get("problem") or error.code)
            self.data({"error": code, "message": words, **plain_facts(error)})
        else:
            click.echo(words, err=True)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Bars for long loads, on standard error, where a person looks."""
        if not self.talks or not sys.stderr.isatty():
            yield no_progress
            return
        with Bars(self) as bars:
            yield bars


class Bars:
    """One bar for each record type that takes its time."""

    def __init__(self, voice: Voice) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._tasks: dict[str, Any] = {}  # Any: rich's own numbers
        self._bars = RichProgress(
            TextColumn(voice.word("LOADING")),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, type_name: str, done: int, total: int) -> None:
        if total < BAR_FROM:
            return
        if type_name not in self._tasks:
            self._tasks[type_name] = self._bars.add_task(type_name, total=total)
        self._bars.update(self._tasks[type_name], completed=done, total=max(done, total))


def console() -> Console:
    """Standard output as rich sees it: colours for people, plain and wide for files."""
    if sys.stdout.isatty():
        return Console()
    return Console(width=int(os.environ.get("COLUMNS", PLAIN_WIDTH)))


def plain_facts(error: SamsynError) -> dict[str, object]:
    """An error's facts as JSON takes them."""
    taken = {"error", "message", "problem"}
    return {
        name: value if isinstance(value, int | float | bool | str | None) else str(value)
        for name, value in error.facts.items()
        if name not in taken
    }


def spoken(command: Callable[P, int | None]) -> Callable[P, None]:
    """A command that has --json and --quiet, and whose expected errors become words.

    The command gets a `Voice` as `out`; what it returns is the exit code.
    """

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json, quiet = bool(kwargs.pop("as_json")), bool(kwargs.pop("quiet"))
        out = kwargs["out"] = Voice(as_json=as_json, quiet=quiet)
        try:
            code = command(*args, **kwargs)
        except SamsynError as error:
            out.failed(error)
            code = FAILED
        except (apsw.Error, psycopg.Error) as error:
            out.failed(_of_driver(kwargs.get("url"), error))
            code = FAILED
        sys.exit(code or OK)

    for option in (
        click.option("--quiet", is_flag=True, help=helped("QUIET")),
        click.option("--json", "as_json", is_flag=True, help=helped("JSON")),
    ):
        told = option(told)
    return told


def _of_driver(url: object, error: apsw.Error | psycopg.Error) -> SamsynError:
    known = of_driver(parse(url).text if isinstance(url, str) else "", error)
    return known or DatabaseTrouble(reason=str(error).strip() or type(error).__name__)


def helped(name: str) -> str:
    """The help for a command or option, in the reader's language."""
    return said(f"HELP_{name}", {}, language_of(os.environ))
