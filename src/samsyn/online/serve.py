"""Runs the service: opens the address, starts uvicorn, stops it without loose ends."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from samsyn.online.errors import AddressTaken, TlsFiles, TlsRequired
from samsyn.online.home import home

KEEP_ALIVE_S = 75
"""Longer than a held request, so that agents keep their connection."""
STOP_S = 10
BACKLOG = 2048


class Address(msgspec.Struct, frozen=True):
    """Where to listen and how the way there is protected."""

    host: str = "127.0.0.1"
    port: int = 8500
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    """A proxy on the same machine speaks TLS with the world."""

    @property
    def tls(self) -> bool:
        """Whether the service itself speaks TLS."""
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
    elif not address.behind_proxy and not _is_loopback(address.host):
        raise TlsRequired(host=address.host)


def listen(address: Address) -> socket.socket:
    """An open socket; AddressTaken with the reason where that cannot be."""
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


def serve(address: Address, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called with the URL once requests are answered.

    Django must have been set up (`startup.open_service`).
    """
    from samsyn.online.asgi import build
    from samsyn.online.mail.sender import sender
    from samsyn.online.unreadable import Protocol
    from samsyn.records.worker import close_workers

    check(address)
    _allow_many_connections()
    opened = listen(address)
    _tell_settings(address, url_of(address, opened))
    config = uvicorn.Config(
        build(),
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
    )
    server = _Server(config, lambda: ready(url_of(address, opened)))
    sender.start()
    try:
        server.run(sockets=[opened])
    finally:
        sender.stop()
        close_workers()


def _tell_settings(address: Address, url: str) -> None:
    """What only the address tells: links, cookies that travel by TLS alone, the outbox page."""
    from django.conf import settings

    settings.SAMSYN_URL = settings.SAMSYN_URL or url
    secure = address.tls or address.behind_proxy or settings.SAMSYN_URL.startswith("https:")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    settings.SAMSYN_OUTBOX_PAGE = (
        not secure and not address.behind_proxy and _is_loopback(address.host)
    )


class _Server(uvicorn.Server):
    """uvicorn that tells when it is ready, answers held requests when it stops, and ends with 0."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready
        self._alarms: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        from samsyn.online.alarm_log import AlarmLog, in_file

        await super().startup(sockets)
        self._alarms = asyncio.create_task(AlarmLog(in_file(home())).run())
        if self.started and not self.should_exit:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        releasing = asyncio.create_task(_keep_answering())
        if self._alarms is not None:
            self._alarms.cancel()
        try:
            await super().shutdown(sockets)
        finally:
            releasing.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals as a wish to stop, not as a death: uvicorn would raise them again."""
        handled = (signal.SIGINT, signal.SIGTERM)
        before: dict[int, Any] = {s: signal.signal(s, self.handle_exit) for s in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def _keep_answering() -> None:
    """Answer who waits for news, also those whose requests were still on their way: they ask again."""
    from samsyn.records.wakeup import hub

    while True:
        hub.release()
        await asyncio.sleep(0.05)


def _is_loopback(host: str) -> bool:
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
