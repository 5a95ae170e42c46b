"""A computer that has a company database open in its office program is noted there: the list of computers has it."""

from __future__ import annotations

import time

import apsw
import psycopg

from samsyn.agent import computers
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError

EVERY_S = 600.0
_noted: dict[str, float] = {}
"""When each database was told last, by this process."""


def note_computer(db: CompanyDb) -> None:
    """Tells the database that this computer runs Samsyn on it; from time to time only."""
    last, now = _noted.get(db.url.text), time.monotonic()
    if last is not None and now - last < EVERY_S:
        return
    _noted[db.url.text] = now
    try:
        with db.transaction():
            computers.register(db, this_computer(), now_text())
    except (SamsynError, apsw.Error, psycopg.Error):
        return  # a writer that holds the database, or a full disk, keeps nobody from reading a page
