"""Statements of every request: PostgreSQL plans them once for a connection, which costs more than to run them.

A plan is kept until PostgreSQL has new statistics of its tables, so only
statements that find their rows by primary key are asked this way. Their
values travel beside the text: where its type cannot be known from the text, a
parameter needs a cast.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

AFTER = 5
"""Times that a statement is run on a connection before it is kept (`prepare_threshold`)."""


def cursor() -> CursorWrapper:
    """A cursor whose statements are kept, on PostgreSQL; SQLite's driver keeps all by itself."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    # Any: the driver's own cursor, of which the stubs of Django know nothing
    raw: Any = connection.connection
    bound: Any = ServerBindingCursor
    with connection.wrap_database_errors:
        made: Any = bound(raw)
    if connection.queries_logged:
        return connection.make_debug_cursor(made)
    return connection.make_cursor(made)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements inside without waiting for each: the company's lock is held for one way there and back.

    An error of one is raised at the end, or where a result is read; those after it have done nothing.
    """
    if connection.vendor != "postgresql":
        yield
        return
    raw: Any = connection.connection  # Any: as above
    with connection.wrap_database_errors, raw.pipeline():
        yield
