"""Every fault of a module, one by one, against the tests that reach it."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hypothesis
import msgspec
import pytest

from mutants import replacing, session
from mutants.operators import Mutant
from mutants.session import LATE, SURVIVED, Reach
from mutants.targets import SHORT, SOURCES, Target

FOREVER_S = 3600.0
QUICK_S = 0.1
"""Tests that take less look at values that their modules have made ready."""


class Verdict(msgspec.Struct):
    """What became of a fault: `killed`, `late` or `survived`."""

    mutant: Mutant
    fate: str


class _Heard(msgspec.Struct):
    """A line that a fork writes: where it stands, or what the tests reach."""

    number: int = -1
    code: int = 0
    reach: Reach | None = None


def examine(target: Target, faults: Sequence[Mutant]) -> Iterator[Verdict]:
    """The verdict of each fault, as they come. RuntimeError where the tests fail without one.

    A fault is first put into the functions of one session that all forks
    share. What that does not kill, and what is evaluated at import, is put in
    before anything is imported.
    """
    _settle()
    path = SOURCES / target.module
    source = path.read_text()
    with tempfile.TemporaryDirectory(prefix="samsyn-mutants-", dir=_memory()) as folder:
        reach, left = Reach(), list[Mutant]()
        for heard in _heard(lambda say: _shared(target, faults, source, Path(folder), say)):
            if heard.reach is not None:
                reach = heard.reach
            elif heard.code == SURVIVED:
                left.append(faults[heard.number])
            else:
                yield _verdict(faults[heard.number], heard.code)
        if not reach.seconds:
            raise RuntimeError(f"the tests of {target.module} fail or are none")
        for one in left:
            yield _verdict(one, _alone(target, one, source, reach, Path(folder)))


def _verdict(mutant: Mutant, code: int) -> Verdict:
    return Verdict(mutant, {SURVIVED: "survived", LATE: "late"}.get(code, "killed"))


def _settle() -> None:
    """The same examples at every run, and no search for the smallest: one failure is enough."""
    os.environ.update(SHORT)
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants", deadline=None, derandomize=True, database=None, phases=phases
    )
    assert not any(name.startswith("samsyn") for name in sys.modules), "faults come before imports"


# --- one session for many forks ------------------------------------------------------------


def _shared(
    target: Target,
    faults: Sequence[Mutant],
    source: str,
    folder: Path,
    say: Callable[[_Heard], None],
) -> int:
    path = SOURCES / target.module
    temporary = folder / "tests"

    def work(collected: pytest.Session) -> None:
        if target.warm:
            module, _, name = target.warm.partition(":")
            getattr(importlib.import_module(module), name)()
        reached = folder / "reach"

        def measure() -> int:
            reached.write_bytes(msgspec.json.encode(session.measured(collected, path)))
            return SURVIVED

        session.forked(measure, FOREVER_S, folder / "log")
        session.swept(temporary)
        if not reached.exists():
            print((folder / "log").read_text()[-3000:])  # noqa: T201  # why the tests fail
            return
        reach = msgspec.json.decode(reached.read_bytes(), type=Reach)
        say(_Heard(reach=reach))
        module_ = importlib.import_module(target.name)
        killer = folder / "killer"
        killers = Counter[tuple[str, str]]()
        """What has killed a fault of a function will most often kill the next one too."""
        for number, one in enumerate(faults):
            chosen = reach.of(one.first, one.last)
            if not one.function or not chosen:
                say(_Heard(number, SURVIVED))
                continue

            chosen.sort(key=lambda name: -killers[one.function, name])

            def put_in(one: Mutant = one, chosen: Sequence[str] = chosen) -> int:
                try:
                    replacing.swap(module_, path, one.applied(source), one.function)
                except (KeyError, ValueError):
                    return SURVIVED  # it is put in before the import
                return session.run(collected, chosen, reach, killer.write_text)

            say(_Heard(number, session.forked(put_in, FOREVER_S)))
            if killer.exists():
                killers[one.function, killer.read_text()] += 1
                killer.unlink()
            session.swept(temporary)

    pytest.main(session.arguments(target.tests, temporary), [session.Forks(work)])
    return 0


# --- a session of its own ------------------------------------------------------------------


def _alone(target: Target, one: Mutant, source: str, reach: Reach, folder: Path) -> int:
    path, temporary = SOURCES / target.module, folder / "alone"
    chosen = reach.all
    if one.function and reach.of(one.first, one.last):
        # Only what a test module evaluated at its import has not met the fault yet.
        chosen = [name for name in chosen if reach.seconds[name] < QUICK_S]

    def work() -> int:
        fate = [session.KILLED]  # a module or a test that cannot be imported

        def loop(collected: pytest.Session) -> None:
            fate[0] = session.run(collected, chosen, reach)

        replacing.replace_import(target.name, path, one.applied(source))
        pytest.main(session.arguments(target.tests, temporary), [session.Forks(loop)])
        return fate[0]

    limit_s = 300 + session.LIMIT_TIMES * sum(reach.seconds.values())
    code = session.forked(work, limit_s)
    session.swept(temporary)
    return code


# --- between processes ---------------------------------------------------------------------


def _heard(work: Callable[[Callable[[_Heard], None]], int]) -> Iterator[_Heard]:
    """What a fork says, line by line, until it ends."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb", buffering=0) as pipe:
                code = work(lambda heard: _say(pipe.write, heard))
        except BaseException:  # noqa: BLE001  # a fork ends here, whatever it was
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=_Heard)
    os.waitpid(child, 0)


def _say(write: Callable[[bytes], int | None], heard: _Heard) -> None:
    body = msgspec.json.encode(heard) + b"\n"
    while body:
        body = body[write(body) or 0 :]


def _memory() -> Path | None:
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None
