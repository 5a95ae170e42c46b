"""What a company database says at hello, held against what the service knows: read plainly."""

from __future__ import annotations

import json
from typing import NamedTuple

import apsw

from samsyn.agent.underway import Choice
from simulation import sight
from simulation.company import Company


class Link(NamedTuple):
    """What an office, or a backup of it, would say."""

    link: str | None
    next_link: str | None
    cursor: int
    taken: int
    claimed: int
    mark: str
    """Of the online change at the cursor."""
    chunks_read: int
    chunks_taken: int
    begun: Choice | None
    """An update of the connection that is under way."""

    @classmethod
    def of(cls, database: apsw.Connection) -> Link:
        """As it is committed."""
        facts = dict(
            database.execute(
                "SELECT name, value FROM samsyn_meta WHERE name IN"
                " ('connection', 'taken', 'update', 'cursor', 'chunks')"
            )
        )
        connection = json.loads(facts["connection"])
        taken = json.loads(facts["taken"])["number"] if facts.get("taken") else 0
        books = sight.books_of(database)
        chunks = json.loads(facts["chunks"]) if facts.get("chunks") else {"read": 0, "taken": 0}
        begun = json.loads(facts["update"])["choice"] if facts.get("update") else None
        return cls(
            connection.get("link"),
            connection.get("next_link"),
            books.cursor,
            taken,
            books.claimed,
            json.loads(facts["cursor"])["mark"] if facts.get("cursor") else "",
            chunks["read"],
            chunks["taken"],
            None if begun is None else Choice(begun),
        )

    def is_behind(self, company: Company) -> bool:
        """The service knows of something that happened after this."""
        known = _known(company)
        if self.cursor < known.cursor or self.claimed < known.batch:
            return True
        return self.chunks_read < known.chunk or not self._is_newest(known)

    def is_ahead(self, company: Company) -> bool:
        """The office knows of something that the service does not."""
        known = _known(company)
        if self.cursor > known.head or self.taken > known.batch:
            return True
        if self.chunks_taken > known.chunk or not self._has_taken(company):
            return True
        return not self._is_newest(known)

    def _has_taken(self, company: Company) -> bool:
        """Whether the online change at the cursor is the one that was taken in."""
        found = company.tenant.row(
            "SELECT mark FROM records_change WHERE company_id = %(company)s AND seq = %(seq)s",
            seq=self.cursor,
        )
        return not self.mark or (found is not None and found[0] == self.mark)

    def _is_newest(self, known: _Known) -> bool:
        link, previous = known.link, known.previous_link
        return self.link == link or (self.link, self.next_link) == (previous, link)


class _Known(NamedTuple):
    """What the service has stored."""

    link: str | None
    previous_link: str | None
    cursor: int
    batch: int
    chunk: int
    head: int


def _known(company: Company) -> _Known:
    found = company.tenant.row(
        "SELECT n.link, n.previous_link, n.cursor, n.batch, n.chunk, c.online_head"
        " FROM records_connection AS n JOIN records_company AS c ON c.company_id = n.company_id"
        " WHERE n.company_id = %(company)s AND n.id = %(id)s",
        id=company.caller.connection,
    )
    assert found is not None
    return _Known(*found)
