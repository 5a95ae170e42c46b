"""Backups of an office put back: each that is behind what the service knows must be noticed (G7)."""

from __future__ import annotations

import json
from typing import NamedTuple

import apsw

from samsyn.core.errors import SamsynError
from samsyn.records.pull import online_head
from simulation import sight, template
from simulation.company import Company
from simulation.network import Network
from simulation.office import Agent
from simulation.verdict import Broken

NOTICED = frozenset({"LINK_OLD", "LINK_UNKNOWN", "STATE_DIVERGED"})


class Link(NamedTuple):
    """What a backup would say at hello."""

    link: str | None
    next_link: str | None
    cursor: int
    claimed: int


class Backups:
    """The backups that one office has made."""

    def __init__(self, company: Company, network: Network) -> None:
        self._company, self._network = company, network
        self._kept: list[apsw.Connection] = []

    def make(self) -> None:
        """A copy of the whole file."""
        self._kept.append(template.copy_of(self._company.program))
        self._company.trace(f"{self._company.name}: a backup is made")

    def put_back(self) -> None:
        """An old backup lies at the database's place, an agent starts, and is refused.

        Then the person finds the newer file and puts it back: the history goes on.
        """
        company = self._company
        if not self._kept or any(agent.busy for agent in company.agents):
            return
        backup = company.random.choice(self._kept)
        if not self._is_behind(_link_of(backup)):
            return
        present = template.copy_of(company.program)
        for agent in company.agents:
            agent.killed()
        template.copied(backup, company.program)
        try:
            self._refused(company.random.choice(company.agents))
        finally:
            for agent in company.agents:
                agent.killed()
            template.copied(present, company.program)
            present.close()

    def _refused(self, agent: Agent) -> None:
        company, network = self._company, self._network
        rows = sight.rows_of(company.program, company.shape)
        head = company.tenant.row("SELECT head FROM records_company WHERE company_id = %(company)s")
        was, network.calm = network.calm, True
        agent.watched = False
        try:
            agent.work(lambda: online_head(company.tenant))
        except SamsynError as error:
            code = str(getattr(error, "problem", "") or error.code)
        else:
            code = "nothing"
        finally:
            network.calm, agent.watched = was, True
        company.trace(f"{company.name}: a backup is put back, and {agent.name} hears {code}")
        if code not in NOTICED:
            raise Broken("G7", f"a backup was put back, and {agent.name} heard {code}")
        now = company.tenant.row("SELECT head FROM records_company WHERE company_id = %(company)s")
        if rows != sight.rows_of(company.program, company.shape) or head != now:
            raise Broken("G7", "something was exchanged with a backup that was put back")

    def _is_behind(self, told: Link) -> bool:
        """The service knows of something that happened after the backup."""
        found = self._company.tenant.row(
            "SELECT link, previous_link, cursor, batch FROM records_connection"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=self._company.caller.connection,
        )
        assert found is not None
        link, previous, cursor, batch = found
        if told.cursor < cursor or told.claimed < batch:
            return True
        return told.link != link and (told.link, told.next_link) != (previous, link)

    def close(self) -> None:
        """Throws the backups away."""
        for backup in self._kept:
            backup.close()


def _link_of(backup: apsw.Connection) -> Link:
    found = backup.execute("SELECT value FROM samsyn_meta WHERE name = 'connection'")
    connection = json.loads(next(iter(found))[0])
    books = sight.books_of(backup)
    return Link(connection.get("link"), connection.get("next_link"), books.cursor, books.claimed)
