"""What the service knows of a record's past, asked for a page that somebody waits for."""

from __future__ import annotations

from samsyn.agent.http import HttpService
from samsyn.companydb.books import Connection
from samsyn.protocol.history import Past

READ_S = 4.0


def past_of(connection: Connection, record: str, before: int | None, limit: int) -> Past:
    """A page of it. Raises ServiceUnreachable, ServiceTrouble, ServiceRefused."""
    service = HttpService(connection.online, connection.secret, read_s=READ_S)
    try:
        place = "" if before is None else f"&before={before}"
        return service.fetch(f"history?record={record}&limit={limit}{place}", Past)
    finally:
        service.close()
