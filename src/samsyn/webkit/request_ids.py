"""Which request, and which sync of an office, the code at hand works for: for logs, in every layer and thread."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
sync_id: ContextVar[str] = ContextVar("sync_id", default="")
REQUEST_HEADER = "x-request-id"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def checked(told: str) -> str:
    """An id as somebody told it; empty where it could be anything else than an id."""
    return told if _ID.fullmatch(told) else ""


def new_id() -> str:
    """Another id: 48 bits are enough to find a line."""
    return secrets.token_hex(6)
