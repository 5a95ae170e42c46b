"""The main job: starts from nothing, shows what moves, stops cleanly and goes on next time."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.office import Process, running_process
from tests.online.running import Program
from tests.waiting import until


@contextmanager
def demo(home: Path, *options: str) -> Iterator[Process]:
    environ = {"SAMSYN_HOME": str(home), "SAMSYN_LANG": "en"}
    told = ("demo", "--port", "0", "--office-port", "0", "--contacts", "20", *options)
    with running_process(told, environ) as started:
        yield started


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """A test that fails leaves no service behind."""
    yield
    note = tmp_path / "demo" / "service.json"
    if note.exists() and lives(pid := json.loads(note.read_bytes())["pid"]):
        psutil.Process(pid).kill()


def lives(pid: int) -> bool:
    """Whether the process runs; one that nobody has reaped yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ready(started: Process) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(started.said('"ready": true'))
    return told


def phone(database: str) -> Any:
    with closing(sqlite3.connect(database, timeout=30)) as db:
        return db.execute("SELECT phone FROM contacts WHERE contact_no = 10001").fetchone()[0]


def test_the_demo_goes_on_after_a_stop_and_after_a_kill(tmp_path: Path) -> None:
    with demo(tmp_path, "--still", "--json") as first:
        told = ready(first)
        program = Program(told["url"], told["company"], told["token"])
        (record,) = program.get("records/contacts", filter="contact_no:eq:10001")["records"]
        path = f"records/contacts/{record['id']}"
        program.send("PATCH", path, {"fields": {"phone": "08-465 004 20"}})
        until(lambda: phone(told["database"]) == "08-465 004 20")
        with demo(tmp_path, "--json") as second:
            assert second.wait() == 1
        assert json.loads(second.lines[-1])["error"] == "DEMO_RUNS"
        assert first.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in first.lines)
    assert not (tmp_path / "demo" / "service.json").exists()

    with demo(tmp_path) as killed:
        killed.said("Norrsken Handel AB is in sync")
        killed.said("curl -X PATCH")
        killed.said("at the office")
        killed.said("office → online")
        killed.end(signal.SIGKILL)
    left = json.loads((tmp_path / "demo" / "service.json").read_bytes())["pid"]
    assert lives(left)

    with demo(tmp_path, "--still", "--json") as again:
        now = ready(again)
        assert not lives(left)
        assert (now["company"], now["token"]) == (told["company"], told["token"])
        program = Program(now["url"], now["company"], now["token"])
        with closing(sqlite3.connect(now["database"])) as db, db:
            db.execute("UPDATE contacts SET phone = '08-465 004 30' WHERE contact_no = 10001")
        until(lambda: program.get(path)["fields"]["phone"] == "08-465 004 30")
        assert again.end(signal.SIGTERM) == 0
    assert not any("Traceback" in line for line in again.lines)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with running_process(
            ("demo", "--port", port, "--json"), {"SAMSYN_HOME": str(tmp_path)}
        ) as started:
            assert started.wait() == 1
    assert json.loads(started.lines[-1])["error"] == "PORT_TAKEN"
