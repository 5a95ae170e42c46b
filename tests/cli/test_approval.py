"""`samsyn connect` without a code: an address is shown, and a person's answer in a browser decides."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from samsyn.companydb import attach
from samsyn.companydb.urls import SqliteUrl
from tests.office.connecting import Member, served
from tests.online.running import Service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service."""
    with served(tmp_path_factory.mktemp("online")) as started:
        yield started


def connecting(service: Service, folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The command as it waits, and the code that it shows."""
    path = folder / "c.db"
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
    attach.attach(attach.plan(SqliteUrl(str(path))))
    process = subprocess.Popen(
        [sys.executable, "-m", "samsyn.cli.main", "connect", str(path),
         "--online", service.url, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    found = re.search(r"/connect\?code=(\S+)", process.stderr.readline())
    assert found
    return process, found[1]


def test_a_yes_connects(service: Service, tmp_path: Path) -> None:
    process, code = connecting(service, tmp_path)
    member = Member(service, "anna@example.com", "Berg")
    member.approves(code)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out)["company"] == member.company


def test_a_no_connects_nothing(service: Service, tmp_path: Path) -> None:
    process, code = connecting(service, tmp_path)
    Member(service, "bo@example.com", "Bo").refuses(code)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert json.loads(out)["error"] == "NOT_APPROVED"
