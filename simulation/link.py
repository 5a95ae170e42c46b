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
    begun: Choice | None
    """An update of the connection that is under way."""

    @classmethod
    def of(cls, database: apsw.Connection) -> Link:
        """As it is committed."""
        facts = dict(
            database.execute(
                "SELECT name, value FROM samsyn_meta WHERE name IN ('connection', 'taken', 'update')"
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
        if self.cursor > head or self.taken > batch:
            return True
        return not self._is_newest(link, previous)

    def is_ahead_by_cursor_alone(self, company: Company) -> bool:
        """Nothing but the cursor tells it, and only until as many changes have been made again."""
        link, previous, _, batch, head = _known(company)
        return self.cursor > head and self.taken <= batch and self._is_newest(link, previous)

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
