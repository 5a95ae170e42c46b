"""A list of a register read page by page, from its beginning on."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from samsyn.core.listing import MAX_PAGE, Query
from samsyn.webkit.registers.book import Book, Page


def pages(book: Book, name: str, query: Query) -> Iterator[Page]:
    """As long as there are more, and the reader goes on; the query's own place and size do not count."""
    query = replace(query, cursor=None, limit=MAX_PAGE)
    while True:
        page = book.page(name, query)
        yield page
        if page.next is None:
            return
        query = replace(query, cursor=page.next)
