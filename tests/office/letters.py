"""A mail server for tests: takes every letter, and keeps it."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy


class Letters:
    """What has come, by who it is for."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []
        """To, subject, text."""

    def to(self, address: str) -> list[tuple[str, str]]:
        """The letters for an address."""
        return [(subject, text) for who, subject, text in self.found if who == address]


@contextmanager
def mail_server() -> Iterator[tuple[str, Letters]]:
    """Its address as a setting names it, and what it has got."""
    letters = Letters()

    class Talk(socketserver.StreamRequestHandler):
        """One conversation, as RFC 5321 has it: every command is fine."""

        def handle(self) -> None:
            """Greets, and takes letters until the other leaves."""
            self._say("220 ready")
            while line := self.rfile.readline():
                match line.split(b" ")[0].strip().upper():
                    case b"DATA":
                        self._say("354 go on")
                        self._take()
                    case b"QUIT":
                        self._say("221 bye")
                        return
                self._say("250 fine")

        def _take(self) -> None:
            lines = iter(self.rfile.readline, b".\r\n")
            told = email.message_from_bytes(b"".join(lines), policy=policy.default)
            body = told.get_body(("plain",))
            text = str(body.get_content()) if body is not None else ""
            letters.found.append((str(told["To"]), str(told["Subject"]), text))

        def _say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"smtp+plain://127.0.0.1:{server.server_address[1]}", letters
        server.shutdown()
        thread.join()
