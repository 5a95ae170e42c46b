"""A real office program in a process of its own, and people at their browsers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import urllib3

PASSWORD = "lingon-torp-52-kvist"
OTHER_PASSWORD = "blåbär-torp-53-kvist"


Fields = Mapping[str, str | list[str]]
"""What a form sends, by name."""


class Office:
    """A running `samsyn office`, with its commands."""

    def __init__(self, home: Path) -> None:
        self.home, self.url = home, ""
        self._process: subprocess.Popen[str] | None = None

    def start(self, *more: str) -> None:
        """Start it on a free port and wait for its word that it is ready."""
        words = self._words("--port", "0", "--json", *more)
        self._process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline() or "null")
        assert told is not None, self.stop()
        assert told["ready"] is True
        self.url = told["url"]

    def stop(self) -> tuple[int, str]:
        """Stop it; its exit code and what it said on standard error."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        _, err = self._process.communicate(timeout=30)
        code, self._process = self._process.returncode, None
        return code, err

    def command(self, name: str, *args: str) -> Any:  # Any: JSON as it came
        """What a command beside it answers."""
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "samsyn.cli.office",
                name,
                "--home",
                str(self.home),
                "--json",
                *args,
            ],
            env={**os.environ, "SAMSYN_LANG": "en"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def _words(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "samsyn.cli.office", "--home", str(self.home), *args]


@contextmanager
def office_running(home: Path) -> Iterator[Office]:
    """An office program that is stopped at the end, without a word of complaint."""
    office = Office(home)
    office.start()
    try:
        yield office
    finally:
        code, err = office.stop()
        assert code == 0
        assert "Traceback" not in err, err


class Answer(NamedTuple):
    """What a page answered; `to` is where it leads on."""

    status: int
    text: str
    to: str
    headers: Any  # Any: urllib3's own

    def shows(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in unescape(self.text)


class Person:
    """Somebody at a browser of his own: cookies, language, forms."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url, self.language = url, language
        self.cookies: dict[str, str] = {}
        self._pool = urllib3.PoolManager(retries=False)

    def get(self, path: str) -> Answer:
        """Open an address."""
        return self._ask("GET", path, None)

    def open(self, path: str) -> Answer:
        """Open an address and go where it leads."""
        answer = self.get(path)
        for _ in range(5):
            if not answer.to:
                return answer
            answer = self.get(answer.to)
        raise AssertionError(f"{path} leads round and round")

    def part(self, path: str) -> Answer:
        """What htmx asks for, while a page stands open."""
        return self._ask("GET", path, None, {"HX-Request": "true"})

    def data(self, path: str) -> bytes:
        """A file, as it comes."""
        return self._send("GET", path, None, {}).data

    def post(self, path: str, **fields: str | list[str]) -> Answer:
        """Send a form, with the token that every form carries; a list is a name that comes several times."""
        if "samsyn_office_csrf" not in self.cookies:
            self.open("/sign-in")
        token = {"csrfmiddlewaretoken": self.cookies.get("samsyn_office_csrf", "")}
        return self._ask("POST", path, {**fields, **token})

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        """Send a form with a file."""
        told: list[tuple[str, str | bytes | tuple[str, str | bytes]]] = list(fields.items())
        told.append(("csrfmiddlewaretoken", self.cookies.get("samsyn_office_csrf", "")))
        told.append((name, ("file.bin", content)))
        body, kind = urllib3.encode_multipart_formdata(told)
        return _answer(self._sent("POST", path, body, {"Content-Type": kind, "Origin": self.url}))

    def sign_in(self, username: str, password: str = PASSWORD) -> Answer:
        """Sign in by the form."""
        return self.post("/sign-in", username=username, password=password)

    def form(self, path: str) -> dict[str, str]:
        """What the controls of a page's form hold: inputs, areas and chosen options."""
        return controls(self.open(path).text)

    def _ask(
        self,
        method: str,
        path: str,
        fields: Fields | None,
        told: dict[str, str] | None = None,
    ) -> Answer:
        return _answer(self._send(method, path, fields, told or {}))

    def _send(
        self, method: str, path: str, fields: Fields | None, told: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        if fields is None:
            return self._sent(method, path, None, told)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        return self._sent(method, path, urlencode(fields, doseq=True).encode(), kind | told)

    def _sent(
        self, method: str, path: str, body: bytes | None, told: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        headers = {
            "Accept-Language": self.language,
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **told,
        }
        response = self._pool.request(
            method, self.url + path, body=body, headers=headers, redirect=False, timeout=60
        )
        for cookie in response.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return response


def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
    text = response.data.decode("utf-8", "replace")
    return Answer(response.status, text, response.headers.get("Location", ""), response.headers)


def controls(html: str) -> dict[str, str]:
    """The values that a browser would send back for a page's forms, by name."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        box = 'type="checkbox"' in tag
        unticked = box and not re.search(r"\bchecked\b", tag)
        value = value or ("on" if box else "")
        if name and not unticked and 'type="file"' not in tag:
            found[name] = value
    for tag, inside in re.findall(r"(<textarea\b[^>]*>)(.*?)</textarea>", html, re.DOTALL):
        found[_attribute(tag, "name")] = unescape(inside).removeprefix("\n")
    for tag, inside in re.findall(r"(<select\b[^>]*>)(.*?)</select>", html, re.DOTALL):
        options = re.findall(r"<option\b[^>]*>", inside)
        chosen = [o for o in options if re.search(r"\bselected\b", o)] or options[:1]
        found[_attribute(tag, "name")] = _attribute(chosen[0], "value") if chosen else ""
    return found


def ticked(html: str, name: str) -> list[str]:
    """The values of the boxes of that name that are ticked."""
    boxes = re.findall(rf'<input\b[^>]*\bname="{name}"[^>]*>', html)
    return [_attribute(box, "value") for box in boxes if re.search(r"\bchecked\b", box)]


def _attribute(tag: str, name: str) -> str:
    told = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(told[1]) if told else ""
