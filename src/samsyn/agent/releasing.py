"""Held types that go on: let go by a person they catch up, or the other side's values are put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from samsyn.agent.doomed import Doomed
from samsyn.agent.service import Service
from samsyn.agent.trace import Trace
from samsyn.companydb import books, braking, held
from samsyn.companydb.apply import Applied, Applier
from samsyn.companydb.claim import floor
from samsyn.companydb.held import Held, Phase, Side
from samsyn.companydb.putting_back import Stood, put_back, stands, tell_own
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.changes import OnlineChange
from samsyn.protocol.messages import Pull
from samsyn.protocol.wire import Limits

Work: TypeAlias = Callable[[Doomed], Applied]
Takes: TypeAlias = Callable[[Work], Applied | None]
"""Does work in a transaction in which all that waits has been claimed; None where more waits."""


class Releasing:
    """One session's; each step is one transaction, so a kill leaves either before or after it."""

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        now: Callable[[], str],
        new_id: Callable[[], str],
        trace: Trace,
        limits: Limits,
    ) -> None:
        self._db = db
        self._service = service
        self._now = now
        self._new_id = new_id
        self._trace = trace
        self._limits = limits

    def go_on(self, takes: Takes) -> Applied:
        """All that can be done now for the types that a person has decided about."""
        done = Applied()
        for no in held.going_on(self._db):
            while (told := held.going_on(self._db).get(no)) is not None:
                step = self._step(no, told, takes)
                if step is None:
                    break
                done.written += step.written
                done.refused += step.refused
        return done

    def _step(self, no: int, told: Held, takes: Takes) -> Applied | None:
        record_type = self._db.types.get(no)
        if record_type is None:
            return takes(lambda doomed: self._let_go(no, told))
        if told.phase is Phase.UNDOING and told.side is Side.OFFICE:
            return self._put_back_here(record_type, told, takes)
        if told.cursor < books.cursor(self._db):
            return self._catch_up(record_type, told, takes)
        if told.phase is Phase.UNDOING:
            now = msgspec.structs.replace(told, phase=Phase.RELEASED)
            return takes(lambda doomed: self._becomes(no, told, now))
        if held.has_rows(self._db, no):
            done = takes(lambda doomed: Applied())
            return None if done is None or held.has_rows(self._db, no) else done
        return takes(lambda doomed: self._let_go(no, told))

    # --- catching up ---

    def _catch_up(self, record_type: RecordType, told: Held, takes: Takes) -> Applied | None:
        upto, limit = books.marked_cursor(self._db), self._limits.pull_records
        page = self._service.pull_type(record_type.name, told.cursor, upto, floor(self._db), limit)
        if page.included_batch < books.taken(self._db).number:
            return Applied()  # read before a batch that the service has taken since
        done = takes(lambda doomed: self._apply(record_type, told, page, doomed))
        self._trace("catch_up", type=record_type.name, upto=page.upto)
        return done

    def _apply(self, record_type: RecordType, told: Held, page: Pull, doomed: Doomed) -> Applied:
        if held.held(self._db).get(record_type.no) != told:
            return Applied()
        changes: tuple[OnlineChange, ...] = page.changes
        own: dict[str, int] = {}
        if told.phase is Phase.UNDOING:
            changes, own = stands(self._db, record_type, told, page)
        applier = Applier(
            self._db,
            told.cursor,
            page.upto,
            page.included_batch,
            self._now(),
            self._new_id,
            doomed,
        )
        applied = applier.apply(changes)
        tell_own(self._db, record_type, told, own)
        now = msgspec.structs.replace(told, cursor=page.upto)
        held.keep(self._db, record_type.no, now)
        return applied

    def _let_go(self, no: int, told: Held) -> Applied:
        if not held.has_rows(self._db, no):
            self._becomes(no, told, None)
        return Applied()

    def _becomes(self, no: int, told: Held, now: Held | None) -> Applied:
        if held.held(self._db).get(no) == told:
            braking.forget(self._db, no)
            if now is None:
                held.let_go(self._db, no)
                self._trace("let_go", type=told.type)
            else:
                held.keep(self._db, no, now)
        return Applied()

    # --- undoing what the office did ---

    def _put_back_here(self, record_type: RecordType, told: Held, takes: Takes) -> Applied | None:
        page = self._service.records(record_type.name, told.after, self._limits.pull_records)

        def work(doomed: Doomed) -> Applied:
            if held.held(self._db).get(record_type.no) != told:
                return Applied()
            stood = put_back(self._db, record_type, told, page.records)
            last = page.records[-1].id if page.records else told.after
            held.keep(self._db, record_type.no, _after_page(told, stood, last, more=page.more))
            return Applied(written=stood.written)

        done = takes(work)
        self._trace("put_back", type=record_type.name, after=told.after)
        return done


def _after_page(told: Held, stood: Stood, last: str, *, more: bool) -> Held:
    """Where the undoing stands: the next page, another round, done, or held with what is left."""
    undone, left = told.undone + stood.written, told.left + stood.left
    reason = stood.reason or told.reason
    now = msgspec.structs.replace(told, undone=undone, left=left, after=last, reason=reason)
    if more:
        return now
    again = msgspec.structs.replace(now, after="", left=0, undone=0)
    if not left:
        return msgspec.structs.replace(again, phase=Phase.RELEASED)
    if undone:
        return again  # what was put back may have been what the rest refers to
    return msgspec.structs.replace(again, phase=Phase.HELD, count=left, code="UNDO_REFUSED")
