"""What a company database says at hello, held against what the service knows: read plainly."""

from __future__ import annotations

import json
from typing import NamedTuple

import apsw

from samsyn.agent.restoring import Choice
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
    begun: Choice | None
    """An update of the connection that is under way."""

    @classmethod
    def of(cls, database: apsw.Connection) -> Link:
        """As it is committed."""
        facts = dict(
            database.execute(
                "SELECT name, value FROM samsyn_meta WHERE name IN ('connection', 'taken', 'update', 'cursor')"
            )
        )
        connection = json.loads(facts["connection"])
        taken = json.loads(facts["taken"])["number"] if facts.get("taken") else 0
        books = sight.books_of(database)
        begun = json.loads(facts["update"])["choice"] if facts.get("update") else None
        return cls(
            connection.get("link"),
            connection.get("next_link"),
            books.cursor,
            taken,
            books.claimed,
            json.loads(facts["cursor"])["mark"] if facts.get("cursor") else "",
            None if begun is None else Choice(begun),
        )

    def is_behind(self, company: Company) -> bool:
        """The service knows of something that happened after this."""
        link, previous, cursor, batch, _head = _known(company)
        if self.cursor < cursor or self.claimed < batch:
            return True
        return not self._is_newest(link, previous)

    def is_ahead(self, company: Company) -> bool:
        """The office knows of something that the service does not."""
        link, previous, _, batch, head = _known(company)
        if self.cursor > head or self.taken > batch or not self._has_taken(company):
            return True
        return not self._is_newest(link, previous)

    def _has_taken(self, company: Company) -> bool:
        """Whether the online change at the cursor is the one that was taken in."""
        found = company.tenant.row(
            "SELECT mark FROM records_change WHERE company_id = %(company)s AND seq = %(seq)s",
            seq=self.cursor,
        )
        return not self.mark or (found is not None and found[0] == self.mark)

    def _is_newest(self, link: str | None, previous: str | None) -> bool:
        return self.link == link or (self.link, self.next_link) == (previous, link)


def _known(company: Company) -> tuple[str | None, str | None, int, int, int]:
    found = company.tenant.row(
        "SELECT n.link, n.previous_link, n.cursor, n.batch, c.online_head"
        " FROM records_connection AS n JOIN records_company AS c ON c.company_id = n.company_id"
        " WHERE n.company_id = %(company)s AND n.id = %(id)s",
        id=company.caller.connection,
    )
    assert found is not None
    link, previous, cursor, batch, head = found
    return link, previous, cursor, batch, head or 0
