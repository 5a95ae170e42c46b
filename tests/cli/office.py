"""An office with its own state folder, its commands, and a company at a running service."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw
from click.testing import CliRunner

from samsyn.cli.main import main
from tests.online.running import Program, Service
from tests.waiting import until

Json = Any  # Any: JSON as it came


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """Its answer."""
        return json.loads(self.out)


class Office:
    """A computer at the office: `run` is quick and in this process, `process` is one of its own."""

    def __init__(self, home: Path, database: Path | str, service: Service) -> None:
        self.home, self.database, self.service = home, database, service
        self.program: Program
        self.environ = {"SAMSYN_HOME": str(home), "SAMSYN_LANG": "en", "COLUMNS": "200"}
        self._code = ""

    @functools.cached_property
    def company(self) -> str:
        """A company of its own at the service, with a pairing code and a token; made when needed."""
        owner, of = "anna@prov.example", ("--company", "{company}")
        made, token, code = self.service.commands(
            ("create-company", "Prov AB", "--owner", owner),
            ("create-token", *of, "--email", owner),
            ("pairing-code", *of),
        )
        self.program = Program(self.service.url, made["company"], token["token"])
        self._code = code["code"]
        return str(made["company"])

    def run(self, *args: str, lang: str = "en") -> Done:
        """A command, run to its end."""
        done = CliRunner().invoke(main, args, env={**self.environ, "SAMSYN_LANG": lang})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return Done(done.exit_code, done.stdout, done.stderr)

    def tell(self, command: str, *args: str, code: int = 0) -> Json:
        """What a command about the database answers with --json."""
        done = self.run(command, str(self.database), *args, "--json")
        assert done.code == code, done
        return done.json

    def refused(self, command: str, *args: str) -> str:
        """The code of the error that a command ends with; it has words and nothing else."""
        told = self.tell(command, *args, code=1)
        assert told["message"]
        assert "Traceback" not in told["message"]
        return str(told["error"])

    def connect(self, *args: str) -> Json:
        """Connects with a new pairing code."""
        assert self.company
        code, self._code = self._code or self.new_code(), ""
        return self.tell("connect", "--online", self.service.url, "--code", code, *args)

    def new_code(self) -> str:
        """Another pairing code."""
        return str(self.service.command("pairing-code", "--company", self.company)["code"])

    def begin(self) -> None:
        """Attached, connected and in sync."""
        self.tell("attach")
        self.connect("--now")

    def write(self, sql: str, *values: apsw.SQLiteValue) -> None:
        """What the business program writes."""
        with self._opened() as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute(sql, values)

    def read(self, sql: str, *values: apsw.SQLiteValue) -> list[tuple[Any, ...]]:
        """What the business program sees."""
        with self._opened() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[apsw.Connection]:
        """With apsw too: a second SQLite library in this process would drop the first one's locks."""
        with closing(apsw.Connection(str(self.database))) as db:
            db.set_busy_timeout(30_000)
            yield db

    @contextmanager
    def locked(self, how: str = "EXCLUSIVE", after: str = "") -> Iterator[None]:
        """Another program holds the whole file, right after a write; IMMEDIATE lets others read."""
        with self._opened() as db:
            db.execute(f"{after}; BEGIN {how}")
            yield
            db.execute("ROLLBACK")

    def schema(self) -> Sequence[tuple[Any, ...]]:
        """Every object of the database."""
        return self.read("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")

    def online(self, type_: str, field: str, value: object) -> Json:
        """The record online whose field has the value."""
        (record,) = self.program.get(f"records/{type_}", filter=f"{field}:eq:{value}")["records"]
        return record

    def patch(self, type_: str, record: str, **fields: object) -> None:
        """An edit online."""
        answer = self.program.send("PATCH", f"records/{type_}/{record}", {"fields": fields})
        assert answer.status == 200, answer.body

    @contextmanager
    def process(self, *args: str) -> Iterator[Process]:
        """A command in a process of its own, ended at the latest with the block."""
        with running_process(args, self.environ) as started:
            yield started


class Process:
    """A running `samsyn`, and the lines it has said so far."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen = popen
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def said(self, text: str) -> str:
        """Waits for a line that holds the text, and gives it."""
        return until(lambda: next((line for line in self.lines if text in line), ""), timeout_s=90)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it and gives its exit code."""
        self.popen.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Its exit code."""
        code = self.popen.wait(60)
        self._reader.join(10)
        return code

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.lines.append(line.rstrip("\n"))
        self.popen.stdout.close()


@contextmanager
def running_process(args: Sequence[str], environ: dict[str, str]) -> Iterator[Process]:
    """`samsyn ARGS` as a process; killed where it has not ended by itself."""
    popen = subprocess.Popen(
        [sys.executable, "-m", "samsyn.cli.main", *args],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    started = Process(popen)
    try:
        yield started
    finally:
        if popen.poll() is None:
            popen.kill()
            started.wait()
