"""A sync session: hello, then load, push and pull until both sides rest.

Each step is one transaction in the company database, so that a kill at any
instruction leaves either before or after it (G4).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from typing import ClassVar, NamedTuple

import uuid_utils

from samsyn.agent import lease, resync
from samsyn.agent.answers import check_answer
from samsyn.agent.clock import now_text
from samsyn.agent.continuity import Continuity
from samsyn.agent.doomed import Doomed, without_doomed
from samsyn.agent.drifting import TOLD_HELD, Drifting, SchemaChanged
from samsyn.agent.greeting import connection_of, greet
from samsyn.agent.loading import Loader, Progress, no_progress, reading_thread
from samsyn.agent.moved import Moved
from samsyn.agent.news import News, Telling, told_nobody
from samsyn.agent.refusing import keep_refused
from samsyn.agent.releasing import Releasing, Work
from samsyn.agent.retrying import Retrying, fitting, send_again, send_under_new_catalog
from samsyn.agent.service import Service
from samsyn.agent.trace import Trace, no_trace
from samsyn.companydb import books, held, kept, notes
from samsyn.companydb.apply import Applied, Applier
from samsyn.companydb.books import Conflict, OutBatch
from samsyn.companydb.braking import Braking
from samsyn.companydb.claim import Claimer, floor
from samsyn.companydb.references import by_name
from samsyn.companydb.rows import CompanyDb, WrittenMeanwhile
from samsyn.companydb.trouble import schema_errors
from samsyn.core.changes import Delete, OnlineChange, Put
from samsyn.core.errors import SamsynError
from samsyn.core.merge import Status
from samsyn.protocol.messages import (
    Batch,
    BatchAnswer,
    Cursor,
    HeldReport,
    HeldType,
    HelloAnswer,
    Named,
    Pull,
)
from samsyn.protocol.wire import ORDINARY, Limits

LOOKS = 5
"""How often the schema may change during one exchange."""


class Backlog(SamsynError):
    """More was written at the office than one claim takes: push first, then pull again."""

    code: ClassVar[str] = "BACKLOG"
    transient: ClassVar[bool] = True


def new_record_id() -> str:
    """A fresh record id; its time part only keeps neighbours together."""
    return uuid_utils.uuid7().hex


class _Outgoing(NamedTuple):
    claim: Callable[[], bool]
    send: Callable[[], None]


class Session:
    """A session of the agent that holds the lease under `fence`."""

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        fence: int,
        computer: str,
        *,
        trace: Trace = no_trace,
        telling: Telling = told_nobody,
        new_id: Callable[[], str] = new_record_id,
        now: Callable[[], str] = now_text,
        limits: Limits = ORDINARY,
        monotonic: Callable[[], float] = time.monotonic,
        reader: Callable[[], Executor] = reading_thread,
    ) -> None:
        self._db = db
        self._service = service
        self._fence = fence
        self._computer = computer
        self._trace = trace
        self._telling = telling
        self._new_id = new_id
        self._now = now
        self._limits = limits
        self._continuity = Continuity(db, fence)
        self._drifting = Drifting(db, self._continuity, now, trace)
        self._beats = lease.Beats(db, fence, monotonic)
        self._reader = reader
        self.online_head = 0
        self.age_ms: Callable[[], int | None] = lambda: None
        """How old the oldest change is that was not sent, where whoever runs the session knows."""
        self._loader: Loader | None = None
        self._releasing = Releasing(db, service, now, new_id, trace, limits)
        self._retrying = Retrying(db)
        self._told_floor = -1
        self._behind = False
        """The journal has more than one claim takes: that goes first."""

    @property
    def continuity(self) -> Continuity:
        """What every transaction of the agent goes through."""
        return self._continuity

    # --- hello ---

    def hello(self) -> HelloAnswer:
        """Tells who speaks and from which state; after that both sides have a fresh link (G7)."""
        connection_of(self._db)
        self._drifting.upgrade()
        answer = greet(self._db, self._service, self._continuity, self._computer, self._trace)
        self.online_head = answer.online_head
        if resync.is_behind(self._db, answer.trimmed):
            with self._continuity.transaction():
                resync.after_retention(self._db, answer.trimmed)
            self._trace("retention", trimmed=answer.trimmed, cursor=books.cursor(self._db))
        self._loader = Loader(
            self._db,
            self._service,
            self._fence,
            self._continuity,
            self._trace,
            self._new_id,
            answer.holds,
            self._limits.chunk_records,
            self._reader,
        )
        return answer

    # --- until both sides rest ---

    def exchange(self, progress: Progress = no_progress, at_most: int | None = None) -> Moved:
        """Loads what is not loaded, pushes and pulls until neither side has anything new.

        Where the schema changes meanwhile, what that touches is held and the rest goes on.
        With `at_most` it ends after so many turns, however much is written meanwhile.
        """
        trouble: SamsynError = SchemaChanged()
        for _ in range(LOOKS):
            if self._drifting.look():
                self.hello()
            try:
                with schema_errors(SchemaChanged):
                    return self._exchange(progress, at_most)
            except SchemaChanged as error:
                if self._drifting.is_same() and isinstance(error.__cause__, Exception):
                    raise error.__cause__ from None
                trouble = error
        raise trouble

    def _exchange(self, progress: Progress, at_most: int | None) -> Moved:
        assert self._loader is not None, "hello comes first"
        self._loader.adopt()
        moved = self._push()
        self._loader.begin_again()
        if books.quarantine_count(self._db):
            with self._continuity.transaction():
                send_under_new_catalog(self._db)
        while True:
            moved.add(self._load(self._loader, progress))
            moved.add(self._until_rest(at_most))
            # A type that was let go may have a load to go on with.
            if at_most is not None or not self._loader.waiting():
                self._tell_floor()
                self._tell_held()
                return moved

    def _load(self, loader: Loader, progress: Progress) -> Moved:
        """Chunk by chunk, with what is written meanwhile in between; nobody who writes holds up the rest."""
        moved = self._push()
        outgoing = _Outgoing(self._claim, lambda: moved.add(self._send_claimed()))
        while loader.waiting():
            loaded, self.online_head = loader.next_chunk(progress, self.online_head, outgoing)
            moved.up += loaded
            self._beats.keep()
            moved.add(self.turn() if loader.takes_online_work() else self._push())
        return moved

    def _until_rest(self, at_most: int | None) -> Moved:
        moved = Moved()
        for turn in itertools.count(1):
            step = self.turn()
            step.add(self._go_on())
            if not step and self._is_done():
                step.add(self._retry_quarantine())
            moved.add(step)
            if turn == at_most or (not step and self._is_done()):
                break
        return moved

    def turn(self) -> Moved:
        """One round each way: neither waits for the other to end, however much is written."""
        moved = self._push_once()
        if not self._behind or not held.is_waiting(self._db):
            moved.add(self._pull_page())
        return moved

    def at_rest(self) -> bool:
        """Nothing waits here, and as far as we have heard nothing online; held types aside."""
        if resync.is_wanted(self._db) or not self._drifting.is_same():
            return False
        return self._is_done() and not self._retrying.is_wanted()

    def _is_done(self) -> bool:
        if held.is_waiting(self._db) or held.going_on(self._db):
            return False
        return self.online_head <= books.cursor(self._db)

    def check_place(self) -> None:
        """Raises DatabaseReplaced where the database is not as we left it, LeaseLost where it is another's."""
        self._continuity.check()

    def try_again(self) -> None:
        """What is in quarantine is tried again at the next exchange."""
        self._retrying.ask()

    def waiting_up(self) -> int:
        """How many changes the service has not taken yet."""
        in_batches = len(books.outbox_numbers(self._db))
        return held.waiting_rows(self._db) + books.report_count(self._db) + in_batches

    # --- up ---

    def _push(self) -> Moved:
        """All that waits when it begins: whoever writes all the time holds up nothing that comes after."""
        moved = Moved()
        for _ in range(2 + self.waiting_up() // self._limits.batch_changes):
            if not held.is_waiting(self._db):
                break
            moved.add(self._push_once())
        return moved

    def _push_once(self) -> Moved:
        """What is claimed, or else what one claim takes."""
        if not books.outbox_numbers(self._db) and held.is_waiting(self._db):
            with self._continuity.transaction():
                self._claim()
        return self._send_claimed()

    def _send_claimed(self) -> Moved:
        moved = Moved()
        for batch in books.outbox(self._db):
            moved.add(self._send(batch))
            self._beats.keep()
        return moved

    def _claim(self) -> bool:
        """Claims what waits; true when the journal had more than one claim takes."""
        self._drifting.check()
        claimed = Claimer(self._db, self._now(), self._new_id).claim(self._limits.batch_changes)
        self._behind = claimed.more
        return claimed.more

    def _send(self, batch: OutBatch) -> Moved:
        sent = kept.batch(batch.body)
        cursor = books.marked_cursor(self._db)
        answer = self._service.push(batch.body, self._fence, cursor, self.age_ms())
        check_answer(sent, answer)
        self.online_head = max(self.online_head, answer.online_head)
        changes = sent.changes
        with self._continuity.transaction():
            books.drop_batch(self._db, batch)
            moved = self._take_answer(sent, answer)
        self._retrying.changed(c.id for c in changes if isinstance(c, Put | Delete))
        self._trace("push", batch=batch.number, changes=len(changes), conflicts=moved.conflicts)
        lost = tuple(lost for outcome in answer.outcomes for lost in outcome.lost)
        self._telling(News(up=changes, lost=lost))
        return moved

    def _take_answer(self, sent: Batch, answer: BatchAnswer) -> Moved:
        changes = sent.changes
        moved = Moved(up=sum(isinstance(c, Put | Delete) for c in changes))
        lost = [Conflict(self._now(), lost) for o in answer.outcomes for lost in o.lost]
        books.add_conflicts(self._db, lost)
        moved.conflicts += len(lost)
        for outcome in answer.outcomes:
            change = changes[outcome.index]
            if outcome.status is Status.UNKNOWN_RECORD and isinstance(change, Put):
                send_again(self._db, by_name(self._db)[change.type], change.id, ())
        moved.refused += keep_refused(self._db, sent, answer.refusals, self._now())
        return moved

    def _send_again(self, named: Iterable[Named]) -> None:
        """What the service refused of these records, and is asked to look at again."""
        types = by_name(self._db)
        refused = {entry.record: entry.fields for entry in books.quarantine(self._db, "online")}
        for one in named:
            if one.type in types:
                send_again(self._db, types[one.type], one.record, refused.get(one.record, ()))

    # --- down ---

    def _pull_page(self) -> Moved:
        """The next page, if there is one, applied unless the office has more to send first."""
        since = books.marked_cursor(self._db)
        if self.online_head <= since.number:
            return Moved()
        page = self._page(since, floor(self._db), self._limits.pull_records)
        self.online_head = page.online_head
        if page.included_batch < books.taken(self._db).number:
            return Moved()  # read before a batch that the service has taken since: stale
        moved = Moved()
        with suppress(Backlog, WrittenMeanwhile):
            moved = self._apply(page)
        self._beats.keep()
        return moved

    def _page(self, since: Cursor, told_floor: int, limit: int) -> Pull:
        with self._continuity.as_holder():
            return self._service.pull(since, told_floor, limit, self._fence)

    def _tell_floor(self) -> None:
        """The service hears that its changes have been taken, without waiting for a batch."""
        now = floor(self._db)
        if now > self._told_floor:
            self._page(books.marked_cursor(self._db), now, 1)
            self._told_floor = now

    def _tell_held(self) -> None:
        """Online it can be seen which types wait for a person."""
        report = HeldReport(self._fence, tuple(held.told(self._db)))
        if report.held != books.fact(self._db, TOLD_HELD, tuple[HeldType, ...], ()):
            self._service.tell_held(report)
            with self._continuity.transaction():
                books.set_fact(self._db, TOLD_HELD, report.held or None)

    def _apply(self, page: Pull) -> Moved:
        """Applies a page, again while a trigger of the database's own undoes all of it."""
        return without_doomed(lambda doomed: self._apply_but(page, doomed))

    def _apply_but(self, page: Pull, doomed: Doomed) -> Moved:
        with self._continuity.transaction():
            if books.cursor(self._db) != page.since:
                return Moved()
            if self._claim():
                raise Backlog()
            braking = Braking(self._db, self._now())
            braking.look_at_page(page)
            changes = held.free(self._db, page.changes)
            books.set_cursor(self._db, Cursor(page.upto, page.mark))
            applied = self._applied(changes, page.since, page.upto, page.included_batch, doomed)
            braking.taken(changes)
            written = (c for c in changes if c.id in applied.touched)
            notes.note_applied(self._db, written, page.upto, self._now())
            if page.send_again:
                self._send_again(page.send_again)
        self._trace("pull", upto=page.upto, written=applied.written, refused=applied.refused)
        taken = tuple(c for c in changes if c.id not in applied.not_taken)
        if taken:
            self._telling(News(down=taken))
        self._retrying.changed(applied.touched)
        return Moved(down=applied.written, refused=applied.refused)

    def _applied(
        self,
        changes: tuple[OnlineChange, ...],
        since: int,
        upto: int,
        included: int,
        doomed: Doomed,
    ) -> Applied:
        applier = Applier(self._db, since, upto, included, self._now(), self._new_id, doomed)
        return applier.apply(changes)

    def _retry_quarantine(self) -> Moved:
        """What the office refused is tried again when what it depends on has changed."""
        moved = Moved()
        for entries in self._retrying.due():
            moved.add(self._tried(tuple(e.change for e in entries if e.change is not None)))
            self._beats.keep()
        return moved

    def _tried(self, changes: tuple[OnlineChange, ...]) -> Moved:
        try:
            return without_doomed(lambda doomed: self._tried_but(changes, doomed))
        except WrittenMeanwhile:
            self._retrying.ask()
            return Moved()

    def _tried_but(self, changes: tuple[OnlineChange, ...], doomed: Doomed) -> Moved:
        with self._continuity.transaction():
            if self._claim():
                self._retrying.ask()
                return Moved()
            cursor = books.cursor(self._db)
            included = books.taken(self._db).number
            free = fitting(self._db, held.free(self._db, changes))
            applied = self._applied(free, cursor, cursor, included, doomed)
        self._retrying.changed(applied.touched)
        return Moved(down=applied.written)

    # --- held types that go on ---

    def _go_on(self) -> Moved:
        """What was let go has taken in online work of before: a fresh link tells it from a backup that had not (G7)."""
        going_on = held.going_on(self._db).keys()
        done = self._releasing.go_on(self._takes)
        if going_on and going_on - held.held(self._db).keys():
            self.hello()
        if done.written:
            self._retrying.ask()
        return Moved(down=done.written, refused=done.refused)

    def _takes(self, work: Work) -> Applied | None:
        """A step of a held type, after everything that waits here has been claimed."""
        self._beats.keep()

        def step(doomed: Doomed) -> Applied | None:
            with self._continuity.transaction():
                return None if self._claim() else work(doomed)

        try:
            return without_doomed(step)
        except WrittenMeanwhile:
            return None
