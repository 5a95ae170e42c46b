"""Sends one message: to a checked address, without following anybody further, within a time."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping

import msgspec

from samsyn.online.errors import BadWebhookUrl
from samsyn.online.webhooks.targets import Target, addresses_of, target

CONNECT_S = 5.0
WHOLE_S = 15.0
"""Everything together: a receiver that answers drop by drop holds nobody up for longer."""
ANSWER_BYTES = 1_000
"""Of an answer, kept for people to read."""

_live: set[socket.socket] = set()
"""Connections in use, for a service that stops."""


class Tried(msgspec.Struct, frozen=True):
    """What came of sending a message."""

    status: int | None = None
    error: str = ""
    duration_ms: int = 0
    answer: str = ""

    @property
    def good(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], whole_s: float = WHOLE_S) -> Tried:
    """POST a body; whatever goes wrong is in the result."""
    began = time.monotonic()
    try:
        found = _post(target(url), body, headers, began + whole_s)
    except BadWebhookUrl as error:
        found = Tried(error=str(error.facts["why"]))
    except socket.gaierror:
        found = Tried(error="UNKNOWN_HOST")
    except ssl.SSLError:
        found = Tried(error="TLS_FAILED")
    except TimeoutError:
        found = Tried(error="TIMEOUT")
    except ConnectionRefusedError:
        found = Tried(error="REFUSED")
    except (OSError, http.client.HTTPException):
        late = time.monotonic() - began >= whole_s
        found = Tried(error="TIMEOUT" if late else "BROKEN_OFF")
    took = round((time.monotonic() - began) * 1000)
    return msgspec.structs.replace(found, duration_ms=took)


def cut_all() -> None:
    """End the connections in use: the service stops. Their messages are sent again."""
    for connected in list(_live):
        _cut(connected)


def _post(where: Target, body: bytes, headers: Mapping[str, str], until: float) -> Tried:
    with _connected(where, until) as connected:
        if isinstance(connected, ssl.SSLSocket):
            connected.do_handshake()
        asking = http.client.HTTPConnection(where.host, where.port)
        asking.sock = connected
        asking.request("POST", where.path, body, dict(headers))
        answer = asking.getresponse()
        start = answer.read(ANSWER_BYTES)
        if time.monotonic() >= until:
            raise TimeoutError  # what was cut looks like the end
        return Tried(answer.status, "", 0, _readable(start))


@contextlib.contextmanager
def _connected(where: Target, until: float) -> Iterator[socket.socket]:
    """A connection that is cut when the time is over."""
    plain = _reached(addresses_of(where), until)
    plain.settimeout(WHOLE_S)
    held = [plain]
    watch = threading.Timer(max(0.0, until - time.monotonic()), lambda: _cut(held[-1]))
    watch.daemon = True
    watch.start()
    _live.add(plain)
    try:
        if where.secure:
            held.append(_wrapped(plain, where.host))
        yield held[-1]
    finally:
        watch.cancel()
        _live.difference_update(held)
        held[-1].close()


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS over a connection; the handshake comes after, so that it too can be cut."""
    wrapped = ssl.create_default_context().wrap_socket(
        plain, server_hostname=host, do_handshake_on_connect=False
    )
    _live.add(wrapped)
    return wrapped


def _reached(addresses: list[tuple[str, int]], until: float) -> socket.socket:
    """A connection to the first address that takes one."""
    last: OSError = TimeoutError()
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection(address, timeout=min(CONNECT_S, left))
        except OSError as error:
            last = error
    raise last


def _cut(connected: socket.socket) -> None:
    """Wake whoever waits for it; an SSLSocket's own shutdown would pull its state from under him."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _readable(start: bytes) -> str:
    text = start.decode("utf-8", "replace")
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
