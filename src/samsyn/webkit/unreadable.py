"""The answer to what is no HTTP: a problem document, where uvicorn would say it in plain text."""

from __future__ import annotations

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from samsyn.webkit.problems import PROBLEM_TYPE, document


class Protocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, but for what it cannot read."""

    def send_400_response(self, msg: str) -> None:
        """Tell that the request cannot be read, and hang up."""
        body = document(HTTPStatus.BAD_REQUEST, "BAD_REQUEST")
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: {PROBLEM_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
