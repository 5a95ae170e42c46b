"""Life in the demo: small edits at the office and online, as people would make them."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from random import Random
from typing import Any

import apsw
import urllib3

from samsyn.cli.demo_company import DemoCompany
from samsyn.cli.words import Language
from samsyn.demo.desk import SqliteDesk
from samsyn.demo.steps import Step
from samsyn.demo.telling import Happening

SEED = 1973
ONLINE_EVERY = 3
"""Every so many edits is made online, the others at the office."""
OPENING = 3
"""Edits played at each start, so that something moves while one reads."""


class Life:
    """Plays edits one after another in a thread of its own, until stopped."""

    def __init__(
        self,
        company: DemoCompany,
        online: str,
        language: Language,
        say: Callable[[str, str], None],
        *,
        every_s: float,
        endless: bool,
    ) -> None:
        self._company = company
        self._rest = f"{online}/api/v1/companies/{company.known.company}/records/contacts"
        self._headers = {
            "Authorization": f"Bearer {company.known.token}",
            "Content-Type": "application/json",
        }
        self._language = language
        self._say = say
        self._every_s = every_s
        self._endless = endless
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name="samsyn demo", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._stopping.set()
        self._thread.join(10)

    def _live(self) -> None:
        desk = SqliteDesk(self._company.database)
        pool = urllib3.PoolManager(retries=False, timeout=10)
        try:
            played = 0
            while (self._endless or played < OPENING) and not self._stopping.wait(self._every_s):
                played += 1
                n = self._company.known.steps
                self._company.known.steps = n + 1
                self._company.keep()
                if played % ONLINE_EVERY == 0:
                    self._online(pool, n)
                else:
                    self._office(desk, n)
        finally:
            desk.close()

    def _office(self, desk: SqliteDesk, n: int) -> None:
        try:
            told: Happening = Step(SEED, n).take(desk, dt.datetime.now(dt.UTC))
        except apsw.Error:
            return  # somebody holds the database, or wrote what stands in the way: the next one
        swedish = self._language is Language.SWEDISH
        self._say("DEMO_AT_OFFICE", told.swedish if swedish else told.english)

    def _online(self, pool: urllib3.PoolManager, n: int) -> None:
        """A person who is out with customers writes down a mobile number."""
        dice = Random(n)
        try:
            page = self._asked(pool, "GET", f"{self._rest}?limit=100")
            record = dice.choice(page["records"])
            mobile = f"070-174 06 {dice.randrange(5, 100):02}"
            self._asked(pool, "PATCH", f"{self._rest}/{record['id']}", {"mobile": mobile})
        except (urllib3.exceptions.HTTPError, LookupError, ValueError):
            return  # the service is on its way down, or not yet loaded
        swedish = self._language is Language.SWEDISH
        name = record["fields"].get("name")
        told = f"Nytt mobilnummer till {name}: {mobile}" if swedish else (
            f"New mobile number for {name}: {mobile}"
        )  # fmt: skip
        self._say("DEMO_ONLINE", told)

    def _asked(
        self, pool: urllib3.PoolManager, method: str, url: str, fields: object = None
    ) -> dict[str, Any]:
        body = None if fields is None else json.dumps({"fields": fields}).encode()
        answer = pool.request(method, url, body=body, headers=self._headers)
        if answer.status != 200:
            raise ValueError(answer.status)
        told: dict[str, Any] = answer.json()
        return told
