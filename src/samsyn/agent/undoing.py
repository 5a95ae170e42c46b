"""Undo and re-apply as the office asks for them: the service does it, and tells the office as ever."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from samsyn.agent.runner import connected_service
from samsyn.companydb.rows import CompanyDb
from samsyn.protocol.undo import Choice, OnlineBatch, Reapplied, Reapply, Undo

T = TypeVar("T")


def planned(db: CompanyDb, choice: Choice) -> Undo:
    """What an undo would do. Raises NotConnected and what the way there raises."""
    return _asked(db, "undo/plan", choice, Undo)


def undo(db: CompanyDb, choice: Choice) -> Undo:
    """Takes it back, as far as nobody has changed it since."""
    return _asked(db, "undo", choice, Undo)


def reapply(db: CompanyDb, conflict: str, *, anyway: bool) -> Reapplied:
    """Writes the losing value of a conflict once more."""
    return _asked(db, "conflicts/re-apply", Reapply(conflict, anyway), Reapplied)


def batches(db: CompanyDb) -> list[OnlineBatch]:
    """The online batches that can be undone, newest first."""
    service = connected_service(db)
    try:
        return service.fetch("undo/batches", list[OnlineBatch])
    finally:
        service.close()


def _asked(db: CompanyDb, name: str, body: msgspec.Struct, answer: type[T]) -> T:
    service = connected_service(db)
    try:
        return service.ask(name, body, answer)
    finally:
        service.close()
