"""The trace log: what sync did, as text for support, without values and without secrets."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol

from samsyn.companydb.urls import CompanyUrl

MAX_BYTES = 2_000_000
KEPT_FILES = 3


class Trace(Protocol):
    """Takes one event and its facts; facts are counts, names, codes and ids, never values."""

    def __call__(self, event: str, **facts: object) -> None: ...


def no_trace(event: str, **facts: object) -> None:
    """Forgets."""


def state_home() -> Path:
    """Where Samsyn keeps its own files on this computer: SAMSYN_HOME or the user's share."""
    told = os.environ.get("SAMSYN_HOME")
    return Path(told) if told else Path.home() / ".local" / "share" / "samsyn"


def trace_path(url: CompanyUrl) -> Path:
    """The trace file of a company database."""
    short = hashlib.blake2b(url.text.encode(), digest_size=6).hexdigest()
    return state_home() / "trace" / f"{short}.log"


def file_trace(url: CompanyUrl) -> Trace:
    """A trace into the database's file, which is kept small."""
    path = trace_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger(f"samsyn.trace.{path.stem}")
    log.propagate = False
    log.setLevel(logging.INFO)
    if not log.handlers:
        handler = RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
        formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
        log.addHandler(handler)

    def trace(event: str, **facts: object) -> None:
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        log.info("%s %s", event, told)

    return trace
