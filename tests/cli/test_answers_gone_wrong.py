"""The agent and a service whose answers are cut, garbled or not its own: told as trouble, asked again."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner

from samsyn.agent.http import HttpService
from samsyn.agent.service import ServiceTrouble, ServiceUnreachable
from samsyn.cli.main import main
from samsyn.companydb import books
from samsyn.companydb.attach import attach, plan
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import parse
from samsyn.protocol.messages import Cursor


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The address of something that gives each request this answer and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    near, _ = server.accept()
                except OSError:
                    return
                with near:
                    near.recv(65536)
                    near.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS = [
    b"",
    b"HTTP/1.1 2",
    OK,
    OK + b"Content-Length: 100\r\n\r\n{",
    OK + b"Content-Length: 2\r\n\r\n{}",
    OK + b'Content-Length: 20\r\n\r\n{"online_head": "x"}',
    OK + b"Content-Length: 3\r\n\r\n\xff\xfe{",
    OK + b"Content-Encoding: zstd\r\nContent-Length: 5\r\n\r\nhello",
    OK + b"Content-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
    OK + b"Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 13\r\n\r\n<html></html>",
    b"HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\n\xff\xfe{",
    b"HTTP/1.1 429 Slow\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 404 Not Here\r\nContent-Length: 13\r\n\r\n<html></html>",
    b'HTTP/1.1 413 Large\r\nContent-Length: 11\r\n\r\n{"code": 7}',
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_gone_wrong_is_trouble_that_passes_fm6_fm9(answer: bytes) -> None:
    with answering(answer) as online:
        service = HttpService(online, "secret")
        with pytest.raises((ServiceTrouble, ServiceUnreachable)):
            service.wait(0, Cursor())
        service.close()


PAGES = [
    {"online_head": 2**63}, {"online_head": -1}, {"upto": 10**30}, {"since": -5}, {"included_batch": -1},
    {"changes": [{"operation": "update", "type": "item", "id": "x", "fields": {}}]},
    {"changes": [{"operation": "update", "type": "item", "id": "F" * 32, "fields": {}}]},
    {"send_again": [["item", "not an id"]]},
]  # fmt: skip
"""What makes a page one that no service of ours has written."""


@pytest.mark.parametrize("wrong", PAGES, ids=str)
def test_a_page_that_no_service_of_ours_wrote_is_not_taken(wrong: dict[str, object]) -> None:
    page: dict[str, object] = {
        "since": 0, "upto": 1, "online_head": 1, "included_batch": 0, "changes": [], "more": False,
    }  # fmt: skip
    for told, is_taken in ((page, True), ({**page, **wrong}, False)):
        body = json.dumps(told).encode()
        length = f"Content-Length: {len(body)}\r\n\r\n".encode()
        with answering(OK + length + body) as online:
            service = HttpService(online, "secret")
            if is_taken:
                assert service.pull(Cursor(), 0, 10, 1).upto == 1
            else:
                with pytest.raises(ServiceTrouble):
                    service.pull(Cursor(), 0, 10, 1)
            service.close()


COMMANDS = [
    "sync --timeout 1", "verify", "ledger", "undo", "undo --hour 2026-11-23T10", "status", "conflicts",
    "conflicts --re-apply 1.0", "quarantine", "quarantine 1 --skip", "history", "held", "update-connection",
    "update-connection --bring-back", "update-connection --undo", "update-connection --code AAAA-AAAA", "disconnect --yes",
]  # fmt: skip
"""Every command that asks the service."""


@pytest.mark.parametrize("answer", [ANSWERS[n] for n in (0, 3, 4, 5, 7, 9, 10, 13, 14)])
def test_every_command_tells_what_went_wrong_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setenv("SAMSYN_HOME", str(tmp_path / "home"))
    path = tmp_path / "company.db"
    with closing(apsw.Connection(str(path))) as db:
        db.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        db.execute("INSERT INTO item (name) VALUES ('one'), ('two')")
    attach(plan(parse(str(path))))
    with answering(answer) as online:
        for words in COMMANDS:
            with opened(parse(str(path)), writing=True) as session, session.transaction():
                secret = books.Connection("c1", "secret", online, "aaaaaaaaaaaa", "Nordlund")
                books.set_fact(session, "connection", secret)
            name, *options = words.split()
            done = CliRunner().invoke(main, [name, str(path), *options, "--json"])
            assert done.exception is None or isinstance(done.exception, SystemExit), words
            assert done.exit_code in (0, 1, 3, 4), (words, done.output)
            if done.exit_code == 1:
                told = json.loads(done.stdout.splitlines()[-1])
                assert told["error"].isupper(), words
                assert told["message"], words
    with closing(apsw.Connection(str(path))) as db:
        assert list(db.execute("SELECT name FROM item")) == [("one",), ("two",)]
