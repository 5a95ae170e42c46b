"""What Samsyn keeps in a company database, decoded; where it is not whole, that is told."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, overload

import msgspec

from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch

T = TypeVar("T")


class BooksDamaged(SamsynError):
    """Samsyn's own tables in a company database are not whole: `books` (the table), `reason`."""

    code: ClassVar[str] = "BOOKS_DAMAGED"


@overload
def decoded(text: str | bytes | None, type_: type[T], books: str) -> T: ...
@overload
def decoded(text: str | bytes | None, type_: Any, books: str) -> Any: ...  # Any: a union of types
def decoded(text: str | bytes | None, type_: Any, books: str) -> Any:  # Any: as the overloads say
    """The value of a JSON text of the table `books`. Raises BooksDamaged."""
    if text is None:
        raise BooksDamaged(books=books, reason="NULL")
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BooksDamaged(books=books, reason=str(error)) from error


def batch(body: bytes) -> Batch:
    """A claimed batch. Raises BooksDamaged."""
    try:
        return wire.decode(body, Batch)
    except wire.BadBody as error:
        raise BooksDamaged(books="outbox", reason=str(error)) from error
