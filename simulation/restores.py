"""Backups of either side put back: noticed before anything is exchanged, and taken up again (G7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import apsw

from samsyn.agent.restoring import ServiceWasRestored, TablesChanged
from samsyn.agent.underway import Choice
from samsyn.core.errors import SamsynError
from samsyn.protocol.restoring import Standing
from samsyn.protocol.undo import Choice as UndoChoice
from samsyn.records.pull import online_head
from samsyn.records.undo import undo
from simulation import sight, store, template
from simulation.company import Company
from simulation.link import Link
from simulation.network import Network
from simulation.notes import LostField
from simulation.office import Agent, Killed
from simulation.promise import Promise, Unclear
from simulation.schema import COLUMNS
from simulation.shape import Shape
from simulation.verdict import Broken

NOTICED = frozenset({"LINK_OLD", "LINK_UNKNOWN", "STATE_DIVERGED"})
OTHER_AGENT = frozenset({"LEASE_LOST", "LEASE_HELD"})
TRIES = 8
"""So often an update of the connection is begun in bad weather; then the weather is good."""


class OfficeBackup(NamedTuple):
    """A copy of a company database, and what of it the service had not heard of."""

    database: apsw.Connection
    unclear: Unclear
    shape: Shape
    unseen: bool


class ServiceBackup(NamedTuple):
    """A copy of the record store, and the conflicts that are logged in it."""

    store: store.Raw
    conflicts: list[LostField]
    shape: Shape


class BothBackups(NamedTuple):
    """Both sides as they were at one moment, and how many backups of each there were by then."""

    office: OfficeBackup
    service: ServiceBackup
    of_office: int
    of_service: int


class Restores:
    """The backups of one company, on both sides, and what becomes of them."""

    def __init__(
        self,
        company: Company,
        network: Network,
        works: Callable[[Company], None],
        rests: Callable[[Company], None],
        attaches: Callable[[Company], None],
    ) -> None:
        self._company, self._network = company, network
        self._works, self._rests = works, rests
        """Somebody at either side works; both sides come to rest and are looked at."""
        self._attaches = attaches
        self._office: list[OfficeBackup] = []
        self._service: list[ServiceBackup] = []
        self._both: list[BothBackups] = []
        self._service_was_back = False

    def close(self) -> None:
        """Throws the backups away."""
        for one in [*self._office, *(both.office for both in self._both)]:
            one.database.close()
        for other in [*self._service, *(both.service for both in self._both)]:
            other.store.close()

    # --- making them ---

    def make(self) -> None:
        """A copy of the whole office file, while everything goes on."""
        self._office.append(self._of_office())
        self._company.trace(f"{self._company.name}: a backup is made")

    def make_of_service(self) -> None:
        """A copy of the whole record store."""
        self._service.append(self._of_service())
        self._company.trace("a backup of the service is made")

    def make_of_both(self) -> None:
        """Copies of both sides at one moment."""
        if not self._company.following:
            return
        counts = len(self._office), len(self._service)
        self._both.append(BothBackups(self._of_office(), self._of_service(), *counts))
        self._company.trace("a backup of both sides is made")

    def _of_office(self) -> OfficeBackup:
        company = self._company
        return OfficeBackup(
            template.copy_of(company.program),
            Unclear.of(company),
            company.shape.copy(),
            company.unseen,
        )

    def _of_service(self) -> ServiceBackup:
        company = self._company
        return ServiceBackup(store.backup(), list(company.oracle.conflicts), company.shape.copy())

    # --- putting them back ---

    def put_back(self) -> None:
        """An old backup lies at the database's place, and the agent that starts is refused.

        Then either the person finds the newer file, and the history goes on; or
        the connection is taken up again.
        """
        company = self._company
        if not self._office or self._busy():
            return
        backup = company.random.choice(self._office)
        if not Link.of(backup.database).is_behind(company):
            return
        for agent in company.agents:
            agent.killed()
        if company.random.random() < 0.3:
            self._only_tried(backup)
            return
        template.copied(backup.database, company.program)
        upgraded = company.shape.differs_from(backup.shape)
        company.shape, company.unseen = backup.shape.copy(), backup.unseen
        company.trace(f"{company.name}: a backup is put back")
        promise = Promise(company, backup.unclear.but(upgraded))
        self._taken_up(promise, self._choice(), Standing.OFFICE_BACK)

    def put_service_back(self) -> None:
        """The service is put back; the office has all that it lacks."""
        company = self._company
        if not self._service or self._busy():
            return
        backup = company.random.choice(self._service)
        for agent in company.agents:
            agent.end()
        unclear = Unclear.of(company)
        store.put_back(backup.store)
        self._service_was_back = True
        company.oracle.conflicts = list(backup.conflicts)
        company.trace("the service is put back")
        upgraded = company.shape.differs_from(backup.shape)
        promise = Promise(company, unclear.but(upgraded))
        self._taken_up(promise, Choice.BRING_BACK, Standing.SERVICE_BACK)

    def put_both_back(self) -> None:
        """Both sides are put back to one moment, and go on from there: nothing is to be noticed."""
        company = self._company
        if not self._both or self._busy():
            return
        both = company.random.choice(self._both)
        for agent in company.agents:
            agent.killed()
        self._network.late.clear()
        store.put_back(both.service.store)
        template.copied(both.office.database, company.program)
        company.shape, company.unseen = both.office.shape.copy(), both.office.unseen
        company.oracle.conflicts = list(both.service.conflicts)
        company.trace("both sides are put back")
        self._left(both)
        company.begin_anew()
        company.following = False
        agent = company.random.choice(company.agents)
        if (code := self._heard(agent)) in NOTICED:
            raise Broken("G7", f"both sides were put back together, and {agent.name} heard {code}")
        agent.killed()
        self._rests(company)
        company.begin_anew()
        company.following = True

    def _left(self, both: BothBackups) -> None:
        """Backups made since are of a branch of which the service has never heard."""
        since = self._office[both.of_office :]
        self._office[both.of_office :] = [
            one._replace(unclear=one.unclear.but(frozenset(COLUMNS))) for one in since
        ]
        for one in self._service[both.of_service :]:
            one.store.close()
        del self._service[both.of_service :]
        self._service_was_back = self._service_was_back or bool(since)

    def _busy(self) -> bool:
        return not self._company.following or any(agent.busy for agent in self._company.agents)

    def _choice(self) -> Choice:
        """What was begun when the backup was made is to be finished first."""
        chosen = self._company.random.choice((Choice.BRING_BACK, Choice.BACKUP_IS_TRUTH))
        return Link.of(self._company.program).begun or chosen

    def _only_tried(self, backup: OfficeBackup) -> None:
        company = self._company
        present, shape = template.copy_of(company.program), company.shape
        template.copied(backup.database, company.program)
        company.shape = backup.shape
        try:
            self._refused(company.random.choice(company.agents))
        finally:
            for agent in company.agents:
                agent.killed()
            template.copied(present, company.program)
            company.shape = shape
            present.close()

    def _refused(self, agent: Agent) -> None:
        """An agent that starts hears it before anything is exchanged."""
        company = self._company
        rows = sight.rows_of(company.program, company.shape)
        head = self._head()
        code = self._heard(agent)
        company.trace(f"{company.name}: a backup is put back, and {agent.name} hears {code}")
        if code not in NOTICED:
            raise Broken("G7", f"a backup was put back, and {agent.name} heard {code}")
        if rows != sight.rows_of(company.program, company.shape) or head != self._head():
            raise Broken("G7", "something was exchanged with a backup that was put back")

    def _heard(self, agent: Agent) -> str:
        company, network = self._company, self._network
        was, network.calm = network.calm, True
        agent.watched = False
        try:
            agent.work(lambda: online_head(company.tenant))
        except SamsynError as error:
            return str(getattr(error, "problem", "") or error.code)
        finally:
            network.calm, agent.watched = was, True
        return "nothing"

    def _head(self) -> object:
        sql = "SELECT head FROM records_company WHERE company_id = %(company)s"
        return self._company.tenant.row(sql)

    # --- going on ---

    def _taken_up(self, promise: Promise, choice: Choice, standing: Standing) -> None:
        company = self._company
        company.following = False
        works = company.random.choice((0, 0, 1, 3))
        for _ in range(works):
            self._works(company)
        agent = company.random.choice(company.agents)
        if standing is Standing.OFFICE_BACK or Link.of(company.program).is_ahead(company):
            self._refused(agent)
            agent.killed()
            told = self._updated(agent, choice, standing)
            if told is not standing and not self._both_were_back(told):
                raise Broken("G7", f"update-connection takes it for {told}")
            standing = told
        self._rests(company)
        promise.check(standing, choice)
        if standing is Standing.OFFICE_BACK and company.random.random() < 0.4:
            self._undone(promise, choice)
        company.begin_anew()
        company.following = True

    def _both_were_back(self, told: Standing) -> bool:
        """The backup of the office is of a time that the service itself no longer knows."""
        return told is Standing.SERVICE_BACK and self._service_was_back

    def _updated(self, agent: Agent, choice: Choice, expected: Standing) -> Standing:
        """As often as it takes: messages are lost, and the agent is killed, maybe when all is done."""
        company, random = self._company, self._company.random
        for attempt in range(TRIES + 2):
            last = attempt >= TRIES
            was, self._network.calm = self._network.calm, last or self._network.calm
            dies_at = random.randint(1, 60) if not last and random.random() < 0.3 else None
            try:
                standing = agent.update(choice, dies_at)
            except Killed:
                company.trace(f"{agent.name} is killed while the connection is taken up again")
            except ServiceWasRestored:
                if not self._service_was_back:
                    raise
                choice = Choice.BRING_BACK
            except TablesChanged:
                self._attaches(company)
            except SamsynError as error:
                if not error.transient and error.code not in OTHER_AGENT:
                    raise Broken("G7", f"update-connection: {error}") from error
                company.trace(f"update-connection has trouble: {error.code}")
                agent.killed()
            else:
                company.trace(f"{company.name}: {choice.value}, {standing.value}")
                done_before = attempt > 0 and standing is Standing.SAME
                return expected if done_before else standing
            finally:
                self._network.calm = was
        raise Broken("G7", "the connection is not taken up again in good weather")

    def _undone(self, promise: Promise, choice: Choice) -> None:
        """Somebody thinks better of it."""
        company = self._company
        told = undo(company.tenant, UndoChoice(restore=True), "Maria", company.clock.steady())
        company.trace(f"{company.name}: the restore is undone, {told.done or 0} records")
        self._rests(company)
        if choice is Choice.BRING_BACK:
            promise.check_undone({step.record for step in told.steps if step.why_not is not None})
