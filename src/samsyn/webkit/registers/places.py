"""On which side a register is written, where that is the other one."""

from __future__ import annotations

from samsyn.core.catalog import Direction, RecordType
from samsyn.webkit.registers.book import Book

OFFICE, ONLINE = "office", "online"


def written_at(book: Book, record_type: RecordType) -> str:
    """The other side where a register is written there alone; empty where it can be written here."""
    if book.office:
        return ONLINE if record_type.direction is Direction.DOWN else ""
    by_office = record_type.direction is Direction.UP or record_type.only_read
    return OFFICE if by_office else ""
