"""A commit in a company database wakes whoever watches it, and watching disturbs nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import psycopg
import pytest

from samsyn.companydb.file_events import file_events
from samsyn.companydb.opening import DatabaseUnavailable
from samsyn.companydb.rows import Watch
from samsyn.companydb.urls import SqliteUrl, parse
from samsyn.companydb.watch import SqliteWatch, watch
from tests.waiting import until

JOURNALS = ("delete", "truncate", "persist", "memory", "wal")


def deaf(path: str) -> None:
    """As on a system that tells nothing of files."""


@contextmanager
def heard(watching: Watch) -> Iterator[Callable[[], int]]:
    """How often a watch in a thread of its own has woken, after its first look."""
    woken: list[float] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            if watching.wait(0.2):
                woken.append(time.monotonic())

    assert watching.wait(5), "the first look may find anything new"
    while watching.wait(0.1):
        """What the making of the database has left to tell."""
    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: len(woken)
    finally:
        stop.set()
        thread.join()
        watching.close()


@pytest.fixture(params=JOURNALS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[apsw.Connection]:
    """Another program on a SQLite file, which never waits for a lock."""
    connection = apsw.Connection(str(tmp_path / "företag.db"))
    connection.pragma("journal_mode", request.param)
    connection.execute("CREATE TABLE t (x)")
    yield connection
    connection.close()


@pytest.mark.parametrize("listen", [file_events, deaf])
def test_each_commit_of_another_program_wakes_the_watch(
    program: apsw.Connection, listen: Callable[[str], None]
) -> None:
    with heard(SqliteWatch(SqliteUrl(program.filename), listen)) as woken:
        for _ in range(5):
            before = woken()
            program.execute("INSERT INTO t VALUES (1)")
            until(lambda before=before: woken() > before, 4)  # type: ignore[misc]  # mypy cannot infer it


def test_watching_makes_no_write_of_an_impatient_program_fail(program: apsw.Connection) -> None:
    with heard(SqliteWatch(SqliteUrl(program.filename))) as woken:
        for number in range(300):
            program.execute("INSERT INTO t VALUES (?)", (number,))
        until(lambda: woken() > 0)


def test_a_commit_on_postgresql_wakes_the_watch(pg_url: str) -> None:
    watching = watch(parse(pg_url))
    assert watching.wait(0), "what came before is not known"
    with psycopg.connect(pg_url, autocommit=True) as program:
        program.execute("NOTIFY samsyn")
        assert until(lambda: watching.wait(1))
        assert not watching.wait(0)
    watching.close()


def test_a_server_that_goes_away_is_trouble_that_the_watch_tells(pg_url: str) -> None:
    watching = watch(parse(pg_url))
    assert watching.wait(0)
    with psycopg.connect(pg_url, autocommit=True) as program:
        program.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'samsyn watches' AND datname = current_database()"
        )
    with pytest.raises(DatabaseUnavailable):
        until(lambda: watching.wait(1))
    watching.close()
