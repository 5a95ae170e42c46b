"""How an office asks for a person's approval to be connected, after the device grant of RFC 8628."""

from __future__ import annotations

import enum

import msgspec

PAGE = "/connect"
"""Where a person answers, below the service's address; `?code=` fills the code in."""
MAX_NAME = 200
"""The longest name that an office tells of itself."""
LAPSES_S = 30 * 60
"""So long a question waits for its answer: time for a new Samsyn ID and the letter that confirms it."""
REDEEMED_WITHIN_S = 2 * 3600
"""So long an approval can be made a connection."""


class Ask(msgspec.Struct, frozen=True):
    """An office asks: which computer, database and company it is, and who sits there.

    `company` and `connection` are set where a connection is to be renewed.
    All of it is shown to the person, as told by whoever asks, and proves nothing.
    """

    computer: str
    database: str
    engine: str
    company_name: str
    asked_by: str
    company: str = ""
    connection: str = ""


class Asked(msgspec.Struct, frozen=True):
    """The pair of codes: `code` is read and compared by a person, `secret` stays with the office."""

    code: str
    secret: str
    lapses_s: int


class Watch(msgspec.Struct, frozen=True):
    """Whether there is an answer yet; the request is held for `hold_s`, at most as other held ones."""

    secret: str
    hold_s: float = 0.0


class Answer(enum.Enum):
    """What the person has said."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Answered(msgspec.Struct, frozen=True):
    """The answer; company and person are told with an approval, of which `secret` is then a pairing code."""

    answer: Answer
    company: str = ""
    company_name: str = ""
    email: str = ""
