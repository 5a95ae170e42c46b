"""Serves a program: opens the address, starts uvicorn, stops it without loose ends."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import msgspec
import uvicorn

from samsyn.webkit import supervisor
from samsyn.webkit.errors import AddressTaken, TlsFiles, TlsRequired
from samsyn.webkit.limits import App
from samsyn.webkit.unreadable import Protocol

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2; those of 1.3 are all as good. Each keeps what was said before secret when a key is lost later."""
KEEP_ALIVE_S = 75
"""Longer than a held request, so that agents keep their connection."""
STOP_S = 10
BACKLOG = 2048
LEFT = "SAMSYN_SOCKET"
"""The number of a socket that the process before has left open; nobody else's concern."""

Work = Callable[[], Coroutine[Any, Any, None]]
"""Something that goes on beside the answering of requests."""


class Address(msgspec.Struct, frozen=True):
    """Where to listen and how the way there is protected."""

    host: str
    port: int
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    """A proxy on the same machine speaks TLS with the world."""
    shared: bool = False
    """Other processes listen on the same port too."""

    @property
    def tls(self) -> bool:
        """Whether the program itself speaks TLS."""
        return self.tls_cert is not None


def check(address: Address) -> None:
    """TlsRequired for an address that others reach unprotected; TlsFiles for bad files."""
    if (address.tls_cert is None) != (address.tls_key is None):
        raise TlsFiles(reason="--tls-cert and --tls-key belong together")
    if address.tls_cert is not None and address.tls_key is not None:
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(address.tls_cert, address.tls_key)
        except (OSError, ssl.SSLError) as error:
            raise TlsFiles(reason=str(error)) from error
    elif not address.behind_proxy and not is_loopback(address.host):
        raise TlsRequired(host=address.host)


def listen(address: Address) -> socket.socket:
    """An open socket, or the one that the process before left; AddressTaken where that cannot be."""
    left = os.environ.pop(LEFT, "")
    if left:
        return socket.socket(fileno=int(left))
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressTaken(host=address.host, port=address.port, reason=_why(error)) from error
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if address.shared:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind(where)
        opened.listen(BACKLOG)
        opened.setblocking(False)
    except OSError as error:
        opened.close()
        raise AddressTaken(host=address.host, port=address.port, reason=_why(error)) from error
    return opened


def url_of(address: Address, opened: socket.socket) -> str:
    """The URL to open, with the port that was really given."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    port = opened.getsockname()[1]
    return f"{'https' if address.tls else 'http'}://{host}:{port}"


def run(
    address: Address,
    opened: socket.socket,
    application: App,
    ready: Callable[[str], None],
    *,
    beside: Sequence[Work] = (),
    while_stopping: Sequence[Work] = (),
) -> bool:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; whether to begin again, which SIGHUP means.

    `ready` is called with the URL once requests are answered. `beside` runs
    meanwhile, `while_stopping` until the last request is answered. After SIGHUP
    the socket is left open for `begin_again`.
    """
    _allow_many_connections()
    kept = opened.dup()
    config = uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # a warning for each thing that is no HTTP would let strangers fill the log
        access_log=False,
        proxy_headers=address.behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=address.tls_cert,
        ssl_keyfile=address.tls_key,
        ssl_ciphers=CIPHERS,
    )
    server = _Server(config, lambda: ready(url_of(address, kept)), beside, while_stopping)
    server.run(sockets=[opened])
    if server.again:
        os.set_inheritable(kept.fileno(), True)
        os.environ[LEFT] = str(kept.detach())
    else:
        kept.close()
    return server.again


def begin_again() -> NoReturn:
    """The program and its configuration anew, in this process; whoever connects meanwhile waits."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # another one, before there is a handler again
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


class _Server(uvicorn.Server):
    """uvicorn that tells when it is ready, has work beside it, and ends with 0."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        beside: Sequence[Work],
        while_stopping: Sequence[Work],
    ) -> None:
        super().__init__(config)
        self.ready, self.beside, self.while_stopping = ready, beside, while_stopping
        self.again = False
        """Whether it stops to begin again."""
        self._running: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._running = [asyncio.create_task(work()) for work in self.beside]
        if self.started and not self.should_exit:
            self.ready()
            supervisor.tell("READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        supervisor.tell("RELOADING=1" if self.again else "STOPPING=1")
        stopping = [asyncio.create_task(work()) for work in self.while_stopping]
        for task in self._running:
            task.cancel()
        try:
            await super().shutdown(sockets)
        finally:
            for task in stopping:
                task.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals as a wish to stop, not as a death: uvicorn would raise them again."""
        handled = (signal.SIGINT, signal.SIGTERM)
        before: dict[int, Any] = {s: signal.signal(s, self.handle_exit) for s in handled}
        if hasattr(signal, "SIGHUP"):  # not on Windows
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._begin_again)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _begin_again(self, number: int, frame: FrameType | None) -> None:
        self.again = self.should_exit = True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _allow_many_connections() -> None:
    """Raise the number of open files to what the system lets us: each held request is one."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > soft:
        wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), hard))
