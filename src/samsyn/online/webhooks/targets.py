"""Which addresses a webhook may have: nothing inside the service's own network (server-side request forgery).

A name is looked up for each message, every address that it stands for is
checked, and the connection goes to the very address that was checked: what
the name stands for a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

import msgspec
from django.conf import settings

from samsyn.online.errors import BadWebhookUrl

MAX_URL = 2_000
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


class Target(msgspec.Struct, frozen=True):
    """Where a message goes."""

    secure: bool
    host: str
    port: int
    path: str
    """With its query."""


def target(url: str) -> Target:
    """The parts of a webhook's address; BadWebhookUrl with `why`."""
    parts = _parts(url)
    host, port = parts.hostname or "", _port(parts)
    secure = parts.scheme == "https"
    if not secure and not (allows_private() and parts.scheme == "http" and _is_loopback(host)):
        raise BadWebhookUrl(why="HTTPS_NEEDED")
    literal = _literal(host)
    if literal is not None and not is_allowed(literal):
        raise BadWebhookUrl(why="PRIVATE_ADDRESS")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def addresses_of(where: Target) -> list[tuple[str, int]]:
    """The addresses that a name stands for now, all checked; BadWebhookUrl, OSError."""
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    told = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(is_allowed(address) for address in told):
        raise BadWebhookUrl(why="PRIVATE_ADDRESS")
    return [(address, where.port) for address in told]


def is_allowed(address: str) -> bool:
    """Whether messages may be sent to an IP address."""
    if allows_private():
        return True
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(known)


def allows_private() -> bool:
    """Whether the operator lets webhooks go to private addresses."""
    return bool(settings.SAMSYN_WEBHOOKS_PRIVATE)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        carries_another = address.sixtofour is not None or address.teredo is not None
        if carries_another or address in NAT64 or address in NAT64_LOCAL:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parts(url: str) -> SplitResult:
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadWebhookUrl(why="NOT_AN_ADDRESS")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadWebhookUrl(why="NOT_AN_ADDRESS") from error
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise BadWebhookUrl(why="NOT_AN_ADDRESS")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadWebhookUrl(why="NO_PASSWORD_IN_IT")
    return parts


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        raise BadWebhookUrl(why="NOT_AN_ADDRESS") from error
    if port == 0:
        raise BadWebhookUrl(why="NOT_AN_ADDRESS")
    return port


def _literal(host: str) -> str | None:
    """The address where a host is one in any of the forms that resolvers take, such as 127.1 or 0x7f000001."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (
        literal is not None and ipaddress.ip_address(literal).is_loopback
    )
