"""Every address of the office program with the right that opens it, told by a process of its own.

`python -m tests.office.routes`: a test process has the service's settings already.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec


class Route(msgspec.Struct, frozen=True):
    """An address as a pattern; `who` and `area` are empty where it names no right."""

    route: str
    name: str
    who: str = ""
    area: str = ""
    level: str = "NONE"


def routes() -> list[Route]:
    """All of them."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.office.routes"], check=True, capture_output=True, text=True
    )
    return msgspec.json.decode(told.stdout, type=list[Route])


def _below(resolver: Any, before: str) -> Iterator[Route]:  # Any: resolvers and patterns alike
    for found in resolver.url_patterns:
        here = before + str(found.pattern)
        if hasattr(found, "url_patterns"):
            yield from _below(found, here)
            continue
        right = getattr(found.callback, "right", None)
        if right is None:
            yield Route(here, found.name)
        else:
            area = right.area.value if right.area else ""
            yield Route(here, found.name, right.who.value, area, right.level.name)


def _main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.office.settings"
    os.environ.setdefault("SAMSYN_OFFICE_HOME", str(Path(tempfile.gettempdir()) / "samsyn-no-home"))
    import django
    from django.urls import get_resolver

    django.setup()
    json.dump([msgspec.to_builtins(one) for one in _below(get_resolver(), "")], sys.stdout)


if __name__ == "__main__":
    _main()
