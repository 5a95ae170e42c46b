"""The PostgreSQL that the tests start is real, empty and gone afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests import postgres


def test_a_new_database_is_empty_and_speaks_unicode(pg_url: str) -> None:
    with psycopg.connect(pg_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone()
        assert tables == (0,)
        assert connection.execute("SELECT upper('åäö')").fetchone() == ("ÅÄÖ",)


def test_two_databases_of_one_test_are_apart(new_pg: Callable[[], str]) -> None:
    first, second = new_pg(), new_pg()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE contact (id int)")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT to_regclass('contact')").fetchone() == (None,)


def test_a_database_is_dropped_while_somebody_is_connected(pg_server: postgres.Server) -> None:
    with pg_server.database() as url:
        connection = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_server_takes_its_folder_along() -> None:
    with postgres.running() as server, psycopg.connect(server.url("postgres")) as connection:
        shown = connection.execute("SHOW data_directory").fetchone()
        assert shown is not None
        data = Path(shown[0])
        assert data.exists()
    assert not data.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url("postgres"))


def test_a_version_that_is_not_there_is_named() -> None:
    with pytest.raises(postgres.NoServer, match="PostgreSQL 7"), postgres.running(7):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down to another user")
def test_programs_out_of_reach_are_copied(tmp_path: Path) -> None:
    installed = next(iter(postgres.installations().values()))
    tmp_path.chmod(0o700)
    (tmp_path / "install").symlink_to(installed.parent)
    with postgres.executable(tmp_path / "install" / installed.name) as programs:
        assert not programs.is_relative_to(tmp_path)
        assert (programs / "initdb").is_file()
    assert not programs.exists()


def test_what_a_killed_run_left_is_swept_up(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, used = (tmp_path / f"{postgres.PREFIX}{pid}-abc" for pid in (ended.pid, os.getpid()))
    left.mkdir()
    used.mkdir()
    postgres.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [used]
