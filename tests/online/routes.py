"""Every address of the service, from its URL configuration: a new one is asked as well."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
from django.urls import get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SYNC = "api/sync/v1/"
REST = "api/v1/companies/<company>/"


def routes() -> list[str]:
    """The addresses as patterns, each once: `api/v1/companies/<company>/types`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    os.environ.setdefault("SAMSYN_ONLINE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
    django.setup()
    return list(dict.fromkeys(_below(get_resolver(), "")))


def _below(resolver: Any, before: str) -> Iterator[str]:  # Any: resolvers and patterns alike
    for found in resolver.url_patterns:
        here = before + str(found.pattern)
        if hasattr(found, "url_patterns"):
            yield from _below(found, here)
        else:
            yield here


def filled(route: str, **names: str) -> str:
    """The address with names in it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(names[found[1]], safe=""), route)
