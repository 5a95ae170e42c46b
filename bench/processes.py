"""The service and the agent, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

SERVICE = [sys.executable, "-m", "samsyn.cli.main", "online"]
STOP_S = 20


class Child:
    """A process that says JSON, one line each, and what it costs."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self._seen = psutil.Process(self._process.pid)

    def answer(self) -> dict[str, Any]:  # Any: as JSON has it
        """The next line it says."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process has ended:\n{self.log.read_text()[-4000:]}")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, command: str) -> dict[str, Any]:
        """Its answer to a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")
        self._process.stdin.flush()
        return self.answer()

    @property
    def cpu_s(self) -> float:
        """Processor time used so far."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    @property
    def peak_mb(self) -> float:
        """The most memory it has held; where the system does not tell, what it holds now."""
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1000
        return float(self._seen.memory_info().rss) / 1e6

    def end(self) -> None:
        """Stops it, gently first."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def child(command: list[str], log: Path) -> Iterator[Child]:
    """A process for the length of the block, once it has said that it is ready."""
    started = Child(command, log)
    try:
        yield started
    finally:
        started.end()


def told(*arguments: str) -> dict[str, Any]:
    """What a command of the service answers."""
    done = subprocess.run([*SERVICE, *arguments, "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed:\n{done.stdout}{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
