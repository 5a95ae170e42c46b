"""The verifier that rolls by itself: one type after another while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from samsyn.agent.certificates import TypeCertificate, next_due
from samsyn.agent.comparing import Between
from samsyn.agent.continuity import Continuity
from samsyn.agent.repairing import Repairer
from samsyn.agent.runlog import Noted
from samsyn.agent.service import Service, ServiceRefused
from samsyn.agent.session import new_record_id
from samsyn.agent.trace import Trace
from samsyn.agent.verify import Verifier, certified
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb


class Rolling:
    """Compares and repairs in the agent's own thread.

    `work` brings both sides to rest, or gives up after a while; `between` lets
    the agent do its other work.
    """

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        work: Callable[[], object],
        continuity: Continuity,
        computer: str,
        now: Callable[[], str],
        trace: Trace,
    ) -> None:
        self._db = db
        self._service = service
        self._work = work
        self._continuity = continuity
        self._computer = computer
        self._now = now
        self._trace = trace
        self._refused = False

    def step(self, between: Between) -> TypeCertificate | None:
        """Compares the type that is due; None where none is.

        What `between` raises ends it, and the type is due again.
        """
        record_type = None if self._refused else next_due(self._db, self._now())
        if record_type is None:
            return None
        repairer = Repairer(self._db, self._service, self._continuity, new_record_id, self._trace)
        verifier = Verifier(self._db, self._service, self._work, between=between, repairer=repairer)
        try:
            found = verifier.check(record_type)
        except ServiceRefused as error:
            if error.facts.get("status") != 404:
                raise
            self._refused = True  # a service from before it could be asked
            return None
        if found is None:
            return None
        checked, repaired = found
        told = certified(self._db, record_type, self._now(), checked, repaired)
        if checked.is_much:
            repairer.load_again(record_type)
        repairer.remember(record_type, told)
        self._note(told)
        self._trace("verified", type=told.type, records=told.records, found=told.found)
        return told

    def _note(self, told: TypeCertificate) -> None:
        """A line of the log where something was found; the next one may say it is mended."""
        if not told.found:
            return
        facts: dict[str, object] = {"type": told.type, "found": told.found, "left": told.left}
        message = msgspec.json.encode(Noted("VERIFY_FOUND", facts)).decode()
        with self._continuity.transaction():
            run = books.Run(told.at, "warning", told.repaired, 0, message, self._computer)
            books.add_run(self._db, run)
