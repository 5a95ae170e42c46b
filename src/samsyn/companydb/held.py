"""Held types: one record type waits for a person, everything else goes on.

A held type keeps the cursor it had: its journal rows stay where they are, and
online changes after that cursor stay pending at the service, because the
floor that the office tells does not pass it. So nothing is set aside anywhere,
and letting go is nothing but going on from that cursor.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

from samsyn.companydb import books
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.opening import Session
from samsyn.core.changes import OnlineChange
from samsyn.protocol.messages import Cursor, HeldType

PREFIX = "held:"


class Side(enum.Enum):
    """Where what is held comes from."""

    OFFICE = "office"
    ONLINE = "online"
    SCHEMA = "schema"


class Phase(enum.Enum):
    """How far a held type has come."""

    HELD = "held"
    RELEASED = "released"
    """Let go: it goes on from its cursor, and no brake looks at it until it has caught up."""
    UNDOING = "undoing"
    """The other side's values are being put back."""


class Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a type is held, since when, and up to which online change it has been taken in.

    `count` of `records` are concerned; `fields` names the fields, `value` is
    the JSON of the one value that a field got everywhere, `reason` what a
    database said. `mark` is the last journal row that what is held may lie in.
    """

    type: str
    side: Side
    code: str
    since: str
    cursor: int
    phase: Phase = Phase.HELD
    count: int = 0
    records: int = 0
    fields: tuple[str, ...] = ()
    value: str = ""
    reason: str = ""
    undone: int = 0
    left: int = 0
    after: str = ""
    """Undoing: how many rows were put back in this round, how many were not taken, how far it is."""

    @property
    def stays(self) -> bool:
        """Neither its journal nor its load is touched."""
        return self.phase is not Phase.RELEASED

    @property
    def why(self) -> str:
        """The stable code of what is told to people: side and code."""
        return f"HELD_{self.side.value.upper()}_{self.code}"

    @property
    def facts(self) -> dict[str, object]:
        """What is told with it."""
        return {
            "type": self.type,
            "count": self.count,
            "records": self.records,
            "fields": list(self.fields),
            "value": self.value,
            "reason": self.reason,
        }


def held(session: Session) -> dict[int, Held]:
    """The types that do not go with the others, by number."""
    return {int(no): told for no, told in books.facts(session, PREFIX, Held).items()}


def told(session: Session) -> list[HeldType]:
    """What is held, as the service is told."""
    return [
        HeldType(
            one.type,
            one.side.value,
            one.code,
            one.since,
            one.phase.value,
            one.count,
            one.records,
            one.fields,
        )
        for one in held(session).values()
    ]


def hold(session: Session, no: int, told: Held) -> None:
    """Holds a type from now on, inside the caller's transaction; the first reason stands."""
    if no not in held(session):
        keep(session, no, told)


def keep(session: Session, no: int, told: Held) -> None:
    """Remembers how a held type stands now."""
    books.set_fact(session, f"{PREFIX}{no}", told)


def let_go(session: Session, no: int) -> None:
    """The type goes with the others again; it has caught up."""
    books.set_fact(session, f"{PREFIX}{no}", None)


def set_back(session: Session, cursor: Cursor) -> None:
    """Another cursor than the office had come to by itself: no held type is ahead of it."""
    books.set_cursor(session, cursor)
    for no, one in held(session).items():
        if one.cursor > cursor.number:
            keep(session, no, msgspec.structs.replace(one, cursor=cursor.number))


def staying(session: Session) -> frozenset[int]:
    """The types whose journal stays where it is."""
    return frozenset(no for no, told in held(session).items() if told.stays)


def unreadable(session: Session) -> frozenset[int]:
    """The types whose table is no longer what was attached: no statement about it may be tried."""
    return frozenset(
        no for no, told in held(session).items() if told.side is Side.SCHEMA and told.stays
    )


def going_on(session: Session) -> dict[int, Held]:
    """The types that a person has let go or has put back, and that are not with the others yet."""
    return {no: told for no, told in held(session).items() if told.phase is not Phase.HELD}


def held_names(session: Session) -> frozenset[str]:
    """The names of the types that do not go with the others."""
    return frozenset(told.type for told in held(session).values())


def free(session: Session, changes: Iterable[OnlineChange]) -> tuple[OnlineChange, ...]:
    """The online changes without those of types that do not go with the others."""
    names = held_names(session)
    return tuple(change for change in changes if change.type not in names)


def seen_of(session: Session, no: int) -> int:
    """How far online changes of the type have been taken in."""
    told = held(session).get(no)
    return books.cursor(session) if told is None else min(told.cursor, books.cursor(session))


def is_waiting(session: Session) -> bool:
    """Whether anything that is not held has not been taken by the service."""
    return books.is_waiting(session, staying(session))


def waiting_rows(session: Session) -> int:
    """How many journal rows wait that are not held."""
    return int(session.rows(f"SELECT count(*) FROM {_journal(session, staying(session))}")[0][0])


def has_rows(session: Session, no: int) -> bool:
    """Whether the journal tells of the type."""
    rows = session.rows(
        f"SELECT 1 FROM {book_name(session.engine, 'journal')} WHERE tab = $1 LIMIT 1", no
    )
    return bool(rows)


def _journal(session: Session, without: frozenset[int]) -> str:
    return book_name(session.engine, "journal") + books.without_types(without)
