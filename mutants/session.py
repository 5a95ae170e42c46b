"""The pytest side: in one collected session, a fork for each fault, with the tests that reach it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any  # trace functions

import msgspec
import pytest

LIMIT_TIMES = 8
"""A test that takes so many times the processor's time that it takes without a fault has noticed it."""
LIMIT_LEAST_S = 3.0
WAITING_TIMES = 10
"""One that waits takes no such time: so many times as long, by the clock, and it has."""
IMPORTED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Hypothesis is there before pytest."""
MEMORY_BYTES = 6 * 2**30
SURVIVED, KILLED, LATE = 0, 1, 7
"""Exit codes of a fork."""


class Reach(msgspec.Struct):
    """What the tests do without a fault: seconds, and the lines of the module that each runs."""

    seconds: dict[str, float] = {}
    lines: dict[str, list[int]] = {}

    def of(self, first: int, last: int) -> list[str]:
        """The tests that run one of these lines, quickest first."""
        wanted = set(range(first, last + 1))
        found = [name for name, lines in self.lines.items() if wanted.intersection(lines)]
        return sorted(found, key=self.seconds.__getitem__)

    @property
    def all(self) -> list[str]:
        """Every test, quickest first."""
        return sorted(self.seconds, key=self.seconds.__getitem__)


class Forks:
    """A plugin that collects once and hands the session to `work`, in place of running it."""

    def __init__(self, work: Callable[[pytest.Session], None]) -> None:
        self._work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not session.items:
            raise pytest.UsageError("no tests")
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        self._work(session)
        return True


def arguments(tests: Sequence[str], folder: Path) -> list[str]:
    """What pytest is started with."""
    own = [
        "-s",
        "-p",
        "no:cacheprovider",
        "-o",
        "faulthandler_timeout=0",
        "-q",
        "--no-header",
        *IMPORTED,
    ]
    return [*own, f"--basetemp={folder}", "-k", "not postgresql", *tests]


def measured(session: pytest.Session, module: Path) -> Reach:
    """Runs every test once, in this process, and notes what it reaches. AssertionError where one fails."""
    reach = Reach()
    for item, following in _pairs(session.items):
        hit: set[int] = set()
        began = time.perf_counter()
        with _traced(str(module), hit):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        assert not session.testsfailed, f"fails without a fault: {item.nodeid}"
        reach.seconds[item.nodeid] = time.perf_counter() - began
        reach.lines[item.nodeid] = sorted(hit)
    return reach


def run(
    session: pytest.Session,
    chosen: Sequence[str],
    reach: Reach,
    killer: Callable[[str], object] = lambda name: None,
) -> int:
    """Runs these tests, in this order, until one fails, and says which; SURVIVED or KILLED.

    A late one ends the process.
    """
    by_name = {item.nodeid: item for item in session.items}
    items = [by_name[name] for name in chosen if name in by_name]
    for late in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(late, lambda *_: os._exit(LATE))
    for item, following in _pairs(items):
        limit = max(LIMIT_LEAST_S, LIMIT_TIMES * reach.seconds.get(item.nodeid, 0))
        signal.setitimer(signal.ITIMER_PROF, limit)  # others may use the processor too
        signal.setitimer(signal.ITIMER_REAL, WAITING_TIMES * limit)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if session.testsfailed:
            killer(item.nodeid)
            return KILLED
    return SURVIVED


def forked(work: Callable[[], int], limit_s: float, log: Path | None = None) -> int:
    """The exit code of `work` done in a fork; KILLED where it crashes, LATE where it never ends."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = KILLED
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            _quiet(log)
            code = work()
        finally:
            os._exit(code)
    return _ended(child, limit_s)


def swept(folder: Path) -> None:
    """Takes away what killed forks left."""
    for left in folder.iterdir() if folder.exists() else ():
        shutil.rmtree(left, ignore_errors=True)


def _ended(child: int, limit_s: float) -> int:
    until = time.monotonic() + limit_s
    pause = 0.002
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code in (SURVIVED, LATE) else KILLED
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return LATE


def _quiet(log: Path | None) -> None:
    target = os.open(log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(target, 1)
    os.dup2(target, 2)


def _pairs(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=False)


class _traced:
    """Notes which lines of a file run, in every thread that begins meanwhile."""

    def __init__(self, file: str, hit: set[int]) -> None:
        self._file, self._hit = file, hit

    def __enter__(self) -> None:
        threading.settrace(self._called)
        sys.settrace(self._called)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)

    def _called(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename == self._file else None

    def _line(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        self._hit.add(frame.f_lineno)
        return self._line
