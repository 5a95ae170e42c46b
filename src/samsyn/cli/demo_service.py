"""The demo's two programs, the service and the office program: child processes, and their commands."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import psutil

from samsyn.core.errors import SamsynError

HOST = "127.0.0.1"
READY_S = 60.0
STOP_S = 15.0


class PortTaken(SamsynError):
    """Another program listens there: `port`, and the `option` that chooses another."""

    code: ClassVar[str] = "PORT_TAKEN"


class ServiceFailed(SamsynError):
    """One of the programs did not start, or a command of it failed: `reason`, `log`."""

    code: ClassVar[str] = "SERVICE_FAILED"


class _Running(msgspec.Struct, frozen=True):
    """The child, so that the next start finds one that was left behind."""

    pid: int
    started: float


class DemoProgram:
    """Runs one of the programs on its own folder."""

    module: ClassVar[str]
    serving: ClassVar[tuple[str, ...]]
    """The words that start it."""
    folder: ClassVar[str]
    name: ClassVar[str]
    """Of its note and its log."""
    option: ClassVar[str]

    def __init__(self, folder: Path, port: int) -> None:
        self.url = ""
        self._home = folder / self.folder
        self._port = port
        self._note = folder / f"{self.name}.json"
        self._log = folder / f"{self.name}.log"
        self._child: subprocess.Popen[str] | None = None

    def start(self, *options: str, **environment: str) -> str:
        """Starts it and gives its address. Raises PortTaken and ServiceFailed."""
        self._end_one_left_behind()
        self._check_port()
        with self._log.open("a", encoding="utf-8") as log:
            self._child = subprocess.Popen(
                self._words(*self.serving, "--host", HOST, "--port", str(self._port), *options),
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for us: the agent ends first, then the service
            )
        child = psutil.Process(self._child.pid)
        self._note.write_bytes(msgspec.json.encode(_Running(child.pid, child.create_time())))
        told = self._first_word()
        if not told.get("ready"):
            self.stop()
            raise ServiceFailed(reason=_reason(told), log=str(self._log))
        self.url = str(told["url"])
        return self.url

    def command(self, *arguments: str) -> dict[str, Any]:
        """What a command of the program answers. Raises ServiceFailed."""
        done = subprocess.run(self._words(*arguments), capture_output=True, text=True)
        try:
            told: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            told = {}
        if done.returncode != 0:
            raise ServiceFailed(reason=_reason(told) or done.stderr[-500:], log=str(self._log))
        return told

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """Ends it in order, and not later than some seconds from now."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()
        self._child = None
        self._note.unlink(missing_ok=True)

    def failed(self) -> ServiceFailed:
        """Why it is not alive, as far as that is known."""
        return ServiceFailed(reason="", log=str(self._log))

    def _words(self, *arguments: str) -> list[str]:
        command = [word for word in arguments[:1] if not word.startswith("-")]
        start = [sys.executable, "-m", self.module, *command]
        return [*start, "--home", str(self._home), "--json", *arguments[len(command) :]]

    def _first_word(self) -> dict[str, Any]:
        assert self._child is not None
        assert self._child.stdout is not None
        ready, _, _ = select.select([self._child.stdout], [], [], READY_S)
        line = self._child.stdout.readline() if ready else ""
        try:
            told: dict[str, Any] = json.loads(line)
        except ValueError:
            return {}
        return told

    def _end_one_left_behind(self) -> None:
        """A demo that was killed leaves its programs running: it is ours, and it ends now."""
        try:
            known = msgspec.json.decode(self._note.read_bytes(), type=_Running)
            left = psutil.Process(known.pid)
            if abs(left.create_time() - known.started) > 1.0:
                return
        except (OSError, msgspec.DecodeError, psutil.NoSuchProcess):
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            left.terminate()
            if not _ended(left):
                left.kill()
                _ended(left)

    def _check_port(self) -> None:
        with socket.socket() as trial:
            if os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, self._port))
            except OSError as error:
                raise PortTaken(port=self._port, option=self.option) from error


class DemoService(DemoProgram):
    """`samsyn online serve`."""

    module = "samsyn.cli.online"
    serving = ("serve",)
    folder = "online"
    name = "service"
    option = "--port"


class DemoOffice(DemoProgram):
    """`samsyn office`."""

    module = "samsyn.cli.office"
    serving = ()
    folder = "office"
    name = "office"
    option = "--office-port"


def _reason(told: dict[str, Any]) -> str:
    return str(told.get("message", ""))


def _ended(process: psutil.Process) -> bool:
    """Waits for the end; one that nobody reaps counts as ended."""
    deadline = time.monotonic() + STOP_S
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False
