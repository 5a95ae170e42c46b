"""Something between an office and its service that lets all requests through, or keeps some unanswered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3

from tests.online.running import Service


class Between:
    """Its own address, and the names of the requests that wait until `let_go`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.kept: frozenset[str] = frozenset()
        self._free = threading.Event()

    def keep(self, *names: str) -> None:
        """Requests of these names are taken and not answered."""
        self._free.clear()
        self.kept = frozenset(names)

    def let_go(self) -> None:
        """All are answered again, also those that wait."""
        self.kept = frozenset()
        self._free.set()

    def pass_by(self, name: str) -> None:
        """Returns when the request may go on."""
        if name in self.kept:
            self._free.wait(60)


@contextmanager
def between(service: Service) -> Iterator[Between]:
    """Runs before a service."""
    pool = urllib3.PoolManager(retries=False, maxsize=20)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._forward()

        def do_POST(self) -> None:
            self._forward()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            way.pass_by(self.path.partition("?")[0].rpartition("/")[2])
            told = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            answer = pool.request(
                self.command,
                service.url + self.path,
                body=body or None,
                headers=told,
                decode_content=False,
                timeout=90,
            )
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Encoding"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            with suppress(OSError):  # who asked may be gone
                self.wfile.write(answer.data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    way = Between(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield way
    finally:
        way.let_go()
        server.shutdown()
        server.server_close()
