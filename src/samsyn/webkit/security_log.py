"""The log of security events, apart from all else: who did what at the ways in, and never a secret."""

from __future__ import annotations

import datetime
import enum
import logging
import os
from contextvars import ContextVar
from pathlib import Path

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samsyn.webkit.headers import Sync
from samsyn.webkit.request_ids import request_id

LOGGER = "samsyn.security"
KEPT_MONTHS = 13
"""A year and the month that runs."""
MAX_TEXT = 300
log = logging.getLogger(LOGGER)
_asking: ContextVar[HttpRequest | None] = ContextVar("asking", default=None)


class Event(enum.Enum):
    """What happened; docs/security.md tells of each."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_TOO_OLD = "session_too_old"
    SESSIONS_ENDED = "sessions_ended"
    THROTTLED = "throttled"
    SIGNED_UP = "signed_up"
    PASSWORD_CHANGED = "password_changed"  # nosec B105 # a name, no password
    PASSWORD_GIVEN = "password_given"  # nosec B105 # a name, no password
    ADDRESS_CHANGED = "address_changed"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_DEMANDED = "second_factor_demanded"
    SECOND_FACTOR_LEFT_FREE = "second_factor_left_free"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    ID_ENDED = "id_ended"
    TOKEN_MADE = "token_made"  # nosec B105 # a name, no token
    TOKEN_REVOKED = "token_revoked"  # nosec B105 # a name, no token
    TOKEN_REFUSED = "token_refused"  # nosec B105 # a name, no token
    ACCESS_CHANGED = "access_changed"
    ACCESS_ENDED = "access_ended"
    INVITED = "invited"
    OFFICE_APPROVED = "office_approved"
    CONNECTION_ENDED = "connection_ended"
    EXPORTED = "exported"
    RESTORED = "restored"
    OPERATOR_DEED = "operator_deed"
    REFUSED = "refused"
    FORGED_FORM = "forged_form"


class Asking:
    """Remembers, for the events of a request, who asks and from where."""

    def __init__(self, get_response: Sync) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer."""
        before = _asking.set(request)
        try:
            return self.get_response(request)
        finally:
            _asking.reset(before)


def told(event: Event, **facts: str) -> None:
    """Log an event: ids and names as facts, never what opens anything.

    Who asks, the address and the request's id come along by themselves.
    """
    known = {**_of_request(), **facts}
    kept = {name: value[:MAX_TEXT] for name, value in known.items() if value}
    log.info("%s", event.value, extra={"facts": kept})


def _of_request() -> dict[str, str]:
    request = _asking.get()
    if request is None:
        return {}
    someone = getattr(request, "user", None)
    by = str(someone.pk) if someone is not None and someone.is_authenticated else ""
    return {"by": by, "from": request.META.get("REMOTE_ADDR", "")}


class Monthly(logging.Handler):
    """Writes a JSON line for each event into the month's file, readable by the program's user alone.

    Each line is one append, so several processes may share the folder. A folder that is
    not there belongs to no program that runs: nothing is written then.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)

    def emit(self, record: logging.LogRecord) -> None:
        """Append the event."""
        if not self.folder.is_dir():
            return
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        path = self.folder / f"security-{at:%Y-%m}.log"
        try:
            new = not path.exists()
            opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(opened, "ab", buffering=0) as file:
                if new:
                    self._begin(opened, at)
                file.write(_line(record, at))
        except OSError:
            self.handleError(record)

    def _begin(self, opened: int, now: datetime.datetime) -> None:
        """A month begins: its file is the folder's owner's, whoever runs a command, and the oldest goes."""
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            owner = self.folder.stat()
            os.fchown(opened, owner.st_uid, owner.st_gid)
        self._forget(now)

    def _forget(self, now: datetime.datetime) -> None:
        months = now.year * 12 + now.month - 1 - KEPT_MONTHS
        oldest = f"security-{months // 12:04}-{months % 12 + 1:02}.log"
        for path in self.folder.glob("security-????-??.log"):
            if path.name < oldest:
                path.unlink(missing_ok=True)


def _line(record: logging.LogRecord, at: datetime.datetime) -> bytes:
    facts = getattr(record, "facts", {})
    told = {"at": at.isoformat(timespec="milliseconds"), "event": record.getMessage(), **facts}
    if request_id.get():
        told["request"] = request_id.get()
    return msgspec.json.encode(told) + b"\n"
