"""What attach has left in a company database: its types."""

from __future__ import annotations

from typing import ClassVar

from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.kept import decoded
from samsyn.companydb.opening import Session
from samsyn.core.catalog import RecordType
from samsyn.core.errors import SamsynError


class NotAttached(SamsynError):
    """The database has no capture: run attach first."""

    code: ClassVar[str] = "NOT_ATTACHED"


def is_attached(session: Session) -> bool:
    """Whether our bookkeeping is there."""
    if session.engine == "sqlite":
        found = session.rows("SELECT 1 FROM sqlite_master WHERE name = 'samsyn_type'")
    else:
        found = session.rows("SELECT 1 WHERE to_regclass('samsyn.type') IS NOT NULL")
    return bool(found)


def attached_types(session: Session) -> dict[int, RecordType]:
    """The attached types by number. Raises NotAttached."""
    if not is_attached(session):
        raise NotAttached()
    rows = session.rows(f"SELECT no, spec FROM {book_name(session.engine, 'type')} ORDER BY no")
    return {int(no): decoded(spec, RecordType, "type") for no, spec in rows}
