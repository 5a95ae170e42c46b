"""Pairing codes: short enough to type, good for one connection and fifteen minutes."""

from __future__ import annotations

import hashlib
import secrets
import threading

from django.db import connection

from samsyn.protocol.messages import PairAnswer, PairRequest
from samsyn.records import connections
from samsyn.records.errors import BadPairingCode, TooManyAttempts
from samsyn.records.newcomer import is_newcomer, tell_all
from samsyn.records.tenant import Tenant, writing

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0 or 1: people read codes aloud."""
CODE_LETTERS = 8
VALID_S = 15 * 60
WINDOW_S = 60
WRONG_PER_ADDRESS = 10
WRONG_IN_ALL = 300


def make_code(tenant: Tenant, company_name: str, at_s: int) -> str:
    """A new code, like K7QF-2M9X. Codes that are no longer good are cleared away."""
    letters = random_letters(CODE_LETTERS)
    with writing():
        tenant.execute(
            "DELETE FROM records_pairing_code WHERE company_id = %(company)s"
            " AND expires_s < %(long_ago)s",
            long_ago=at_s - 24 * 3600,
        )
        admit(tenant, company_name, code_hash(letters), at_s + VALID_S)
    return spelled(letters)


def admit(
    tenant: Tenant, company_name: str, hashed: str, expires_s: int, renews: str | None = None
) -> None:
    """Make what has that hash a code of the company; `renews` as PairingCode has it."""
    tenant.execute(
        "INSERT INTO records_pairing_code (code_hash, company_id, expires_s, renews)"
        " VALUES (%(code_hash)s, %(company)s, %(expires_s)s, %(renews)s)",
        code_hash=hashed,
        expires_s=expires_s,
        renews=renews,
    )
    tenant.execute(
        "INSERT INTO records_company (company_id, head, online_head, name, engine)"
        " VALUES (%(company)s, 0, 0, %(name)s, '')"
        " ON CONFLICT (company_id) DO UPDATE SET name = excluded.name",
        name=company_name,
    )


def random_letters(count: int) -> str:
    """Random letters that people can tell apart."""
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def spelled(letters: str) -> str:
    """A code as it is shown: K7QF-2M9X."""
    return f"{letters[:4]}-{letters[4:]}"


def redeem(request: PairRequest, at: str, at_s: int) -> PairAnswer:
    """Spend a code on a connection, a new one or one that is to be renewed.

    A database that does not know how far the company's had come is told all of that anew.
    Raises BadPairingCode, and OtherCompany where the company of the code has
    no such connection; then the code is still good.
    """
    with writing():
        tenant = _spend(code_hash(request.code), request.renew, at, at_s)
        comes_new = False
        if request.renew is not None:
            secret = connections.renew(tenant, request.renew)
        else:
            comes_new = is_newcomer(tenant, request.before)
            secret = connections.open_connection(
                tenant,
                request.computer,
                request.database,
                request.engine,
                at,
                newcomer=comes_new,
            )
        named = tenant.row("SELECT name FROM records_company WHERE company_id = %(company)s")
        assert named is not None
    if comes_new:
        tell_all(tenant, request.computer, at)  # nobody has the credential before
    return PairAnswer(connections.id_of(secret), secret, tenant.company, named[0], comes_new)


def _spend(hashed: str, renew: str | None, at: str, at_s: int) -> Tenant:
    """The company of a code, which is used from now on; of two at once, one gets it.

    What a person approved is what it is good for: a renewal makes no new connection.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_pairing_code SET used_at = %s"
            " WHERE code_hash = %s AND used_at IS NULL AND expires_s > %s"
            " AND (renews IS NULL OR renews = %s)"
            " RETURNING company_id",
            [at, hashed, at_s, renew or ""],
        )
        found = cursor.fetchone()
    if found is None:
        raise BadPairingCode()
    return Tenant(found[0])


class Attempts:
    """Counts wrong codes in memory, for each address and in all, over the last minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: list[tuple[int, str]] = []

    def check(self, address: str, at_s: int) -> None:
        """TooManyAttempts where this address, or everybody, has guessed too often."""
        with self._lock:
            # All are looked at: a clock that was set back leaves later times before earlier ones.
            self._wrong = [one for one in self._wrong if one[0] > at_s - WINDOW_S]
            own = sum(1 for _, who in self._wrong if who == address)
            if own >= WRONG_PER_ADDRESS or len(self._wrong) >= WRONG_IN_ALL:
                raise TooManyAttempts(retry_after_s=WINDOW_S)

    def wrong(self, address: str, at_s: int) -> None:
        """Another wrong code."""
        with self._lock:
            self._wrong.append((at_s, address))

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._wrong.clear()


attempts = Attempts()
"""The wrong codes of this process."""


def redeem_counted(request: PairRequest, address: str, at: str, at_s: int) -> PairAnswer:
    """`redeem`, with wrong codes counted against the address; TooManyAttempts."""
    attempts.check(address, at_s)
    try:
        return redeem(request, at, at_s)
    except BadPairingCode:
        attempts.wrong(address, at_s)
        raise


def code_hash(code: str) -> str:
    """The hash under which a code is kept, however it is typed."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(b"samsyn pairing code:" + letters.encode()).hexdigest()
