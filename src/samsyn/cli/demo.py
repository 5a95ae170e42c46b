"""`samsyn demo`: the service and a demo company kept in sync, to see and to try."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import urllib3
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from samsyn.agent import syncing
from samsyn.agent.lease import this_computer
from samsyn.agent.trace import state_home
from samsyn.agent.tracing import traced
from samsyn.cli.agent import Watched, stop_all, stop_signals
from samsyn.cli.demo_company import OFFICE_USER, OWNER, DemoCompany, alone_in
from samsyn.cli.demo_life import Life
from samsyn.cli.demo_service import DemoOffice, DemoService
from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.demo.company import DEFAULT_CONTACTS

LIVE_EVERY_S = 6.0


@click.command("demo", help=helped("DEMO"))
@click.option(
    "--port", default=8500, show_default=True, type=click.IntRange(0, 65535), help=helped("PORT")
)
@click.option(
    "--office-port",
    default=8400,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=helped("DEMO_OFFICE_PORT"),
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help=helped("DEMO_HOME"))
@click.option("--fresh", is_flag=True, help=helped("FRESH"))
@click.option(
    "--contacts",
    default=DEFAULT_CONTACTS,
    show_default=True,
    type=click.IntRange(20, 100_000),
    help=helped("CONTACTS"),
)
@click.option("--live", is_flag=True, help=helped("LIVE"))
@click.option("--still", is_flag=True, help=helped("STILL"))
@spoken
def demo(
    port: int,
    office_port: int,
    home: Path | None,
    fresh: bool,
    contacts: int,
    live: bool,
    still: bool,
    out: Voice,
) -> int:
    folder = (home or state_home() / "demo").expanduser().absolute()
    with stop_signals() as stopping, alone_in(folder):
        company = DemoCompany(folder)
        service, office = DemoService(folder, port), DemoOffice(folder, office_port)
        try:
            with Steps(out, stopping) as steps:
                _prepare(company, service, office, steps, fresh=fresh, contacts=contacts)
            if not stopping.is_set():
                _run(company, service, office, stopping, out, live=live, still=still)
        except Interrupted:
            pass
        finally:
            office.stop()
            service.stop()
    out.say("DEMO_STOPPED")
    return OK


def _prepare(
    company: DemoCompany,
    service: DemoService,
    office: DemoOffice,
    steps: Steps,
    *,
    fresh: bool,
    contacts: int,
) -> None:
    """Makes what is missing; the next start finds everything in place."""
    company.open(fresh=fresh)
    new = company.is_new
    steps.begin(7 if new else 4)
    steps.do("DEMO_STEP_SERVICE", service.start)
    if new:
        steps.do("DEMO_STEP_COMPANY", lambda: company.make_company(service))
        steps.do("DEMO_STEP_DATABASE", lambda: company.make_database(contacts), contacts=contacts)
        steps.do("DEMO_STEP_ATTACH", company.attach)
    company.make_password(service)
    steps.do("DEMO_STEP_CONNECT", lambda: company.connect(service))
    steps.do(
        "DEMO_STEP_LOAD" if new else "DEMO_STEP_SYNC",
        lambda: syncing.sync(
            company.url,
            this_computer(),
            progress=steps.loaded,
            trace=traced(company.url),
            pause=steps.pause,
        ),
    )
    steps.do("DEMO_STEP_OFFICE", lambda: _open_office(company, service, office))


def _open_office(company: DemoCompany, service: DemoService, office: DemoOffice) -> None:
    """The demo company has an agent of its own, which tells what it does; others get theirs there."""
    company.open_in_office(office)
    office.start("--no-agent-for", str(company.database), SAMSYN_OFFICE_ONLINE=service.url)


def _run(
    company: DemoCompany,
    service: DemoService,
    office: DemoOffice,
    stopping: threading.Event,
    out: Voice,
    *,
    live: bool,
    still: bool,
) -> None:
    _guide(company, service.url, office.url, out)
    watched = Watched(company.url, this_computer(), out)
    watched.start()
    life = Life(
        company,
        service.url,
        out.language,
        lambda code, told: watched.aside(out.word(code, told=told)),
        every_s=LIVE_EVERY_S if live else LIVE_EVERY_S / 2,
        endless=live,
    )
    if not still:
        life.start()
    try:
        while not stopping.wait(0.2):
            for program in (service, office):
                if not program.alive:
                    raise program.failed()
            if not watched.alive:
                break
    finally:
        if not still:
            life.stop()
        stop_all([watched])


def _guide(company: DemoCompany, url: str, office: str, out: Voice) -> None:
    """What to open and what to try, ready to be copied."""
    record = _some_contact(company, url)
    key = record.get("key", 10001)
    out.data(
        {
            "ready": True,
            "url": url,
            "company": company.known.company,
            "token": company.known.token,
            "email": OWNER,
            "password": company.known.password,
            "office": office,
            "office_user": OFFICE_USER,
            "office_password": company.known.office_password,
            "database": str(company.database),
            "home": str(company.folder),
        }
    )
    out.say(
        "DEMO_GUIDE",
        url=url,
        office=office,
        office_user=OFFICE_USER,
        office_password=company.known.office_password,
        company=company.known.company,
        token=company.known.token,
        email=OWNER,
        password=company.known.password,
        database=_short(company.database),
        samsyn=_program(),
        record=record.get("id", "ID"),
        name=record.get("fields", {}).get("name", ""),
        key=key,
    )


def _program() -> str:
    """How a person here starts `samsyn`."""
    if shutil.which("samsyn"):
        return "samsyn"
    return str(_short(Path(sys.executable).with_name("samsyn")))


def _short(path: Path) -> Path:
    """The path from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _some_contact(company: DemoCompany, url: str) -> dict[str, Any]:
    """A contact to try things on."""
    try:
        answer = urllib3.request(
            "GET",
            f"{url}/api/v1/companies/{company.known.company}/records/contacts?limit=1",
            headers={"Authorization": f"Bearer {company.known.token}"},
            timeout=10,
        )
        record: dict[str, Any] = answer.json()["records"][0]
    except (urllib3.exceptions.HTTPError, LookupError, ValueError):
        return {}
    return record


class Interrupted(Exception):
    """A person asked to stop between two steps."""


class Steps:
    """The steps of a start: a line for each that is done, and a bar while one is under way."""

    def __init__(self, out: Voice, stopping: threading.Event) -> None:
        self._out = out
        self._stopping = stopping
        self._loaded: dict[str, int] = {}
        self._total: dict[str, int] = {}
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not (out.talks and sys.stderr.isatty()),
        )
        self._steps = self._bars.add_task("", total=None)
        self._records = self._bars.add_task(out.word("N_RECORDS"), total=None, visible=False)

    def __enter__(self) -> Steps:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def begin(self, count: int) -> None:
        """So many steps follow."""
        self._bars.update(self._steps, total=count)

    def do(self, code: str, work: Callable[[], object], **facts: object) -> None:
        """One step, unless a person has asked to stop. Raises Interrupted."""
        if self._stopping.is_set():
            raise Interrupted
        words = self._out.word(code, **facts)
        self._bars.update(self._steps, description=words)
        work()
        self._bars.advance(self._steps)
        self._out.line(f"  \N{CHECK MARK} {words}")

    def pause(self, seconds: float) -> None:
        """Waits before something is tried again. Raises Interrupted."""
        if self._stopping.wait(seconds):
            raise Interrupted

    def loaded(self, type_name: str, done: int, total: int) -> None:
        """How far a load has come."""
        self._loaded[type_name], self._total[type_name] = done, max(done, total)
        self._bars.update(
            self._records,
            completed=sum(self._loaded.values()),
            total=sum(self._total.values()),
            visible=True,
        )
