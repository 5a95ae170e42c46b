"""People's work online: through the REST API, and looking at what the store has committed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import apsw
import psycopg
import urllib3

from samsyn.records.wall import SETTING

BATCH = 500


class Rest:
    """The REST API of one company."""

    def __init__(self, url: str, company: str, token: str) -> None:
        self._base = f"{url}/api/v1/companies/{company}"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    def edit_all(self, type_name: str, edits: dict[str, dict[str, object]]) -> None:
        """Fields of many records."""
        todo = [
            {"op": "update", "type": type_name, "id": record, "fields": fields}
            for record, fields in edits.items()
        ]
        for start in range(0, len(todo), BATCH):
            self._ask("POST", "/batch", {"operations": todo[start : start + BATCH]})

    def edit(self, type_name: str, record: str, fields: dict[str, object]) -> None:
        """Fields of one record."""
        self._ask("PATCH", f"/records/{type_name}/{record}", {"fields": fields})

    def conflicts(self) -> list[dict[str, Any]]:  # Any: as JSON has it
        """All conflicts."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self._ask("GET", f"/conflicts?limit=500{cursor}", None)
            found += page["conflicts"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    def _ask(self, method: str, path: str, body: object) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        answer = self._pool.request(method, self._base + path, body=sent, headers=self._headers)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.data[:1000]!r}")
        return json.loads(answer.data)


class Store(Protocol):
    """The service's own database, only looked at."""

    def fields(self, company: str, record: str) -> str:
        """The committed fields of a record, as JSON text."""

    def close(self) -> None:
        """Ends the connection."""


class SqliteStore:
    """The embedded store; a reader of a WAL file makes nobody wait."""

    def __init__(self, path: Path) -> None:
        self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        self._connection.set_busy_timeout(5_000)

    def fields(self, company: str, record: str) -> str:
        asked = "SELECT fields FROM records_record WHERE company_id = ? AND id = ?"
        return str(self._connection.execute(asked, (company, record)).get)

    def close(self) -> None:
        self._connection.close()


class PostgresStore:
    """The store on PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def fields(self, company: str, record: str) -> str:
        self._connection.execute("SELECT set_config(%s, %s, false)", (SETTING, company))
        asked = "SELECT fields::text FROM records_record WHERE company_id = %s AND id = %s"
        (row,) = self._connection.execute(asked, (company, record)).fetchall()
        return str(row[0])

    def close(self) -> None:
        self._connection.close()
