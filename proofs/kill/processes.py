"""The processes that are killed: the service, the agent, and the verifier."""

from __future__ import annotations

import json
import os
import signal
import socket
import tempfile
from pathlib import Path
from typing import Any

import psutil

from proofs.kill.nursery import Nursery
from tests.waiting import until

READY_S = 60.0


class Killable:
    """A program on this machine that is started, killed with all its children, and started again."""

    def __init__(self, nursery: Nursery, words: list[str], log: Path) -> None:
        self._nursery, self._words, self._log = nursery, words, log
        self._pid = 0
        self.ended: list[str] = []
        """Exit codes and last words of runs that nobody killed."""

    def start(self) -> None:
        """Starts it, unless it runs."""
        self._note_end()
        if not self._pid:
            self._pid = self._nursery.start(self._words, self._log)

    def kill(self) -> None:
        """SIGKILL, to it and its children."""
        self._note_end()
        if self._pid:
            kill_tree(self._pid)
            self._nursery.wait(self._pid, 20)
            self._pid = 0

    @property
    def said(self) -> str:
        """The end of what it said."""
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def _note_end(self) -> None:
        code = self._nursery.code(self._pid) if self._pid else None
        if code is not None:
            self.ended.append(f"{code} {self.said[-300:]}")
            self._pid = 0


def kill_tree(pid: int) -> None:
    """SIGKILL to a process and all that it started."""
    try:
        process = psutil.Process(pid)
        children = process.children(recursive=True)
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return
    for child in children:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(children, timeout=20)


def command(nursery: Nursery, *words: str, timeout_s: float = 180) -> tuple[int, Any]:
    """A command's exit code and its JSON."""
    with tempfile.TemporaryDirectory(prefix="samsyn-said-") as folder:
        said, errors = Path(folder, "said"), Path(folder, "errors")
        code = nursery.wait(nursery.start([*words, "--json"], said, errors), timeout_s)
        try:
            return code, json.loads(said.read_text())
        except json.JSONDecodeError as cause:
            told = f"{words}: {code} {said.read_text()} {errors.read_text()}"
            raise AssertionError(told) from cause


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


def environment(folder: Path, online: Path, store: str) -> dict[str, str]:
    """What the processes of one world see."""
    return {
        **os.environ,
        "SAMSYN_HOME": str(folder),
        "SAMSYN_LANG": "en",
        "SAMSYN_ONLINE_HOME": str(online),
        "SAMSYN_ONLINE_DATABASE": store,
    }
