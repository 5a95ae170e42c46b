"""Starts programs of Samsyn without the seconds that their imports take.

`python -m proofs.kill.nursery` imports everything once and then forks a process
for each program asked for: JSON lines on standard input (`Ask`), answers on
standard output (`Answer`). When its input ends it kills what it started and ends.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import msgspec


class Ask(msgspec.Struct, frozen=True, omit_defaults=True):
    """Start these words, or tell how process `pid` ended."""

    words: list[str] = []
    said: str = ""
    """The file to which its standard output is added; standard error goes to `errors`."""
    errors: str = ""
    pid: int = 0


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The process, and its exit code once it has ended; minus the signal where it was killed."""

    pid: int
    code: int | None = None


class Nursery:
    """The parent of all programs of one world; used by one thread."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "proofs.kill.nursery"],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, words: list[str], said: Path, errors: Path | None = None) -> int:
        """The pid of a new process that runs `samsyn WORDS`."""
        return self._answer(Ask(words=words, said=str(said), errors=str(errors or said))).pid

    def code(self, pid: int) -> int | None:
        """Its exit code; None while it lives."""
        return self._answer(Ask(pid=pid)).code

    def wait(self, pid: int, timeout_s: float) -> int:
        """Its exit code as soon as it has ended. Raises TimeoutError."""
        code = self.code(pid)
        if code is None:
            with suppress(ProcessLookupError):  # it has ended since
                _until_ended(pid, timeout_s)
        while code is None:
            code = self.code(pid)
        return code

    def close(self) -> None:
        """Kills what still runs."""
        self._process.communicate()

    def _answer(self, ask: Ask) -> Answer:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(ask) + b"\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Answer)


def _until_ended(pid: int, timeout_s: float) -> None:
    handle = os.pidfd_open(pid)
    try:
        if not select.select([handle], [], [], timeout_s)[0]:
            raise TimeoutError(f"process {pid} goes on after {timeout_s} s")
    finally:
        os.close(handle)


def _main() -> None:
    from samsyn.online.home import home
    from samsyn.webkit.home import prepare

    prepare(home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    django.setup()
    _import_all()
    gc.collect()
    gc.freeze()
    ended: dict[int, int] = {}

    def reap(*_: Any) -> None:  # Any: a signal's number and frame
        for pid, status in iter(_ended, None):
            ended[pid] = os.waitstatus_to_exitcode(status)

    signal.signal(signal.SIGCHLD, reap)
    alive: set[int] = set()
    for line in sys.stdin.buffer:
        ask = msgspec.json.decode(line, type=Ask)
        pid = ask.pid or os.fork()
        if not pid:
            _become(ask)
            return
        alive = {*alive, pid} - ended.keys()
        sys.stdout.buffer.write(msgspec.json.encode(Answer(pid, ended.get(pid))) + b"\n")
        sys.stdout.buffer.flush()
    for pid in alive - ended.keys():
        os.kill(pid, signal.SIGKILL)


def _ended() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _import_all() -> None:
    """What the programs would import, on the way to their work and later."""
    from django.urls import get_resolver

    import samsyn.companydb.watch
    import samsyn.online.asgi
    import samsyn.online.serve
    import samsyn.records.worker  # noqa: F401  # all for their effect
    from samsyn.cli.main import COMMANDS

    for module in COMMANDS.values():
        import_module(f"samsyn.cli.{module}")
    get_resolver().url_patterns  # noqa: B018  # imports the views


def _become(ask: Ask) -> None:
    """The forked process is that program from here on."""
    from samsyn.cli.main import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    said, errors = (os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) for path in
                    (ask.said, ask.errors))  # fmt: skip
    for opened, standard in ((nothing, 0), (said, 1), (errors, 2)):
        os.dup2(opened, standard)
        os.close(opened)
    main(args=ask.words, prog_name="samsyn")


if __name__ == "__main__":
    _main()
