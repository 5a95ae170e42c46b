"""First load and resync: chunk by chunk in key order, while both sides go on working."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Protocol

import msgspec

from samsyn.agent import absence, resync
from samsyn.agent.chunks import OutChunk, out_chunk
from samsyn.agent.clock import now_text
from samsyn.agent.continuity import Continuity
from samsyn.agent.identities import identity_pages
from samsyn.agent.refusing import keep_left_out
from samsyn.agent.resync import TypeLoad
from samsyn.agent.service import Service, ServiceRefused
from samsyn.agent.trace import Trace
from samsyn.companydb import books, held, room, unseen
from samsyn.companydb.books import Conflict
from samsyn.companydb.claim import last_batch
from samsyn.companydb.load import read_chunk
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.net import parents_first
from samsyn.protocol import wire
from samsyn.protocol.messages import ChunkAnswer


class Progress(Protocol):
    """Hears how far a load has come, in records of a type."""

    def __call__(self, type_name: str, done: int, total: int) -> None: ...


def no_progress(type_name: str, done: int, total: int) -> None:
    """Hears nothing."""


def reading_thread() -> Executor:
    """What reads the next chunk while one is on its way."""
    return ThreadPoolExecutor(1, "samsyn-load")


class Outgoing(Protocol):
    """What the office has to tell beside its chunks."""

    def claim(self) -> bool:
        """Claims what waits, inside the caller's transaction; true where it is more than one claim takes."""

    def send(self) -> None:
        """Sends what is claimed."""


class Prepared(msgspec.Struct, frozen=True):
    """A chunk that can be sent, as long as no batch is taken before it and nobody reads again."""

    type_no: int
    state: TypeLoad
    then: TypeLoad
    """How far the load has come once the service has taken it."""
    after_batch: int
    seen: int
    chunk: OutChunk

    def is_stale(self, record_type: RecordType, state: TypeLoad, taken: int, cursor: int) -> bool:
        """Another chunk is next, or something was sent or taken since it was read."""
        mine = (self.type_no, self.state, self.after_batch, self.seen)
        return mine != (record_type.no, state, taken, cursor)


class Loader:
    """Brings every type's rows to the service once, and can go on where it was interrupted."""

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        fence: int,
        continuity: Continuity,
        trace: Trace,
        new_id: Callable[[], str],
        online_holds: Collection[str],
        chunk_records: int = wire.CHUNK_RECORDS,
        reader: Callable[[], Executor] = reading_thread,
    ) -> None:
        self._db = db
        self._service = service
        self._fence = fence
        self._continuity = continuity
        self._trace = trace
        self._new_id = new_id
        self._online_holds = online_holds
        self._chunk_records = chunk_records
        self._reader = reader
        self._order = load_order(db.types.values())
        self._totals: dict[str, int] = {}
        self._ready: Prepared | None = None
        self._loaded: set[int] = set()

    def waiting(self) -> list[RecordType]:
        """The types whose load is not complete and that are not held, parents first."""
        waiting = [t for t in self._order if t.no not in self._loaded]
        states = {t.no: self._state(t) for t in waiting}
        self._loaded |= {no for no, state in states.items() if state.done}
        behind = held.held(self._db).keys() if waiting else frozenset[int]()
        return [t for t in waiting if t.no not in self._loaded | behind]

    def takes_online_work(self) -> bool:
        """Everything was loaded before: online changes are taken between the chunks.

        Not where the service was put back: it may tell as new what the office has and has changed since.
        """
        states = [self._state(record_type) for record_type in self.waiting()]
        return all(state.again and not state.tells_first for state in states)

    def begin_again(self) -> None:
        """Sets the types back whose resync somebody has asked for."""
        if room.overflow(self._db):
            with self._continuity.transaction():
                resync.note_overflow(self._db)
        asked = resync.wanted(self._db)
        ready = {no: told for no, told in asked.items() if self._db.is_over(told.since)}
        if not ready:
            return
        with self._continuity.transaction():
            for no, told in ready.items():
                record_type = self._db.types.get(no)
                if record_type is not None:
                    resync.begin(self._db, record_type, told.why)
                    self._trace("resync", type=record_type.name, why=told.why.value)
                else:
                    resync.forget(self._db, no)
        self._loaded -= ready.keys()
        self._totals.clear()

    def next_chunk(
        self, progress: Progress, online_head: int, outgoing: Outgoing
    ) -> tuple[int, int]:
        """Sends the next chunk of the first waiting type; how many were new, and the new head.

        What waits at the office is claimed in the transaction that reads the chunk, and sent before it:
        so a chunk tells nothing that a later batch tells once more. Where more waits than
        one claim takes, there is no chunk yet.
        """
        record_type = self.waiting()[0]
        state = self._state(record_type)
        if not state.adopted:
            self._adopt(record_type)
            if record_type.no in held.held(self._db):
                return 0, online_head
            state = self._state(record_type)
        ready, self._ready = self._ready, None
        if ready is None or self._is_stale(ready, record_type, state):
            ready = self._prepared(record_type, state, outgoing)
            outgoing.send()
        if ready is None:
            return 0, online_head
        try:
            answer = self._sent(ready)
        except ServiceRefused as error:
            if error.problem != "CHUNK_STALE":
                raise
            self._ready = None
            return 0, online_head
        after = ready.then
        if after.done and self._is_held_online(record_type, state):
            absence.delete_absent(
                self._db, self._service, self._continuity, record_type, now_text()
            )
        with self._continuity.transaction():
            self._remember(record_type, after)
            books.took_chunk(self._db, answer.number)
            if after.done and after.again:
                unseen.ask(self._db, record_type)  # the proof that nothing differs any more
            books.add_conflicts(self._db, [Conflict("", lost) for lost in answer.lost])
            keep_left_out(self._db, record_type.name, answer.left_out, now_text())
        self._trace("load", type=record_type.name, records=after.records, last=after.done)
        progress(record_type.name, after.records, self._total(record_type))
        return answer.inserted + len(answer.lost), max(online_head, answer.online_head)

    def _is_stale(self, ready: Prepared, record_type: RecordType, state: TypeLoad) -> bool:
        taken, cursor = books.taken(self._db).number, books.cursor(self._db)
        return ready.is_stale(record_type, state, taken, cursor)

    def _prepared(
        self, record_type: RecordType, state: TypeLoad, outgoing: Outgoing | None = None
    ) -> Prepared | None:
        """The next chunk, as it stands when nothing waits to be claimed; None where something does."""
        with self._continuity.transaction():
            if held.is_waiting(self._db) and (outgoing is None or outgoing.claim()):
                return None
            chunk = read_chunk(
                self._db, record_type, state.after, self._new_id, self._chunk_records
            )
            then = msgspec.structs.replace(
                state, after=chunk.after, records=state.records + chunk.count, done=chunk.last
            )
            number, seen = last_batch(self._db).number, books.cursor(self._db)
            out = out_chunk(
                self._db, self._fence, record_type, chunk.records, number, last=chunk.last
            )
        return Prepared(record_type.no, state, then, number, seen, out)

    def _sent(self, ready: Prepared) -> ChunkAnswer:
        """Sends a chunk; meanwhile another thread has the database and reads the next one."""
        if ready.then.done:
            return self._service.load(ready.chunk.body)
        record_type = self._db.types[ready.type_no]
        with self._reader() as reader:
            coming = reader.submit(self._prepared, record_type, ready.then)
            answer = self._service.load(ready.chunk.body)
            self._ready = coming.result()
        return answer

    # --- records that the service has already ---

    def adopt(self) -> None:
        """Before a newcomer tells anything of a type that it never loaded: a row that waits may be a record that is known."""
        for record_type in self.waiting():
            if absence.comes_new(self._db, record_type) and not self._state(record_type).adopted:
                self._adopt(record_type)

    def _adopt(self, record_type: RecordType) -> None:
        """Rows whose key the service knows get the id it has: connecting again doubles nothing.

        Where too much of what the service has is missing, the type is held before a row is told.
        """
        missing = records = 0
        known_online = self._is_held_online(record_type, self._state(record_type))
        for page in identity_pages(self._service, record_type.name) if known_online else ():
            with self._continuity.transaction():
                keys = {
                    self._db.key_of_cells(record_type, one.key): one.id
                    for one in page
                    if one.alive and one.key is not None
                }
                here = self._db.ids_of(record_type, list(keys))
                taken = self._db.keys_of(record_type, list(keys.values()))
                there = self._db.read(record_type, [k for k in keys if k not in here])
                self._db.identify(
                    record_type, [(k, keys[k]) for k in there if keys[k] not in taken]
                )
                known = absence.had_here(page)
                missing += len(unseen.absent(self._db, record_type, known))
                records += len(known)
        with self._continuity.transaction():
            if not absence.hold(self._db, record_type, missing, records, now_text()):
                now = msgspec.structs.replace(self._state(record_type), adopted=True)
                self._remember(record_type, now)

    def _is_held_online(self, record_type: RecordType, state: TypeLoad) -> bool:
        """The service may have records of the type; what it said at hello is old by a resync."""
        return state.again or record_type.name in self._online_holds

    # --- parts ---

    def _state(self, record_type: RecordType) -> TypeLoad:
        return resync.load_state(self._db, record_type)

    def _remember(self, record_type: RecordType, state: TypeLoad) -> None:
        resync.remember(self._db, record_type, state)

    def _total(self, record_type: RecordType) -> int:
        if record_type.name not in self._totals:
            self._totals[record_type.name] = self._db.count(record_type)
        return self._totals[record_type.name]


def to_load(db: CompanyDb) -> int:
    """How many records a load has still to send; never 0 before all types are loaded."""
    waiting, complete = 0, not resync.is_wanted(db)
    behind = held.held(db)
    for record_type in db.types.values():
        if record_type.no in behind:
            continue
        state = resync.load_state(db, record_type)
        if not state.done:
            complete = False
            waiting += max(0, db.count(record_type) - state.records)
    return waiting if complete else max(1, waiting)


def load_order(types: Iterable[RecordType]) -> list[RecordType]:
    """The types, each after those that it refers to; rings are cut."""
    known = {t.name: t for t in types}
    refers = {
        name: {f.reference.type for f in t.fields if f.reference is not None}
        for name, t in known.items()
    }
    return [known[name] for name in parents_first(refers)]
