"""Reads a company from one end to the other, a little at a time, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from samsyn.core.record import Record
from samsyn.records.rows import COLUMNS, record_of
from samsyn.records.tenant import Row, Tenant

ROWS = 500
AT_ONCE_BYTES = 8_000_000
"""About so much is in hand at a time: pictures make rows large."""


def records_of(tenant: Tenant, type_name: str) -> Iterator[Record]:
    """All records of a type, living and deleted, in the order of their ids."""
    ids = "id > %(after)s AND type = %(type)s ORDER BY id"

    def read(after: str, limit: int) -> list[Row]:
        return tenant.rows(
            f"SELECT {COLUMNS} FROM records_record WHERE company_id = %(company)s AND {ids}"
            " LIMIT %(limit)s",
            after=after,
            type=type_name,
            limit=limit,
        )

    for row in _in_steps(read, "", 0):
        yield record_of(row)


def rows_of(tenant: Tenant, table: str, columns: tuple[str, ...], key: str) -> Iterator[Row]:
    """All rows of a table, as texts and numbers, in the order of the key, which tells rows of a company apart."""
    told = ", ".join([key, *(f'"{column}"' for column in columns)])

    def read(after: Any, limit: int) -> list[Row]:  # Any: what the key holds
        beyond = "" if after is None else f" AND {key} > %(after)s"
        return tenant.rows(
            f"SELECT {told} FROM {table} WHERE company_id = %(company)s{beyond} ORDER BY {key}"
            " LIMIT %(limit)s",
            limit=limit,
            **({} if after is None else {"after": after}),
        )

    for row in _in_steps(read, None, 0):
        yield row[1:]


def _in_steps(
    read: Callable[[Any, int], list[Row]],
    after: Any,
    place: int,  # Any: what the key holds
) -> Iterator[Row]:
    """Rows after rows; fewer at a time where they are large."""
    limit = ROWS
    while True:
        found = read(after, limit)
        yield from found
        if len(found) < limit:
            return
        after = found[-1][place]
        size = sum(len(v) for row in found for v in row if isinstance(v, str | bytes))
        limit = max(1, min(ROWS, int(limit * AT_ONCE_BYTES / max(1, size))))
