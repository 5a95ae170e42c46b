"""A person's browser without a browser: cookies, forms with their token, one company's pages."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import urllib3

from tests.online.running import Answer, Service

LATELY_S = 120.0
"""Less than the service takes for lately, by what one test may last."""


class Visitor:
    """Somebody who is signed in at a running service."""

    def __init__(self, service: Service, email: str) -> None:
        self.url, self.pool = service.url, urllib3.PoolManager(retries=False)
        self.cookies: dict[str, str] = {}
        self._password = password = service.command("new-password", email)["password"]
        self.send("GET", "id/sign-in")
        signed_in = self.send("POST", "id/sign-in", {"login": email, "password": password})
        assert signed_in.status == 302, signed_in.body
        self._shown_at = time.monotonic()

    def shows_to_be_the_same(self) -> None:
        """Give the password once more where it was long ago, so that pages which want that lately are open."""
        if time.monotonic() - self._shown_at < LATELY_S:
            return
        self._shown_at = time.monotonic()
        told = self.send("POST", "id/still-you", {"password": self._password})
        assert told.status == 302, told.body

    def send(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """A request as a form sends it; what it answers, not what it leads to."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if method == "POST":
            headers["X-CSRFToken"] = self.cookies.get("samsyn_csrf", "")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields or {})
        got = self.pool.request(
            method, f"{self.url}/{path}", body=body, headers=headers, redirect=False, timeout=60
        )
        for cookie in got.headers.getlist("Set-Cookie"):
            if found := re.match(r"([^=]+)=([^;]*)", cookie):
                self.cookies[found[1]] = found[2]
        return Answer(got)
