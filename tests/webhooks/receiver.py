"""A receiver of webhooks on this machine: it keeps what it gets and answers as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


class Got(msgspec.Struct, frozen=True):
    """One message as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """By which the receiver knows what it has."""
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:  # Any: JSON
        """The body's value."""
        return json.loads(self.body)

    @property
    def event(self) -> str:
        """What happened."""
        return str(self.json["type"])

    def is_signed_by(self, secret: str) -> bool:
        """Whether the signature is right, worked out as the standard has it."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{right}" in self.headers["webhook-signature"].split()


class Receiver(ThreadingHTTPServer):
    """Keeps messages; `answers` are given one after the other, then 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Got] = []
        self.answers: list[int] = []
        self.location = ""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    @property
    def events(self) -> list[str]:
        """What it was told, each message once, in the order of its first coming."""
        return [got.event for got in self.once]

    @property
    def once(self) -> list[Got]:
        """Each message once."""
        return list({got.id: got for got in reversed(self.got)}.values())[::-1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        told = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append(Got(told, body))
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        answer = f"answered {status}".encode()
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=[0.01])
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()
