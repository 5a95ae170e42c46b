"""The log of security events, as a test hears it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from samsyn.webkit.security_log import LOGGER

Heard = list[dict[str, str]]


class _Hears(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.heard: Heard = []

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, str] = record.facts  # type: ignore[attr-defined]  # security_log.told gives them
        self.heard.append({"event": record.getMessage(), **facts})


@contextmanager
def events() -> Iterator[Heard]:
    """The events from here on."""
    hears, log = _Hears(), logging.getLogger(LOGGER)
    log.addHandler(hears)
    try:
        yield hears.heard
    finally:
        log.removeHandler(hears)
