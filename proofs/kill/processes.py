"""The processes that are killed: the service, the agent, and PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from tests.waiting import until

SAMSYN = [sys.executable, "-m", "samsyn.cli.main"]
READY_S = 60.0


class Killable:
    """A program on this machine that is started, killed with all its children, and started again."""

    def __init__(self, command: list[str], environ: dict[str, str], log: Path) -> None:
        self._command, self._environ, self._log = command, environ, log
        self._process: subprocess.Popen[bytes] | None = None
        self.ended: list[str] = []
        """Exit codes and last words of runs that nobody killed."""

    def start(self) -> None:
        """Starts it, unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self._note_end()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """SIGKILL, to it and its children."""
        if self._process is None:
            return
        self._note_end()
        if self._process is not None:
            kill_tree(self._process)
            self._process = None

    def stop(self) -> None:
        """Ends it gently."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                kill_tree(self._process)
        self._process = None

    @property
    def said(self) -> str:
        """The end of what it said."""
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def _note_end(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self.ended.append(f"{self._process.returncode} {self.said[-300:]}")
            self._process = None


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process and all that it started."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    process.send_signal(signal.SIGKILL)
    for child in children:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(children, timeout=20)
    process.wait()


def command(environ: dict[str, str], *words: str, timeout_s: float = 180) -> tuple[int, Any]:
    """A command's exit code and its JSON."""
    done = subprocess.run(
        [*SAMSYN, *words, "--json"], env=environ, capture_output=True, text=True, timeout=timeout_s
    )
    try:
        return done.returncode, json.loads(done.stdout)
    except json.JSONDecodeError as cause:
        raise AssertionError(f"{words}: {done.returncode} {done.stdout} {done.stderr}") from cause


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_listening(port: int) -> None:
    """Waits for somebody to accept connections."""

    def accepts() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(accepts, READY_S, 0.02)


def environment(folder: Path) -> dict[str, str]:
    """What the processes of one world see."""
    return {**os.environ, "SAMSYN_HOME": str(folder), "SAMSYN_LANG": "en"}
