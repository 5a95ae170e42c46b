"""The service's own address, for links in what it sends: never taken from what a stranger claims it to be."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def absolute(path: str, request: HttpRequest | None = None) -> str:
    """The whole address of a page.

    The Host of a request counts on this machine alone (localhost and
    127.0.0.1 have cookies of their own); elsewhere it could be anything.
    """
    base = settings.SAMSYN_URL
    if request is not None and is_loopback_host(urlsplit(base).netloc):
        host = request.get_host()
        if is_loopback_host(host):
            base = f"{request.scheme}://{host}"
    return base.rstrip("/") + path


def is_loopback_host(host: str) -> bool:
    """Whether a Host is this machine itself."""
    name = split_domain_port(host)[0].strip("[]")
    return name == "localhost" or is_loopback(name)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine itself."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
