"""Idempotency-Key: a POST that is sent again gets the answer it had, and does nothing more.

The answer is kept in the transaction of its effect, for a day, for each token.
Where nothing has happened, no answer is kept: a refusal is decided anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import zstandard
from django.db import connection
from django.http import HttpRequest, HttpResponse

from samsyn.online.api.answers import encoded, json_bytes
from samsyn.online.api.errors import AnswerTooLarge, BadParameter, KeyInUse, KeyReused
from samsyn.online.grants import Access
from samsyn.records import clock
from samsyn.records.tenant import Tenant, is_postgresql, together
from samsyn.records.worker import in_worker

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(hours=24)
MOST = 10_000
"""Answers that are kept for one token; then the oldest goes."""
LARGEST_BYTES = 1024 * 1024
"""Of a kept answer, compressed."""
MAX_KEY = 255

_busy: set[tuple[str, str, str]] = set()
"""Keys in work in this process; other processes are told by the database."""


class Made(msgspec.Struct, frozen=True):
    """What a request comes to: the value to answer, and the record's version where it is one."""

    value: object
    status: int = 200
    version: int | None = None


class Kept(msgspec.Struct, frozen=True):
    """An answer as it was given."""

    status: int
    body: bytes
    version: int | None


class Asked(msgspec.Struct, frozen=True):
    """A request with a key."""

    access: Access
    key: str
    fingerprint: str

    @property
    def name(self) -> tuple[str, str, str]:
        """Whose key it is."""
        return self.access.company, self.access.token, self.key


async def once(request: HttpRequest, access: Access, act: Callable[[], Made]) -> HttpResponse:
    """Do the work of a POST and answer it; with a key, once.

    Raises BadParameter, KeyReused, KeyInUse, AnswerTooLarge, and what the work raises.
    """
    key = _key(request)
    if key is None:
        made = await in_worker(act)
        return encoded(json_bytes(made.value), made.status, made.version)
    asked = Asked(access, key, _fingerprint(request))
    if asked.name in _busy:
        raise KeyInUse(key=key)
    _busy.add(asked.name)
    try:
        kept, again = await in_worker(_once, asked, act)
    finally:
        _busy.discard(asked.name)
    answer = encoded(kept.body, kept.status, kept.version)
    if again:
        answer["Idempotency-Replayed"] = "true"
    return answer


def _once(asked: Asked, act: Callable[[], Made]) -> tuple[Kept, bool]:
    """The answer, and whether it was there before."""
    tenant = Tenant(asked.access.company)
    now = clock.now()
    with together():
        _alone(asked)
        found = _found(tenant, asked, now)
        if found is not None:
            return found, True
        made = act()
        kept = Kept(made.status, json_bytes(made.value), made.version)
        _keep(tenant, asked, kept, now)
    return kept, False


def _alone(asked: Asked) -> None:
    """Refuse where another process has the key in work; SQLite lets one in after the other."""
    if not is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", ["\x1f".join(asked.name)]
        )
        if not cursor.fetchone()[0]:
            raise KeyInUse(key=asked.key)


def _found(tenant: Tenant, asked: Asked, now: str) -> Kept | None:
    row = tenant.row(
        "SELECT fingerprint, status, body, version FROM api_kept_answer"
        " WHERE company_id = %(company)s AND token = %(token)s AND key = %(key)s"
        " AND at > %(oldest)s",
        token=asked.access.token,
        key=asked.key,
        oldest=_before(now),
    )
    if row is None:
        return None
    fingerprint, status, body, version = row
    if fingerprint != asked.fingerprint:
        raise KeyReused(key=asked.key)
    return Kept(status, zstandard.decompress(bytes(body)), version)


def _keep(tenant: Tenant, asked: Asked, kept: Kept, now: str) -> None:
    body = zstandard.compress(kept.body)
    if len(body) > LARGEST_BYTES:
        raise AnswerTooLarge(bytes=len(body), limit=LARGEST_BYTES)
    mine: dict[str, Any] = {"token": asked.access.token}  # Any: as parameters go
    tenant.execute(
        "DELETE FROM api_kept_answer WHERE company_id = %(company)s AND token = %(token)s"
        " AND (at <= %(oldest)s OR at < (SELECT at FROM api_kept_answer"
        " WHERE company_id = %(company)s AND token = %(token)s"
        " ORDER BY at DESC LIMIT 1 OFFSET %(most)s))",
        oldest=_before(now),
        most=MOST,
        **mine,
    )
    tenant.execute(
        "INSERT INTO api_kept_answer"
        " (company_id, token, key, fingerprint, status, version, body, at) VALUES"
        " (%(company)s, %(token)s, %(key)s, %(fingerprint)s, %(status)s, %(version)s, %(body)s, %(at)s)",
        key=asked.key,
        fingerprint=asked.fingerprint,
        status=kept.status,
        version=kept.version,
        body=body,
        at=now,
        **mine,
    )


def forget_old(tenant: Tenant, now: str) -> int:
    """Let go of answers that are older than a day, of all tokens; how many."""
    return tenant.execute(
        "DELETE FROM api_kept_answer WHERE company_id = %(company)s AND at <= %(oldest)s",
        oldest=_before(now),
    )


def _key(request: HttpRequest) -> str | None:
    """The key of a request, with or without the quotes that the draft standard asks for."""
    told = request.headers.get(HEADER)
    if told is None:
        return None
    key = told.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise BadParameter(parameter=HEADER, expected=f"1 to {MAX_KEY} printable ASCII characters")
    return key


def _fingerprint(request: HttpRequest) -> str:
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    told.update(request.body)
    return told.hexdigest()


def _before(now: str) -> str:
    moment = dt.datetime.fromisoformat(now) - KEPT
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
