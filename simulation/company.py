"""One company of a history: its database, its program's connection, its agents and its oracle."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from random import Random

import apsw

from samsyn.companydb.urls import SqliteUrl
from samsyn.protocol.messages import BatchAnswer, ChunkAnswer
from samsyn.protocol.wire import Limits
from samsyn.records.connections import Caller
from simulation import sight, template
from simulation.clock import VirtualClock
from simulation.network import Network
from simulation.office import Agent
from simulation.oracle import Oracle
from simulation.schema import COLUMNS
from simulation.service import DirectService
from simulation.shape import Shape
from simulation.template import Made
from simulation.trace import Trace
from simulation.verdict import Broken

UNSEEN = frozenset({"samsyn_meta", "samsyn_computer", "samsyn_run", "samsyn_conflict"})
"""Tables of ours whose writes change nothing that is followed."""


class Company:
    """A living copy of a company of the template."""

    def __init__(
        self,
        made: Made,
        random: Random,
        new_id: Callable[[], str],
        network: Network,
        clock: VirtualClock,
        trace: Trace,
        limits: Limits,
        *,
        dangling: bool,
    ) -> None:
        self.made, self.random, self.new_id = made, random, new_id
        self.network, self.clock, self.trace, self.limits = network, clock, trace, limits
        self.caller: Caller = made.caller
        self.tenant = made.caller.tenant
        self.name = self.tenant.company[0].upper()
        self.url: SqliteUrl = template.new_url()
        self.program: apsw.Connection = template.opened_by_program(self.url)
        template.copied(made.office, self.program)
        self.program.set_busy_timeout(0)
        self.program.execute(f"PRAGMA foreign_keys = {0 if dangling else 1}")
        self.shape = Shape()
        self.rows = sight.rows_of(self.program, self.shape)
        self.books = sight.books_of(self.program)
        self.oracle = Oracle(self.shape, self.rows, sight.identities(self.program, made.numbers))
        self.batch = self.books.claimed
        """The last batch that has taken effect at the service."""
        self.fence = self.books.fence
        """The highest that the service has heard in a push."""
        self.following = True
        """The oracle follows what sync does, field by field; not so between a restore and rest."""
        self.unseen = False
        """Something was written that only the verifier can find."""
        self.unseen_before = False
        """When it looked last, records lay in quarantine, which it leaves out."""
        self.favourite = random.choice((None, None, *COLUMNS))
        """The type that most work is about, so that people meet there."""
        self.undone: Counter[str] = Counter()
        """How often a person has had a type undone."""
        self.agents = [self._agent("desk"), self._agent("till")]

    def _agent(self, name: str) -> Agent:
        return Agent(
            f"{self.name} {name}",
            self.url,
            self._service,
            self._agent_committed,
            self.clock,
            self.new_id,
            self.limits,
        )

    def _service(self, agent: Agent) -> DirectService:
        return DirectService(self.caller, self.network, agent, self.clock, self)

    def types_worked_on(self) -> tuple[str, ...]:
        """The types among which somebody who works with this company chooses now."""
        if self.favourite is not None and self.random.random() < 0.6:
            return (self.favourite,)
        return tuple(COLUMNS)

    def begin_anew(self) -> Oracle:
        """The oracle takes both sides as they stand now for the beginning."""
        before = self.oracle
        self.rows = sight.rows_of(self.program, self.shape)
        self.books = sight.books_of(self.program)
        ids = sight.identities_now(self.program, self.made.numbers)
        self.oracle = Oracle(self.shape, self.rows, ids)
        self.oracle.conflicts, self.oracle.given = before.conflicts, before.given
        online = self.tenant.rows(
            "SELECT type, id, fields FROM records_record WHERE company_id = %(company)s AND alive"
            " ORDER BY id"
        )
        for name, record, text in online:
            self.oracle.stands_online(name, record, json.loads(text))
        found = self.tenant.row(
            "SELECT batch, fence FROM records_connection"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=self.caller.connection,
        )
        assert found is not None
        self.batch, self.fence = found
        return self.oracle

    def undoing(self, type_: str, *, at_office: bool) -> None:
        """A person has what one side did to a type undone: what online stands, or the office had where it refused that."""
        online = self.tenant.rows(
            "SELECT id, fields, pending FROM records_record WHERE company_id = %(company)s"
            " AND type = %(type)s AND alive",
            type=type_,
        )
        told = {record: json.loads(fields) for record, fields, _ in online}
        self.oracle.undoing(type_, told, at_office=at_office)
        for record, _, text in online:
            waiting = json.loads(text or "{}").get("pending", {})
            told[record] |= {field: base for field, (_, base, *_) in waiting.items()}
        self.oracle.undoing(type_, told, at_office=at_office)

    # --- what is seen of it ---

    def program_committed(
        self,
        statements: list[tuple[list[sight.Change], dict[tuple[str, sight.Key], sight.Key], bool]],
        *,
        unseen: bool,
    ) -> None:
        """The program has committed these statements; see `Oracle.program_changed`."""
        for seen, moved, replacing in statements:
            if unseen:
                self.oracle.program_changed_unseen(seen)
                self.unseen = self.unseen or bool(seen)
                continue
            blind = [change for change in seen if change.type in self.shape.blind]
            self.oracle.program_changed_unseen(blind)
            self.oracle.program_changed(
                [change for change in seen if change.type not in self.shape.blind],
                {place: to for place, to in moved.items() if place[0] not in self.shape.blind},
                replacing=replacing,
            )
        self.rows = sight.rows_of(self.program, self.shape)

    def look_for_triggers(self) -> None:
        """Types of which the triggers are there again are seen again."""
        if self.shape.blind:
            self.shape.blind -= sight.types_with_triggers(self.program)

    def _agent_committed(self, agent: Agent, touched: frozenset[str]) -> None:
        """After each commit of an agent: everything that must hold all along."""
        if not agent.watched:
            return
        self.look_for_triggers()
        books = sight.books_of(self.program)
        if agent.fence is not None and books.fence != agent.fence:
            raise Broken("G4", f"{agent.name} wrote under fence {agent.fence} of {books.fence}")
        if books.cursor < self.books.cursor and self.following:
            raise Broken("G4", f"the cursor went back from {self.books.cursor} to {books.cursor}")
        if not self.following:
            self.rows, self.books = sight.rows_of(self.program, self.shape), books
            return
        if touched <= UNSEEN and books.claimed == self.books.claimed:
            self.books = books
            return
        rows = sight.rows_of(self.program, self.shape)
        ids = sight.identities(self.program, self.made.numbers)
        part = sight.journal_rows(self.program) > 0
        if books.claimed != self.books.claimed:
            batches = sight.batches_after(self.program, self.books.claimed)
            self.oracle.claimed(batches, in_parts=part or self.books.behind)
        if rows != self.rows:
            seen = sight.changes(self.rows, rows, self.shape)
            now = sight.identities_now(self.program, self.made.numbers)
            sure = {place: record for place, record in ids.items() if now.get(place) == record}
            self.oracle.applied(seen, sure, books, journal=sight.is_journalled(self.program))
        if not part:
            self.oracle.identified(ids, books)
        self.oracle.held(books.held)
        if books.cursor != self.books.cursor:
            self.oracle.cursor_moved(books)
        self.rows, self.books = rows, books

    def loaded(self, body: bytes, answer: ChunkAnswer) -> None:
        """A chunk has taken effect at the service."""
        self.oracle.told(answer.lost)
        if self.following:
            self.oracle.loaded(body)

    def pushed(self, body: bytes, fence: int, answer: BatchAnswer) -> None:
        """A batch has been answered by the service."""
        if fence < self.fence:
            raise Broken("G4", f"the service took a batch of fence {fence} after {self.fence}")
        self.fence = fence
        if answer.number == self.batch + 1:
            self.batch = answer.number
            self.oracle.told(lost for outcome in answer.outcomes for lost in outcome.lost)
            if self.following:
                self.oracle.arrived(body, answer)
        elif answer.number != self.batch:
            raise Broken("G4", f"the service took batch {answer.number} after {self.batch}")

    def close(self) -> None:
        """Ends every connection; the database in memory is gone then."""
        for agent in self.agents:
            agent.close()
        self.program.close()
