"""How a book writes: the rights first, then all in one transaction, and what is refused told by its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from samsyn.webkit.registers.book import (
    ChangedMeanwhile,
    May,
    NoRecord,
    NotAllowed,
    OneRefused,
    Register,
    StillSame,
    Through,
    Values,
    Write,
    WrongValues,
)

Do = Callable[[Write], str]
"""Does one write, in the order they were announced: the record's id. WrongValues, ChangedMeanwhile, NoRecord."""


class Writing(Protocol):
    """The writing half of a `Book`, for a program that says how one write is done."""

    def register(self, name: str) -> Register:
        """As in `Book`."""

    def doing(self, writes: Sequence[Write], through: Through) -> AbstractContextManager[Do]:
        """A transaction in which these are written; whatever the block raises leaves nothing of it."""

    def create(self, name: str, values: Values) -> str:
        return self._one(Write(name, None, values))

    def edit(self, name: str, record: str, values: Values, same: StillSame) -> None:
        self._one(Write(name, record, values, same))

    def delete(self, name: str, record: str) -> None:
        self._one(Write(name, record))

    def write(self, writes: Sequence[Write], through: Through) -> list[str]:
        self._check_rights(writes)
        with self.doing(writes, through) as do:
            return [_numbered(do, at, write) for at, write in enumerate(writes)]

    def rehearse(self, writes: Sequence[Write]) -> list[Exception | None]:
        self._check_rights(writes)
        told: list[Exception | None] = []
        with suppress(_Enough), self.doing(writes, Through.IMPORT) as do:
            told += [_refusal(do, write) for write in writes]
            raise _Enough
        return told

    def _one(self, write: Write) -> str:
        self._check_rights([write])
        with self.doing([write], Through.FORM) as do:
            return do(write)

    def _check_rights(self, writes: Sequence[Write]) -> None:
        for name, deletes in {(write.type, write.values is None) for write in writes}:
            register = self.register(name)
            if not register.writable or (deletes and register.may < May.FULL):
                raise NotAllowed(register=name)


class _Enough(Exception):
    """Ends a rehearsal: its transaction is rolled back."""


def _numbered(do: Do, at: int, write: Write) -> str:
    try:
        return do(write)
    except (WrongValues, ChangedMeanwhile, NoRecord) as error:
        raise OneRefused(at, error) from error


def _refusal(do: Do, write: Write) -> Exception | None:
    try:
        do(write)
    except (WrongValues, ChangedMeanwhile, NoRecord) as error:
        return error
    return None
