"""Those who write while everything is killed: a program at the office, people online."""

from __future__ import annotations

import json
import random
import threading
from abc import ABC, abstractmethod
from typing import Any

import urllib3

from proofs.kill.office import LOST, TABLES, NoRow, Office
from proofs.kill.writes import Place, Write, Writes

PAUSE_S = 0.03


class Person(ABC, threading.Thread):
    """Writes until it is told to stop."""

    def __init__(self, writes: Writes, seed: int) -> None:
        super().__init__(daemon=True)
        self.writes, self.rng = writes, random.Random(seed)
        self._stop_asked = threading.Event()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self._stop_asked.wait(self.rng.uniform(0, 2 * PAUSE_S)):
            self.write()

    def stop(self) -> None:
        """Ends after the write under way."""
        self._stop_asked.set()
        self.join(60)

    @abstractmethod
    def write(self) -> None:
        """One deed."""


class Clerk(Person):
    """The office's own program."""

    side = "office"

    def __init__(self, office: Office, writes: Writes, seed: int) -> None:
        super().__init__(writes, seed)
        self._office = office

    def write(self) -> None:
        try:
            begun, statements = self._deed()
        except LOST:
            return
        try:
            self._office.do(statements)
        except NoRow:
            self.writes.refuse(begun)
            return
        except LOST:
            return  # it may stand or not
        self.writes.acknowledge(begun)

    def _deed(self) -> tuple[list[Write], list[tuple[str, tuple[object, ...]]]]:
        places: dict[Place, str | None] = {}
        statements: list[tuple[str, tuple[object, ...]]] = []
        for _ in range(self.rng.choice([1, 1, 2, 5])):
            self._one(places, statements)
        return self.writes.begin(self.side, places), statements

    def _one(
        self, places: dict[Place, str | None], statements: list[tuple[str, tuple[object, ...]]]
    ) -> None:
        what = self.rng.random()
        if what < 0.1:
            code, text = self.writes.token(self.side), self.writes.token(self.side)
            contact = self._some("contact")
            sql = "INSERT INTO visit (code, contact, text) SELECT %s, id, %s FROM contact WHERE code = %s"
            statements.append((sql, (code, text, contact)))
            places |= {("visit", code, ""): code, ("visit", code, "text"): text}
        elif what < 0.15:
            code, name = self.writes.token(self.side), self.writes.token(self.side)
            statements.append(("INSERT INTO contact (code, name) VALUES (%s, %s)", (code, name)))
            places |= {("contact", code, ""): code, ("contact", code, "name"): name}
        elif what < 0.2:
            code = self._some("visit")
            statements.append(("DELETE FROM visit WHERE code = %s", (code,)))
            places["visit", code, ""] = None
        else:
            table = self.rng.choice(["contact", "contact", "visit"])
            code, field = self._some(table), self.rng.choice(TABLES[table])
            token = self.writes.token(self.side)
            statements.append((f"UPDATE {table} SET {field} = %s WHERE code = %s", (token, code)))
            places[table, code, field] = token

    def _some(self, table: str) -> str:
        codes = self._office.rows(f"SELECT code FROM {table} ORDER BY id DESC LIMIT 40")
        return str(self.rng.choice(codes)[0]) if codes else "nobody"


class Colleague(Person):
    """Somebody online, through the REST API."""

    side = "online"

    def __init__(self, base: str, token: str, writes: Writes, seed: int) -> None:
        super().__init__(writes, seed)
        self._base = base
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._pool = urllib3.PoolManager(retries=False, timeout=20)

    def write(self) -> None:
        table = self.rng.choice(["contact", "contact", "visit"])
        records = self._records(table)
        what = self.rng.random()
        if what < 0.15:
            self._create(records if table == "contact" else [])
        elif records and table == "visit" and what < 0.2:
            record = self.rng.choice(records)
            self._send(
                "DELETE",
                f"{table}/{record['id']}",
                None,
                {(table, record["fields"]["code"], ""): None},
            )
        elif records:
            record, token = self.rng.choice(records), self.writes.token(self.side)
            field = self.rng.choice(TABLES[table])
            place = (table, record["fields"]["code"], field)
            self._send("PATCH", f"{table}/{record['id']}", {field: token}, {place: token})

    def _create(self, contacts: list[dict[str, Any]]) -> None:
        code, text = self.writes.token(self.side), self.writes.token(self.side)
        if not contacts:
            places: dict[Place, str | None] = {
                ("contact", code, ""): code, ("contact", code, "name"): text,
            }  # fmt: skip
            self._send("POST", "contact", {"code": code, "name": text}, places)
            return
        fields = {"code": code, "text": text, "contact": self.rng.choice(contacts)["id"]}
        places = {("visit", code, ""): code, ("visit", code, "text"): text}
        self._send("POST", "visit", fields, places)

    def _send(
        self, method: str, path: str, fields: object, places: dict[Place, str | None]
    ) -> None:
        begun = self.writes.begin(self.side, places)
        body = None if fields is None else json.dumps({"fields": fields}).encode()
        try:
            answer = self._pool.request(
                method, f"{self._base}/records/{path}", body=body, headers=self._headers
            )
        except urllib3.exceptions.HTTPError:
            return  # it may stand or not
        if answer.status < 300:
            self.writes.acknowledge(begun)
        elif answer.status < 500:
            self.writes.refuse(begun)
            if answer.status not in (404, 409, 410):
                self.wrong.append(
                    f"{method} {path} {fields}: {answer.status} {answer.data[:300]!r}"
                )
        elif answer.status != 503:
            self.wrong.append(f"{method} {path} {fields}: {answer.status} {answer.data[:300]!r}")

    def _records(self, table: str) -> list[dict[str, Any]]:
        try:
            answer = self._pool.request(
                "GET", f"{self._base}/records/{table}?limit=40&sort=-id", headers=self._headers
            )
            found: list[dict[str, Any]] = json.loads(answer.data).get("records", [])
        except (urllib3.exceptions.HTTPError, ValueError):
            return []
        return found
