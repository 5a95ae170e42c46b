"""The service's log: plain lines or JSON, each with the request and the sync that it belongs to."""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec

from samsyn.online.configuration import Configuration
from samsyn.records.clock import text_of_s
from samsyn.webkit import security_log
from samsyn.webkit.request_ids import request_id, sync_id

_plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s%(ids)s")


def set_up(chosen: Configuration) -> None:
    """Write what happens to standard error, as the configuration says."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if chosen.log_format == "json" else Plain())
    for name, level in (("samsyn", chosen.log_level), ("django", "ERROR")):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.setLevel(level)
        log.propagate = False
    # Beside its own file, for whoever collects the log elsewhere.
    logging.getLogger(security_log.LOGGER).propagate = chosen.log_format == "json"


class Plain(logging.Formatter):
    """A line for people, with the ids at its end."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {"request": request_id.get(), "sync": sync_id.get(), **_facts(record)}
        ids = "".join(f" {name}={value}" for name, value in told.items() if value != "")
        record.ids = ids
        return _plain.format(record)


class Json(logging.Formatter):
    """A JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, object] = {
            "at": text_of_s(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            "sync": sync_id.get(),
            **_facts(record),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        kept = {name: value for name, value in told.items() if value != ""}
        return msgspec.json.encode(kept, enc_hook=str).decode()


def _facts(record: logging.LogRecord) -> dict[str, Any]:  # Any: whatever was told as `facts`
    facts = getattr(record, "facts", None)
    return facts if isinstance(facts, dict) else {}
