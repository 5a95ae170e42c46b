#!/usr/bin/env python3
"""Everything a developer does with Samsyn, from a fresh clone, with only Python and pip."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
"""Holds everything that RUNTIME holds, and the tools."""
PROGRAMS = ("online", "office")
"""Each a Django project with settings of its own."""


def main() -> int:
    if sys.version_info < (3, 11):
        stop(f"Samsyn needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    arguments = parser().parse_args()
    os.chdir(ROOT)
    keep_bytecode()
    if arguments.command is None:
        parser().print_help()
        return 0
    return COMMANDS[arguments.command](arguments.rest)


def run(rest: Sequence[str]) -> int:
    """start the service with a demo company that is kept in sync"""
    set_up(RUNTIME)
    os.environ.setdefault("SAMSYN_HOME", str(ROOT / ".home"))
    become("-m", "samsyn.cli.main", "demo", *rest)


def test(rest: Sequence[str]) -> int:
    """run the tests; what follows goes to pytest"""
    set_up(DEVELOPMENT)
    find_browser()
    become("-m", "pytest", "-n", "2", "--dist", "worksteal", *rest)


def check(rest: Sequence[str]) -> int:
    """lint, format, types, security, import contracts, house rules, migrations"""
    set_up(DEVELOPMENT)
    with tempfile.TemporaryDirectory() as home:
        steps = {
            "types": ["-m", "mypy"],
            "lint": ["-m", "ruff", "check"],
            "format": ["-m", "ruff", "format", "--check"],
            "security": [
                "-m",
                "bandit",
                "--quiet",
                "--recursive",
                "--configfile",
                "pyproject.toml",
                "src",
            ],
            "import contracts and house rules": ["-m", "pytest", "-q", "tests/test_house_rules.py"],
            **{f"migrations of {name}": migrations(name) for name in PROGRAMS},
        }
        environment = os.environ | {f"SAMSYN_{name.upper()}_HOME": home for name in PROGRAMS}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            passed = pool.map(lambda name: passes(name, steps[name], environment), steps)
            failed = [name for name, ok in zip(steps, passed, strict=True) if not ok]
    say(f"Failed: {', '.join(failed)}." if failed else "All checks pass.")
    return 1 if failed else 0


def bench(rest: Sequence[str]) -> int:
    """measure against a plain copy; what follows goes to the bench"""
    set_up(DEVELOPMENT)
    become("-m", "bench", *rest)


def fuzz(rest: Sequence[str]) -> int:
    """random SQL against capture; what follows (--minutes, --engine) goes to it"""
    set_up(DEVELOPMENT)
    become("-m", "proofs", "fuzz", *rest)


def simulate(rest: Sequence[str]) -> int:
    """live histories of service and offices, each from a seed; what follows goes to the simulation"""
    set_up(DEVELOPMENT)
    os.environ.setdefault("PYTHONHASHSEED", "0")
    become("-m", "simulation", *rest)


def prove(rest: Sequence[str]) -> int:
    """kill real processes while both sides write; what follows (--cycles, --engine) goes to it"""
    set_up(DEVELOPMENT)
    become("-m", "proofs", "kill", *rest)


def translate(rest: Sequence[str]) -> int:
    """bring the files of translations in step with the pages; tells what lacks its Swedish"""
    set_up(DEVELOPMENT)
    become("-m", "tests.wording")


def mutants(rest: Sequence[str]) -> int:
    """put small faults into the rules, which a test must notice; what follows (--module) goes to it"""
    set_up(DEVELOPMENT)
    become("-m", "mutants", *rest)


def audit(rest: Sequence[str]) -> int:
    """ask the public advisories about every locked package; needs the network"""
    set_up(DEVELOPMENT)
    asked = ["--requirement", RUNTIME.name, "--no-deps", "--disable-pip", "--strict"]
    become("-m", "uv", "tool", "run", "pip-audit", *asked, *rest)


def lock(rest: Sequence[str]) -> int:
    """remake the lock files; what follows (--upgrade) goes to uv pip compile"""
    set_up(DEVELOPMENT)
    compile_ = [str(PYTHON), "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    compile_ += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    compile_ += [*rest, "pyproject.toml"]
    for arguments in (
        ["--group", "build", "--output-file", RUNTIME.name],
        ["--group", "dev", "--constraint", RUNTIME.name, "--output-file", DEVELOPMENT.name],
    ):
        done = subprocess.run([*compile_, *arguments])
        if done.returncode != 0:
            return done.returncode
    say(f"{RUNTIME.name} and {DEVELOPMENT.name} are remade.")
    return 0


COMMANDS = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "fuzz": fuzz,
    "simulate": simulate,
    "prove": prove,
    "translate": translate,
    "mutants": mutants,
    "audit": audit,
    "lock": lock,
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dev.py",
        description=__doc__,
        epilog="Every command sets up .venv first when it is not as the lock files say.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        # No options of our own: everything after the command belongs to what it starts.
        sub = commands.add_parser(name, help=command.__doc__, add_help=False, prefix_chars="\0")
        sub.add_argument("rest", nargs="*")
    return top


# Set-up


def set_up(lock_file: Path) -> None:
    """Make .venv hold what `lock_file` lists and the project itself, unless it does."""
    wanted = digest(lock_file)
    with one_at_a_time():
        if PYTHON.exists() and stamp(lock_file) == wanted:
            return
        say(f"Setting up {VENV.name} from {lock_file.name}: about half a minute the first time …")
        started = time.monotonic()
        if not (PYTHON.exists() and (VENV / "made").exists()):
            make_venv()
        # The lock is complete, so pip need not look for dependencies of its own.
        pip("--require-hashes", "--no-compile", "--requirement", str(lock_file))
        # The build backend is in the lock: no isolated build, nothing more to fetch.
        pip("--no-build-isolation", "--editable", str(ROOT))
        stamp_file(lock_file).write_text(wanted)
        if lock_file == DEVELOPMENT:
            stamp_file(RUNTIME).write_text(digest(RUNTIME))
        say(f"Set up in {time.monotonic() - started:.0f} s.")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started at once do not set up the same folder at once."""
    with open(__file__, "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(lock_file: Path) -> str:
    """Differs whenever .venv has to be set up again for `lock_file`."""
    parts = [str(ROOT), *(path.read_text() for path in (lock_file, ROOT / "pyproject.toml"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp_file(lock_file: Path) -> Path:
    return VENV / f"{lock_file.name}.stamp"


def stamp(lock_file: Path) -> str | None:
    try:
        return stamp_file(lock_file).read_text()
    except FileNotFoundError:
        return None


def make_venv() -> None:
    """A new .venv; one that was left half made is made again from the start."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode != 0:
        sys.stderr.write(made.stdout + made.stderr)
        stop(
            "Python could not make a virtual environment. Its modules venv and ensurepip are "
            "needed; Debian and Ubuntu have them in the package python3-venv."
        )
    (VENV / "made").touch()


def pip(*arguments: str) -> None:
    install = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--no-deps"]
    done = subprocess.run([*install, "--disable-pip-version-check", *arguments])
    if done.returncode != 0:
        stop("Set-up failed: pip could not install what the lock file lists (its words are above).")


def find_browser() -> None:
    """Chromium for the browser tests: Debian's own, installed where we may."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    install = "apt-get install --yes --no-install-recommends chromium"
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        stop(f"The browser tests need Chromium. On Debian and Ubuntu: sudo {install}")
    say("Installing Chromium for the browser tests …")
    for command in ("apt-get update --quiet=2", install):
        if subprocess.run(command.split(), stdout=subprocess.DEVNULL).returncode != 0:
            stop(f"Chromium could not be installed (`{command}` failed; its words are above).")


# Small things


def keep_bytecode() -> None:
    """Images of containers often forbid it, for their own size: here every one of the thousand
    programs that tests start would then compile all its modules again, most of its start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def migrations(program: str) -> list[str]:
    settings = f"--settings=samsyn.{program}.settings"
    return ["-m", "django", "makemigrations", settings, "--check", "--dry-run"]


def passes(name: str, step: Sequence[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), *step],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ok = done.returncode == 0
    told = f"{'ok    ' if ok else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)"
    say(told if ok else f"{told}\n{done.stdout}")
    return ok


def become(*arguments: str) -> NoReturn:
    """Go on as that program: its signals and its exit code are then its own."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    say(text)
    raise SystemExit(2)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
