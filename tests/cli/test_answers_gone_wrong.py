"""The agent and a service whose answers are cut, garbled or not its own: told as trouble, asked again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from samsyn.agent.http import HttpService
from samsyn.agent.service import ServiceTrouble, ServiceUnreachable


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
            service.wait(0)
        service.close()
