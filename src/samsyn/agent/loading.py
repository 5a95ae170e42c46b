"""First load and resync: chunk by chunk in key order, while both sides go on working."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Protocol

import msgspec

from samsyn.agent import lease
from samsyn.agent.service import Service, ServiceRefused
from samsyn.agent.trace import Trace
from samsyn.companydb import books
from samsyn.companydb.books import Conflict
from samsyn.companydb.claim import floor
from samsyn.companydb.load import LoadChunk, read_chunk
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete
from samsyn.core.errors import SamsynError
from samsyn.core.net import parents_first
from samsyn.protocol import wire
from samsyn.protocol.messages import ChunkAnswer

IDENTITIES_AT_ONCE = 5_000
MISSING_FEW = 20
MISSING_SHARE = 0.2
"""More records than both of these missing at once hold the load: is it the right database?"""
ACCEPT_MISSING = "accept_missing"
"""The fact that a person has said it is."""


class MissingAtOffice(SamsynError):
    """Many records that are online are not in this database: `type`, `missing` of `records`."""

    code: ClassVar[str] = "MISSING_AT_OFFICE"


class Progress(Protocol):
    """Hears how far a load has come, in records of a type."""

    def __call__(self, type_name: str, done: int, total: int) -> None: ...


def no_progress(type_name: str, done: int, total: int) -> None:
    """Hears nothing."""


class TypeLoad(msgspec.Struct, frozen=True):
    """How far a type's load has come. A type counts as loaded only when `done`."""

    after: tuple[Cell, ...] | None = None
    adopted: bool = False
    records: int = 0
    done: bool = False


class Prepared(msgspec.Struct, frozen=True):
    """A chunk that can be sent, as long as no batch is taken before it and nobody reads again."""

    type_no: int
    state: TypeLoad
    then: TypeLoad
    """How far the load has come once the service has taken it."""
    after_batch: int
    body: bytes

    def is_stale(self, record_type: RecordType, state: TypeLoad, taken: int) -> bool:
        """Another chunk is next, or the service would refuse it."""
        return (self.type_no, self.state, self.after_batch) != (record_type.no, state, taken)


class Loader:
    """Brings every type's rows to the service once, and can go on where it was interrupted."""

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        fence: int,
        trace: Trace,
        new_id: Callable[[], str],
        online_holds: Collection[str],
        chunk_records: int = wire.CHUNK_RECORDS,
    ) -> None:
        self._db = db
        self._service = service
        self._fence = fence
        self._trace = trace
        self._new_id = new_id
        self._online_holds = online_holds
        self._chunk_records = chunk_records
        self._order = _load_order(db.types.values())
        self._totals: dict[str, int] = {}
        self._ready: Prepared | None = None
        self._loaded: set[int] = set()

    def waiting(self) -> list[RecordType]:
        """The types whose load is not complete, parents first."""
        waiting = [t for t in self._order if t.no not in self._loaded]
        states = {t.no: self._state(t) for t in waiting}
        self._loaded |= {no for no, state in states.items() if state.done}
        return [t for t in waiting if t.no not in self._loaded]

    def next_chunk(self, progress: Progress, online_head: int) -> tuple[int, int]:
        """Sends the next chunk of the first waiting type; how many were new, and the new head."""
        record_type = self.waiting()[0]
        state = self._state(record_type)
        if not state.adopted:
            self._adopt(record_type)
            state = self._state(record_type)
        ready, self._ready = self._ready, None
        if ready is None or ready.is_stale(record_type, state, books.taken(self._db).number):
            ready = self._prepared(record_type, state)
        try:
            answer = self._sent(ready)
        except ServiceRefused as error:
            if error.problem != "CHUNK_STALE":
                raise
            self._ready = None
            return 0, online_head
        after = ready.then
        if after.done:
            self._delete_absent(record_type)
        with self._db.transaction():
            lease.check(self._db, self._fence)
            self._remember(record_type, after)
            if not self.waiting():
                books.set_fact(self._db, ACCEPT_MISSING, None)
            books.add_conflicts(self._db, [Conflict("", lost) for lost in answer.lost])
        self._trace("load", type=record_type.name, records=after.records, last=after.done)
        progress(record_type.name, after.records, self._total(record_type))
        return answer.inserted + len(answer.lost), max(online_head, answer.online_head)

    def _prepared(self, record_type: RecordType, state: TypeLoad) -> Prepared:
        with self._db.transaction():
            lease.check(self._db, self._fence)
            chunk = read_chunk(
                self._db, record_type, state.after, self._new_id, self._chunk_records
            )
            then = TypeLoad(
                chunk.after, adopted=True, records=state.records + chunk.count, done=chunk.last
            )
            number = books.taken(self._db).number
            body = self._body(record_type, chunk, number)
        return Prepared(record_type.no, state, then, number, body)

    def _sent(self, ready: Prepared) -> ChunkAnswer:
        """Sends a chunk; meanwhile another thread has the database and reads the next one."""
        if ready.then.done:
            return self._service.load(ready.body)
        record_type = self._db.types[ready.type_no]
        with ThreadPoolExecutor(1, "samsyn-load") as reader:
            coming = reader.submit(self._prepared, record_type, ready.then)
            answer = self._service.load(ready.body)
            self._ready = coming.result()
        return answer

    # --- records that the service has already ---

    def _adopt(self, record_type: RecordType) -> None:
        """Rows whose key the service knows get the id it has: connecting again doubles nothing."""
        after = ""
        more = record_type.name in self._online_holds
        while more:
            page = self._service.identities(record_type.name, after, IDENTITIES_AT_ONCE)
            with self._db.transaction():
                lease.check(self._db, self._fence)
                keys = {
                    self._db.key_of_cells(record_type, known.key): known.id
                    for known in page.records
                    if known.alive and known.key is not None
                }
                here = self._db.ids_of(record_type, list(keys))
                taken = self._db.keys_of(record_type, list(keys.values()))
                there = self._db.read(record_type, [k for k in keys if k not in here])
                self._db.identify(
                    record_type, [(k, keys[k]) for k in there if keys[k] not in taken]
                )
            more = page.more
            after = page.records[-1].id if page.records else after
        with self._db.transaction():
            lease.check(self._db, self._fence)
            self._remember(
                record_type, msgspec.structs.replace(self._state(record_type), adopted=True)
            )

    def _delete_absent(self, record_type: RecordType) -> None:
        """What the service has and the office has not was deleted here while nobody looked.

        Unless it is so much that the database is probably another one: then a
        person must say that it is right. Raises MissingAtOffice.
        """
        missing, records = 0, 0
        for known in self._known_online(record_type):
            missing += len(known) - len(self._db.keys_of(record_type, known))
            records += len(known)
        allowed = books.fact(self._db, ACCEPT_MISSING, bool, False)
        if missing > max(MISSING_FEW, records * MISSING_SHARE) and not allowed:
            raise MissingAtOffice(type=record_type.name, missing=missing, records=records)
        for known in self._known_online(record_type) if missing else ():
            with self._db.transaction():
                lease.check(self._db, self._fence)
                here = self._db.keys_of(record_type, known)
                cursor = books.cursor(self._db)
                for record in known:
                    if record not in here:
                        books.add_report(self._db, Delete(record_type.name, record, cursor))

    def _known_online(self, record_type: RecordType) -> Iterator[list[str]]:
        """The living records of a type that the office has, or had, in parts."""
        after = ""
        more = record_type.name in self._online_holds
        while more:
            page = self._service.identities(record_type.name, after, IDENTITIES_AT_ONCE)
            yield [r.id for r in page.records if r.alive and r.key is not None]
            more = page.more
            after = page.records[-1].id if page.records else after

    # --- parts ---

    def _body(self, record_type: RecordType, chunk: LoadChunk, after_batch: int) -> bytes:
        return wire.encode(
            {
                "type": record_type.name,
                "fence": self._fence,
                "seen": books.cursor(self._db),
                "floor": floor(self._db),
                "after_batch": after_batch,
                "fingerprint": Catalog(self._db.engine, tuple(self._db.types.values())).fingerprint,
                "records": chunk.records,
                "last": chunk.last,
            }
        )

    def _state(self, record_type: RecordType) -> TypeLoad:
        return books.fact(self._db, f"load:{record_type.no}", TypeLoad, TypeLoad())

    def _remember(self, record_type: RecordType, state: TypeLoad) -> None:
        books.set_fact(self._db, f"load:{record_type.no}", state)

    def _total(self, record_type: RecordType) -> int:
        if record_type.name not in self._totals:
            self._totals[record_type.name] = self._db.count(record_type)
        return self._totals[record_type.name]


def to_load(db: CompanyDb) -> int:
    """How many records a first load has still to send; never 0 before all types are loaded."""
    waiting, complete = 0, True
    for record_type in db.types.values():
        state = books.fact(db, f"load:{record_type.no}", TypeLoad, TypeLoad())
        if not state.done:
            complete = False
            waiting += max(0, db.count(record_type) - state.records)
    return waiting if complete else max(1, waiting)


def _load_order(types: Iterable[RecordType]) -> list[RecordType]:
    known = {t.name: t for t in types}
    refers = {
        name: {f.reference.type for f in t.fields if f.reference is not None}
        for name, t in known.items()
    }
    return [known[name] for name in parents_first(refers)]
