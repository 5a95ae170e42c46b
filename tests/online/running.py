"""A real service in a process of its own, and programs that talk to it over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3

Json = Any  # Any: JSON as it came
COMPLAINT = re.compile(r"Traceback|\b(WARNING|ERROR|CRITICAL)\b")
"""What a service says only when something is wrong; its chores and letters are told too."""
IN_ONE_PROCESS = """
import contextlib, io, json, sys
from samsyn.cli.online import online
known = {}
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        online([word.format_map(known) for word in command], standalone_mode=False)
    known.update(json.loads(said.getvalue()))
    print(said.getvalue(), end="")
"""
"""Runs commands with --json one after another; `{company}` is what an answer before called so."""


class Service:
    """A running `samsyn online serve`, with its commands."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database, self.url = home, database, ""
        self.process: subprocess.Popen[str] | None = None

    def command(self, *args: str) -> Json:
        """What a command answers with --json; AssertionError where it fails."""
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def commands(self, *commands: Sequence[str]) -> list[Json]:
        """What commands answer, run in one process: starting one costs more than what it does.

        `{company}` in a command stands for what an earlier one's answer calls so.
        """
        told = json.dumps([self._placed((*command, "--json")) for command in commands])
        done = subprocess.run(
            [sys.executable, "-c", IN_ONE_PROCESS, told], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def run(self, *args: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
        """A command beside the service, run to its end."""
        return subprocess.run(
            self.words(*args),
            env={**os.environ, "SAMSYN_LANG": lang},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self, port: int = 0) -> None:
        """Start it, on a free port unless told, and wait for its word that it is ready."""
        self.process = subprocess.Popen(
            self.words("serve", "--port", str(port), "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline() or "null")
        assert told is not None, self.stop()
        assert told["ready"] is True
        self.url = told["url"]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; its exit code and what it said on standard error."""
        assert self.process is not None
        self.process.send_signal(how)
        _, err = self.process.communicate(timeout=30)
        code, self.process = self.process.returncode, None
        return code, err

    def words(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "samsyn.cli.online", *self._placed(args)]

    def _placed(self, args: Sequence[str]) -> list[str]:
        place = ["--home", str(self.home)]
        if self.database:
            place += ["--database", self.database]
        last = 2 if args[0] == "companies" else 1
        return [*args[:last], *place, *args[last:]]


@contextmanager
def running(home: Path, database: str = "") -> Iterator[Service]:
    """A service that is stopped at the end, without a word of complaint."""
    service = Service(home, database)
    service.start()
    try:
        yield service
    finally:
        if service.process is not None:
            code, err = service.stop()
            assert code == 0, err
            assert not COMPLAINT.search(err), err


class Answer:
    """What the service answered."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.data

    @property
    def json(self) -> Json:
        """The body as JSON."""
        return json.loads(self.body)

    def refused(self, status: int, code: str) -> Json:
        """The problem document, checked to be one."""
        assert self.status == status, self.body
        assert self.headers["Content-Type"] == "application/problem+json"
        problem = self.json
        assert problem["status"] == status
        assert problem["code"] == code, problem
        assert isinstance(problem["type"], str)
        assert isinstance(problem["title"], str)
        assert isinstance(problem["detail"], str)
        return problem


class Program:
    """Another program, with its token, in one company."""

    def __init__(self, url: str, company: str, token: str | None) -> None:
        self.url, self.company, self.token = url, company, token
        self.pool = urllib3.PoolManager(retries=False)

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
        query: Mapping[str, str | int | list[str]] | None = None,
    ) -> Answer:
        """A request below the company's address."""
        told = {"Authorization": f"Bearer {self.token}"} if self.token is not None else {}
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            told["Content-Type"] = "application/json"
        listed = [
            (k, str(v))
            for k, vs in (query or {}).items()
            for v in (vs if isinstance(vs, list) else [vs])
        ]
        address = f"{self.url}/api/v1/companies/{self.company}/{path}"
        if listed:
            address += "?" + "&".join(f"{quote(k)}={quote(v, safe='')}" for k, v in listed)
        response = self.pool.request(
            method, address, body=data, headers={**told, **(headers or {})}, timeout=60
        )
        return Answer(response)

    def get(self, path: str, **query: str | int | list[str]) -> Json:
        """A good answer's JSON."""
        answer = self.send("GET", path, query=query)
        assert answer.status == 200, answer.body
        return answer.json

    def create(self, type_: str, **fields: Json) -> Json:
        """A new record."""
        answer = self.send("POST", records(type_), {"fields": fields})
        assert answer.status == 201, answer.body
        return answer.json


def records(type_: str, record_id: str | None = None) -> str:
    """The path of a type's records, or of one."""
    path = f"records/{quote(type_, safe='')}"
    return path if record_id is None else f"{path}/{record_id}"
