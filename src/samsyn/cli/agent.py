"""`samsyn agent`: keeps company databases in sync until told to stop."""

from __future__ import annotations

import datetime as dt
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import apsw
import click
import psycopg

from samsyn.agent import lease
from samsyn.agent.greeting import connection_of
from samsyn.agent.lease import Computer, LeaseHeld, OtherComputerChosen, this_computer
from samsyn.agent.runner import Heard, Runner
from samsyn.agent.stalling import Alarm
from samsyn.agent.tracing import traced
from samsyn.cli import stalls
from samsyn.cli.newsreel import Newsreel
from samsyn.cli.voice import FAILED, OK, DatabaseTrouble, Voice, helped, spoken
from samsyn.cli.words import error_said
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.trouble import driver_errors
from samsyn.companydb.urls import CompanyUrl, parse
from samsyn.core.errors import SamsynError

STOP_S = 15.0
"""How long a step that is under way may take to end; a kill there loses nothing either."""
AGAIN_S = 5.0


@click.command("agent", help=helped("AGENT"))
@click.argument("urls", metavar="URL…", nargs=-1, required=True)
@spoken
def agent(urls: tuple[str, ...], out: Voice) -> int:
    me = this_computer()
    databases = list({parsed.text: parsed for parsed in map(parse, urls)}.values())
    for url in databases:
        with driver_errors(url):
            check_free(url, me)
    watched = [Watched(url, me, out, several=len(databases) > 1) for url in databases]
    with stop_signals() as stopping:
        for one in watched:
            one.start()
        out.say("AGENT_STARTED", count=len(databases))
        while not stopping.wait(0.2) and any(one.alive for one in watched):
            pass
        stopped_by_person = stopping.is_set()
        stop_all(watched)
    if stopped_by_person:
        out.say("AGENT_STOPPED")
    return OK if stopped_by_person or not any(one.failed for one in watched) else FAILED


class Watched:
    """One database with its runner, its thread and its voice."""

    def __init__(self, url: CompanyUrl, me: Computer, out: Voice, *, several: bool = False) -> None:
        self.url = url
        self.failed = False
        self._out = out
        self._several = several
        self._stopping = threading.Event()
        self._newsreel = Newsreel(url, out, self._line)
        self._loaded: set[str] = set()
        self._runner = Runner(
            url,
            me,
            listener=self._heard,
            telling=self._newsreel if out.talks else lambda news: None,
            trace=traced(url),
            progress=self._progress,
        )
        self._thread = threading.Thread(target=self._run, name="samsyn agent", daemon=True)
        self._offline = False

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Asks it to end at the next step."""
        self._stopping.set()
        self._runner.stop()

    def join(self, timeout_s: float) -> None:
        """Waits for the end."""
        self._thread.join(timeout_s)

    def aside(self, text: str) -> None:
        """A line from elsewhere among its own."""
        self._line(text)

    @property
    def alive(self) -> bool:
        """Whether it still syncs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._runner.run()
                break
            except SamsynError as error:
                self._end(error)
                break
            except (apsw.Error, psycopg.Error) as error:
                # The engine went away or is ill: it is tried again, as a person would.
                self._tell_error(DatabaseTrouble(reason=str(error).strip()), "offline")
                self._stopping.wait(AGAIN_S)
        self._newsreel.close()

    def _end(self, error: SamsynError) -> None:
        if not connected(self.url):
            self._tell("AGENT_DISCONNECTED", "stopped")
            return
        self.failed = True
        self._tell_error(error, "stopped")

    # --- what is told ---

    def _heard(self, heard: Heard) -> None:
        match heard.state:
            case "offline":
                if heard.error is not None and not self._offline:
                    self._tell_error(heard.error, "offline")
                self._offline = True
            case "paused":
                self._tell("AGENT_PAUSED", "paused")
            case "in_sync":
                code = "AGENT_BACK" if self._offline else "AGENT_IN_SYNC"
                self._offline = False
                moved = heard.moved
                if self._out.as_json or not moved or code == "AGENT_BACK":
                    self._tell(
                        code,
                        "in_sync",
                        up=moved.up,
                        down=moved.down,
                        conflicts=moved.conflicts,
                        refused=moved.refused,
                    )
                if moved.refused:
                    self._line(self._out.word("NEWS_REFUSED", refused=moved.refused))
            case "syncing":
                self._tell("AGENT_SYNCING", "syncing")
            case "held":
                for told in heard.held:
                    self._tell(told.why, "held", **told.facts)
            case "stalled" if heard.alarm is not None:
                self._tell_alarm(heard.alarm)
            case _:
                pass  # stopped: told when it has ended

    def _progress(self, type_name: str, done: int, total: int) -> None:
        if done >= total and type_name not in self._loaded:
            self._loaded.add(type_name)
            if done:
                self._line(self._out.word("NEWS_LOADED", type=type_name, done=done))

    def _tell(self, code: str, state: str, **facts: object) -> None:
        words = self._out.word(code, url=self.url.text, **facts)
        if self._out.as_json:
            self._out.data({"url": self.url.text, "state": state, "message": words, **facts})
        else:
            self._line(words)

    def _tell_alarm(self, alarm: Alarm) -> None:
        if self._out.as_json:
            told = stalls.as_data(alarm, self._out)
            self._out.data({"url": self.url.text, "state": "stalled", **told})
        elif self._out.quiet:
            click.echo(stalls.in_words(alarm, self._out), err=True)
        else:
            self._line(stalls.in_words(alarm, self._out))

    def _tell_error(self, error: SamsynError, state: str) -> None:
        words = error_said(error, self._out.language)
        code = str(error.facts.get("problem") or error.code)
        if self._out.as_json:
            self._out.data({"url": self.url.text, "state": state, "error": code, "message": words})
        elif self._out.quiet:
            click.echo(words, err=True)
        else:
            self._line(words)

    def _line(self, text: str) -> None:
        moment = dt.datetime.now().astimezone().strftime("%H:%M:%S")
        where = f"{self.url.text}: " if self._several else ""
        self._out.line(f"{moment}  {where}{text}")


def check_free(url: CompanyUrl, me: Computer) -> None:
    """Raises at once what an agent would find out: not connected, another agent, another computer."""
    db = open_company_db(url)
    try:
        connection_of(db)
        chosen = lease.chosen_computer(db)
        if chosen is not None and chosen.id != me.id:
            raise OtherComputerChosen(computer=chosen.name)
        holder = lease.current(db).holder
        if holder is not None and holder.id == me.id and lease.holder_alive(db, me):
            raise LeaseHeld(computer=holder.name)
    finally:
        db.close()


def connected(url: CompanyUrl) -> bool:
    """Whether the database has a connection that nobody ends; yes where that cannot be seen."""
    try:
        db = open_company_db(url)
    except SamsynError:
        return True
    try:
        return books.connection(db) is not None and not lease.current(db).ending
    finally:
        db.close()


def stop_all(watched: Sequence[Watched]) -> None:
    """Asks all to end, then waits for each."""
    for one in watched:
        one.stop()
    for one in watched:
        one.join(STOP_S)


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that everything can end in order."""
    stopping = threading.Event()

    def stop(number: int, frame: object) -> None:
        if stopping.is_set():  # asked twice: at once
            sys.exit(OK)
        stopping.set()

    before: dict[signal.Signals, Callable[..., object] | int | None] = {
        number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
