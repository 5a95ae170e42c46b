"""What the commands of `samsyn online` share: the group, their options, and how they answer."""

from __future__ import annotations

import datetime
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click
import msgspec

from samsyn.cli import online_words, words_of_operator
from samsyn.cli.words_of_settings import WANTS
from samsyn.core.errors import SamsynError

if TYPE_CHECKING:
    from samsyn.online.configuration import Configuration

P = ParamSpec("P")
WORDS = {**online_words.WORDS, **words_of_operator.WORDS}


@click.group("online", context_settings={"help_option_names": ["-h", "--help"]})
def online() -> None:
    """The service: run it, and keep its companies.

    Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 4 an alarm is on (status).
    """


class Voice:
    """Says things as the caller wants them: JSON, plain words, or only what was asked for."""

    def __init__(self, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def told(
        self, answer: dict[str, Any], code: str, /, plain: str | None = None, **facts: object
    ) -> None:
        """An answer: as JSON, as words, or quietly just the thing itself."""
        if self.as_json:
            self.data(answer)
        elif not self.quiet:
            self.line(code, **facts)
        elif plain is not None:
            click.echo(plain)

    def data(self, answer: dict[str, Any]) -> None:
        """One line of JSON, at once: another program may be waiting for it."""
        click.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()

    def line(self, code: str, /, **facts: object) -> None:
        """Words on standard output."""
        click.echo(self.word(code, **facts))
        sys.stdout.flush()

    def aside(self, code: str, /, **facts: object) -> None:
        """Words that are no answer: on standard error, not to programs, not quietly."""
        if not self.as_json and not self.quiet:
            click.echo(self.word(code, **facts), err=True)

    def failed(self, error: SamsynError) -> None:
        """The reason why it could not be done."""
        words = self.word(error.code, **error.facts)
        wanted = WANTS.get(str(error.facts.get("key"))) if error.code == "BAD_SETTING" else None
        if wanted is not None:
            words = f"{words} {wanted[_speaks_swedish()]}."
        if error.facts.get("near"):
            words = f"{words} {self.word('MEANT', **error.facts)}"
        if self.as_json:
            self.data({"error": error.code, "message": words, **_plain(error.facts)})
        else:
            click.echo(words, err=True)

    def word(self, code: str, /, **facts: object) -> str:
        """The words of a code in the reader's language."""
        if code not in WORDS:
            return f"{code}: {facts}" if facts else code
        return WORDS[code][_speaks_swedish()].format(**facts)


class Ran(msgspec.Struct, frozen=True):
    """How a command was called: where the service lies, and how it is answered."""

    out: Voice
    home: Path | None
    database: str | None

    def configure(self) -> Configuration:
        """The configuration; what `startup.configure` raises."""
        from samsyn.online.startup import configure

        return configure(self.home, self.database)

    def open(self) -> None:
        """Open the service's database, with its tables up to date."""
        from samsyn.online.startup import open_service

        open_service(self.home, self.database)


def service_command(command: Callable[Concatenate[Ran, P], None]) -> Callable[..., None]:
    """The options that every command here has, and errors as words."""

    @functools.wraps(command)
    def told(
        home: Path | None,
        database: str | None,
        config: Path | None,
        as_json: bool,
        quiet: bool,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        from samsyn.online.configuration import FILE_VARIABLE

        if config is not None:
            os.environ[FILE_VARIABLE] = str(config)
        ran = Ran(Voice(as_json, quiet), home, database)
        try:
            with _database_told():
                command(ran, *args, **kwargs)
        except SamsynError as error:
            ran.out.failed(error)
            sys.exit(1)

    told_with: Callable[..., None] = told
    for option in (
        click.option("--quiet", is_flag=True, help="Say nothing but what was asked for."),
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs."),
        click.option(
            "--config",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file of the configuration.  [default: samsyn.toml in the home folder]",
        ),
        click.option(
            "--database",
            metavar="URL",
            help="The service's database: postgresql://…  [default: SQLite in the home folder]",
        ),
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            help="The service's folder.  [default: ~/.local/share/samsyn/online]",
        ),
    ):
        told_with = option(told_with)
    return told_with


@contextmanager
def _database_told() -> Iterator[None]:
    """A database that goes away in the middle is told as one that cannot be reached: DatabaseUnusable."""
    from django.db import InterfaceError, OperationalError

    from samsyn.webkit.errors import DatabaseUnusable

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise DatabaseUnusable(reason=str(error).strip()) from error


def _speaks_swedish() -> bool:
    told = os.environ.get("SAMSYN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return told.lower().startswith("sv")


def _plain(facts: dict[str, object]) -> dict[str, object]:
    return {
        k: v if isinstance(v, str | int | float | bool | None) else str(v) for k, v in facts.items()
    }


def now() -> datetime.datetime:
    """The moment."""
    return datetime.datetime.now(datetime.UTC)
