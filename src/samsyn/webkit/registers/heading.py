"""What a record is called at the head of pages that are about it."""

from __future__ import annotations

from samsyn.core.catalog import RecordType
from samsyn.webkit.registers.book import Kept
from samsyn.webkit.registers.naming import one_of
from samsyn.webkit.registers.showing import key_text, title_of


def heading_of(record_type: RecordType, kept: Kept) -> str:
    """Its title; with what it is before it where that is a number alone."""
    title = title_of(record_type, kept)
    return f"{one_of(record_type)} {title}" if title == key_text(kept.key) else title
