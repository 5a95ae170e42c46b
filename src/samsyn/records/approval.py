"""An office asks to be connected, and a person answers on the service's pages: see protocol.approval.

What an office tells of itself proves nothing, so it is shown and never used. The secret stays at the
office; the code that a person compares opens nothing by itself. Both are kept as hashes.
"""

from __future__ import annotations

import unicodedata

import msgspec
from django.db import connection

from samsyn.protocol import wire
from samsyn.protocol.approval import (
    LAPSES_S,
    MAX_NAME,
    REDEEMED_WITHIN_S,
    Answer,
    Answered,
    Ask,
    Asked,
)
from samsyn.records import wakeup
from samsyn.records.errors import BadApprovalCode, TooManyAsk
from samsyn.records.pairing import (
    CODE_LETTERS,
    Attempts,
    admit,
    code_hash,
    random_letters,
    spelled,
)
from samsyn.records.tenant import Row, Tenant, writing

SECRET_LETTERS = 32
"""158 bits."""
OPEN_IN_ALL = 2_000
CHANNEL = "approval-"

asks = Attempts()
"""Questions of this process, for each address: there is no need to ask often."""
wrong_codes = Attempts()
"""Wrong codes of this process, typed by people and shown by offices."""


class Question(msgspec.Struct, frozen=True):
    """A question that waits for its answer, as it is shown to a person."""

    code: str
    ask: Ask
    address: str
    asked_at: str
    expires_s: int


def ask(told: Ask, address: str, at: str, at_s: int) -> Asked:
    """Keep a question, for half an hour; TooManyAttempts, TooManyAsk."""
    asks.check(address, at_s)
    asks.wrong(address, at_s)
    letters, secret = random_letters(CODE_LETTERS), random_letters(SECRET_LETTERS)
    with writing(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_approval WHERE expires_s <= %s", [at_s])
        cursor.execute("SELECT count(*) FROM records_approval WHERE answer = 'waiting'")
        if cursor.fetchone()[0] >= OPEN_IN_ALL:
            raise TooManyAsk(retry_after_s=60)
        cursor.execute(
            "INSERT INTO records_approval (secret_hash, code_hash, asked, address, asked_at,"
            " expires_s, answer) VALUES (%s, %s, %s, %s, %s, %s, 'waiting')",
            [
                code_hash(secret),
                code_hash(letters),
                wire.encode(_fit(told)).decode(),
                address,
                at,
                at_s + LAPSES_S,
            ],
        )
    return Asked(spelled(letters), secret, LAPSES_S)


def question(code: str, who: str, at_s: int) -> Question:
    """What waits under a code; `who` types it. BadApprovalCode, TooManyAttempts."""
    wrong_codes.check(who, at_s)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked, address, asked_at, expires_s FROM records_approval"
            " WHERE code_hash = %s AND answer = 'waiting' AND expires_s > %s",
            [code_hash(code), at_s],
        )
        found: Row | None = cursor.fetchone()
    if found is None:
        wrong_codes.wrong(who, at_s)
        raise BadApprovalCode()
    told, address, asked_at, expires_s = found
    letters = "".join(c for c in code.upper() if c.isalnum())
    return Question(spelled(letters), wire.decode(told.encode(), Ask), address, asked_at, expires_s)


def approve(asked: Question, tenant: Tenant, company_name: str, email: str, at_s: int) -> None:
    """The office may connect to the company: its secret is a pairing code from now on.

    Runs in the caller's transaction. Only what was shown is approved: a renewal
    renews that connection alone. Of two answers at once, one counts: BadApprovalCode.
    """
    assert asked.ask.company in ("", tenant.company), "a renewal belongs to its own company"
    secret_hash = _answer(asked, Answer.APPROVED, at_s, (tenant.company, company_name, email))
    admit(tenant, company_name, secret_hash, at_s + REDEEMED_WITHIN_S, asked.ask.connection)


def refuse(asked: Question, at_s: int) -> None:
    """The office may not; BadApprovalCode where there is an answer already."""
    with writing():
        _answer(asked, Answer.REFUSED, at_s, (None, None, None))


def answered(secret: str, address: str, at_s: int) -> Answered:
    """What has been said to the office that has the secret; BadApprovalCode, TooManyAttempts."""
    wrong_codes.check(address, at_s)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answer, company_id, company_name, email FROM records_approval"
            " WHERE secret_hash = %s AND expires_s > %s",
            [code_hash(secret), at_s],
        )
        found: Row | None = cursor.fetchone()
    if found is None:
        wrong_codes.wrong(address, at_s)
        raise BadApprovalCode()
    answer, company, name, email = found
    return Answered(Answer(answer), company or "", name or "", email or "")


def channel(secret: str) -> str:
    """Where an office that waits hears of its answer."""
    return CHANNEL + code_hash(secret)[:32]


def _answer(
    asked: Question,
    answer: Answer,
    at_s: int,
    whose: tuple[str, str, str] | tuple[None, None, None],
) -> str:
    """`whose`: company, its name, and who approved."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_approval SET answer = %s, company_id = %s, company_name = %s,"
            " email = %s, expires_s = %s"
            " WHERE code_hash = %s AND answer = 'waiting' AND expires_s > %s RETURNING secret_hash",
            [answer.value, *whose, at_s + REDEEMED_WITHIN_S, code_hash(asked.code), at_s],
        )
        found: Row | None = cursor.fetchone()
    if found is None:
        raise BadApprovalCode()
    secret_hash = str(found[0])
    wakeup.tell_of(CHANNEL + secret_hash[:32], 1)
    return secret_hash


def _fit(told: Ask) -> Ask:
    """Names that can be shown: no control characters, and not without end."""
    names = {name: _shown(value) for name, value in msgspec.structs.asdict(told).items()}
    return msgspec.structs.replace(told, **names)


def _shown(text: str) -> str:
    visible = (c if unicodedata.category(c)[0] != "C" else " " for c in text[: 2 * MAX_NAME])
    return " ".join("".join(visible).split())[:MAX_NAME]
