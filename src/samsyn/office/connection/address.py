"""Where the installation finds Samsyn Online."""

from __future__ import annotations

from django.conf import settings

from samsyn.agent.http import checked_address
from samsyn.office.connection.models import ServiceAddress


def service_address() -> str:
    """The address that was chosen, else the one that the operator told; empty where there is none."""
    kept = ServiceAddress.objects.first()
    return kept.url if kept is not None else str(settings.SAMSYN_SERVICE)


def keep_address(url: str) -> str:
    """Use another one from now on; without a trailing slash. Raises UnsafeAddress."""
    clean = checked_address(url.strip())
    ServiceAddress.objects.update_or_create(pk=1, defaults={"url": clean})
    return clean


def page_of(online: str, path: str) -> str:
    """A page of the service, for people."""
    return online.rstrip("/") + path
