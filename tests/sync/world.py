"""A world of two sides: the real agent on a real database, and the service without HTTP.

The network between them can lose a request or its answer, and the agent can
be killed at any commit; `settle` brings both sides to rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import apsw
import msgspec

from samsyn.agent import lease
from samsyn.agent.comparing import ORDINARY, Sizes
from samsyn.agent.lease import Computer
from samsyn.agent.moved import Moved
from samsyn.agent.repairing import Repairer
from samsyn.agent.restoring import carry_out
from samsyn.agent.service import ServiceRefused, ServiceUnreachable
from samsyn.agent.session import Session, new_record_id
from samsyn.agent.underway import Choice
from samsyn.agent.verify import Certificate, verify
from samsyn.companydb import attach, books, urls
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.opening import opened
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.changes import Lost
from samsyn.core.errors import SamsynError
from samsyn.core.record import Record
from samsyn.protocol import wire
from samsyn.protocol.messages import (
    BatchAnswer,
    ChunkAnswer,
    Compare,
    Compared,
    Cursor,
    Digests,
    FixOrder,
    HeldReport,
    Hello,
    HelloAnswer,
    Identities,
    KnownRecords,
    PairRequest,
    Pull,
    QuarantineEntry,
    State,
)
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Look,
    Rejoin,
    Rejoined,
    Reopen,
    Reopening,
    Seen,
    Standing,
)
from samsyn.protocol.wire import Limits
from samsyn.records import compare, connections, ledger, pairing, restoring
from samsyn.records import held as online_held
from samsyn.records.asking_api import fixed_by_office
from samsyn.records.connections import Caller
from samsyn.records.hello import hello, record_counts
from samsyn.records.load import load
from samsyn.records.pull import online_head, page_of_type, pull, waiting_down
from samsyn.records.push import push
from samsyn.records.rows import records_by_id
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit

T = TypeVar("T")
AT = "2026-11-23T10:00:00.000Z"
AT_S = 1_795_428_000
LONGEST = 50
"""Rounds after which a world that does not come to rest has failed."""


class Killed(BaseException):
    """The agent was killed; like the real thing, no handler of ours sees it."""


class Network:
    """The way to the service: says for each request what becomes of it."""

    def __init__(self) -> None:
        self._fates: Iterator[str] = itertools.repeat("delivered")
        self.requests = 0
        self.watch: Callable[[], None] = lambda: None
        """Is called before each request."""

    def suffer(self, *fates: str) -> None:
        """The next requests are `delivered`, `lost`, `unanswered` or `repeated`."""
        self._fates = itertools.chain(fates, itertools.repeat("delivered"))

    def call(self, work: Callable[[], Any]) -> Any:  # Any: whatever the service answers
        self.requests += 1
        self.watch()
        fate = next(self._fates)
        if fate == "lost":
            raise ServiceUnreachable(online="test", reason=fate)
        answer = _told(work)
        if fate == "repeated":
            answer = _told(work)
        if fate == "unanswered":
            raise ServiceUnreachable(online="test", reason=fate)
        return answer


class DirectService:
    """The service's own functions behind the agent's port."""

    def __init__(self, caller: Caller, network: Network) -> None:
        self.caller, self.network = caller, network

    def hello(self, message: Hello) -> HelloAnswer:
        answer: HelloAnswer = self.network.call(lambda: hello(self.caller, message, AT))
        return answer

    def push(
        self, body: bytes, fence: int, cursor: Cursor, age_ms: int | None = None
    ) -> BatchAnswer:
        answer = self.network.call(lambda: push(self.caller, body, fence, AT, cursor))
        return wire.decode(answer, BatchAnswer)

    def load(self, body: bytes) -> ChunkAnswer:
        answer: ChunkAnswer = self.network.call(lambda: load(self.caller, body, AT))
        return answer

    def pull(self, cursor: Cursor, floor: int, limit: int, fence: int) -> Pull:
        answer: Pull = self.network.call(lambda: pull(self.caller, cursor, floor, limit, fence, AT))
        return answer

    def pull_type(self, type_name: str, since: int, cursor: Cursor, floor: int, limit: int) -> Pull:
        answer: Pull = self.network.call(
            lambda: page_of_type(self.caller, since, cursor, floor, limit, type_name)
        )
        return answer

    def records(self, type_name: str, after: str, limit: int) -> KnownRecords:
        answer: KnownRecords = self.network.call(
            lambda: compare.records(self.caller, type_name, after, limit)
        )
        return answer

    def tell_held(self, report: HeldReport) -> None:
        self.network.call(lambda: online_held.store(self.caller, report))

    def wait(self, since: int, cursor: Cursor) -> int:
        return online_head(self.caller.tenant)

    def digests(self, type_name: str) -> Digests:
        return compare.digests(self.caller, type_name)

    def identities(
        self, type_name: str, after: str, limit: int, bucket: int | None = None
    ) -> Identities:
        return compare.identities(self.caller, compare.Place(type_name, after, bucket), limit)

    def compare(self, asked: Compare) -> Compared:
        answer: Compared = self.network.call(lambda: compare.compared(self.caller, asked))
        return answer

    def state(self, cursor: int) -> State:
        tenant = self.caller.tenant
        waiting = waiting_down(tenant, cursor)
        return State(tenant.company, "", online_head(tenant), waiting, 0, 0, record_counts(tenant))

    def fetch(self, name: str, type_: type[T]) -> T:
        raise ServiceRefused(problem="NOT_FOUND", asked=name)  # tests ask the store itself

    def mend(self, order: FixOrder) -> QuarantineEntry:
        answer: QuarantineEntry = self.network.call(lambda: fixed_by_office(self.caller, order))
        return answer

    def ask(self, name: str, body: object, type_: type[T]) -> T:
        raise ServiceRefused(problem="NOT_FOUND", asked=name)  # the same

    def look(self, message: Look) -> Seen:
        answer: Seen = self.network.call(lambda: restoring.look(self.caller, message))
        return answer

    def begin(self, message: Begin) -> Begun:
        answer: Begun = self.network.call(lambda: restoring.begin(self.caller, message, AT))
        return answer

    def reopen(self, message: Reopen) -> Reopening:
        answer: Reopening = self.network.call(lambda: restoring.reopen(self.caller, message, AT))
        return answer

    def rejoin(self, message: Rejoin) -> Rejoined:
        answer: Rejoined = self.network.call(lambda: restoring.rejoin(self.caller, message, AT))
        return answer

    def disconnect(self) -> None:
        connections.revoke(self.caller.tenant, self.caller.connection, AT)


class World:
    """One company: its database and its online copy, connected."""

    def __init__(self, url: urls.CompanyUrl, caller: Caller) -> None:
        self.url, self.caller, self.tenant = url, caller, caller.tenant
        self.network = Network()
        self.service = DirectService(caller, self.network)
        self.limits = Limits()
        """How much the agent takes at a time, from its next start."""
        self.now: Callable[[], str] = lambda: AT
        """The agent's clock."""
        self._pids = itertools.count(1)
        self.open()

    def open(self) -> None:
        """Opens the company database for the agent and for the company's own program."""
        self._other = opened(self.url, writing=True)
        self.program = self._other.__enter__()
        """A session of the company's own program: another connection, which knows nothing of us."""
        if self.url.engine == "postgresql":
            self.program.run("RESET search_path")
        self._start()

    @classmethod
    def made(cls, text: str, schema: str, company: str = "aaaaaaaaaaaa") -> World:
        """A company database with this schema, attached, connected and loaded."""
        url = urls.parse(text)
        if isinstance(url, urls.SqliteUrl):
            apsw.Connection(url.path).close()
        sqlite = url.engine == "sqlite"
        key = (
            "INTEGER PRIMARY KEY"
            if sqlite
            else "integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        )
        with opened(url, writing=True) as session:
            session.run("PRAGMA journal_mode = WAL" if sqlite else "RESET search_path")
            for statement in schema.split(";"):
                if statement.strip():
                    session.run(statement.replace("serial", key))
        return cls.attached(text, company=company)

    @classmethod
    def attached(
        cls,
        text: str,
        references: attach.References | None = None,
        company: str = "aaaaaaaaaaaa",
    ) -> World:
        """A company database that is there already, attached and connected, not yet loaded."""
        url = urls.parse(text)
        attach.attach(attach.plan(url, references=references))
        tenant = Tenant(company)
        code = pairing.make_code(tenant, "Nordlund & Söner AB", AT_S)
        paired = pairing.redeem(PairRequest(code, "DESK-1", "nordlund", url.engine), AT, AT_S)
        with opened(url, writing=True) as session, session.transaction():
            connection = books.Connection(
                paired.connection,
                paired.secret,
                "http://127.0.0.1",
                paired.company,
                "Nordlund",
                newcomer=paired.newcomer,
            )
            books.set_fact(session, "connection", connection)
        return cls(url, connections.authenticate(paired.secret))

    # --- the agent ---

    def _start(self) -> None:
        self.db: CompanyDb = open_company_db(self.url)
        self.me = Computer("computer", "DESK-1", next(self._pids) + 2**22, 0.0)
        self.fence = lease.acquire(self.db, self.me)
        self.session = Session(
            self.db,
            self.service,
            self.fence,
            "DESK-1",
            new_id=new_record_id,
            now=lambda: self.now(),
            limits=self.limits,
        )
        self.started = False

    def restart(self) -> None:
        """The agent was killed and starts again."""
        self.db.close()
        self._start()

    def sync(self) -> Moved:
        """One session, or the rest of it, until both sides rest or something fails."""
        if not self.started:
            self.session.hello()
            self.started = True
        self.session.online_head = max(self.session.online_head, online_head(self.tenant))
        return self.session.exchange()

    def push(self) -> None:
        """Only the way up; trouble on it is left for later."""
        self.ready()
        with suppress(SamsynError):
            self.session._push()

    def pull(self) -> None:
        """Only the way down, from what the service has by now; trouble is left for later."""
        self.ready()
        self.session.online_head = online_head(self.tenant)
        with suppress(SamsynError):
            while self.session.online_head > (before := books.cursor(self.db)):
                self.session._pull_page()
                if books.cursor(self.db) == before:
                    self.session._push()

    def ready(self) -> None:
        """Hello, where it is still to be said."""
        if not self.started:
            with suppress(SamsynError):
                self.session.hello()
                self.started = True

    def update(self, choice: Choice) -> Standing:
        """A person chooses what stands after a restore; the agent that runs then is a new one."""
        try:
            return carry_out(self.db, self.service, self.fence, choice)
        finally:
            self.restart()

    def settle(self) -> None:
        """Until both sides rest, over every lost request and kill (G1)."""
        for _ in range(LONGEST):
            try:
                moved = self.sync()
            except SamsynError as error:
                if not error.transient:
                    raise
                self.started = False
                continue
            except Killed:
                self.restart()
                continue
            if not moved:
                return
        raise AssertionError("the world does not come to rest")

    @contextmanager
    def killed_at(self, commit: int, *, before: bool) -> Iterator[None]:
        """The agent dies at its nth commit from now on, just before or just after it."""
        whole = self.db.transaction
        count = itertools.count(1)

        @contextmanager
        def transaction() -> Iterator[None]:
            dying = next(count) == commit
            with whole():
                yield
                if dying and before:
                    raise Killed
            if dying:
                raise Killed

        object.__setattr__(self.db, "transaction", transaction)
        try:
            yield
        finally:
            self.db.__dict__.pop("transaction", None)

    # --- both sides ---

    def office(self, sql: str, *values: object) -> list[Any]:  # Any: stored values
        """The company's own program runs a statement."""
        return self.program.rows(sql, *values)

    def type(self, name: str) -> RecordType:
        """A synced type."""
        return next(t for t in self.db.types.values() if t.name == name)

    def id_of(self, type_name: str, *key: object) -> str:
        """The record id of an office row."""
        stored = tuple(key) if self.db.engine == "sqlite" else tuple(str(k) for k in key)
        return self.db.ids_of(self.type(type_name), [stored])[stored]

    def ids(self, type_name: str) -> dict[tuple[object, ...], str]:
        """The record ids of all office rows of a type, by key."""
        rows = self.db.rows_after(self.type(type_name), None, 100_000)
        return {state.key: record for state, record in rows if record is not None}

    def online(self, record: str) -> Record:
        """A record as the service has it."""
        return records_by_id(self.tenant, [record])[record]

    def online_records(self, type_name: str) -> list[Record]:
        """The living records of a type."""
        ids = [
            i.id for i in compare.identities(self.caller, compare.Place(type_name), 10_000).records
        ]
        return [r for r in records_by_id(self.tenant, ids).values() if r.alive]

    def create(self, type_name: str, record: str | None = None, **fields: Cell) -> str:
        """A record is created online."""
        with company_unit(self.tenant, Source.REST, "Maria", AT) as unit:
            return unit.create(type_name, fields, record or new_record_id()).id

    def edit(self, record: str, **fields: Cell) -> None:
        """Fields are edited online."""
        with company_unit(self.tenant, Source.REST, "Maria", AT) as unit:
            unit.edit(record, fields)

    def edit_all(self, edits: Mapping[str, Mapping[str, Cell]]) -> None:
        """Records are edited online, all in one transaction."""
        with company_unit(self.tenant, Source.REST, "Maria", AT) as unit:
            for record, fields in edits.items():
                unit.edit(record, fields)

    def delete(self, record: str) -> None:
        """A record is deleted online."""
        with company_unit(self.tenant, Source.REST, "Maria", AT) as unit:
            unit.delete(record)

    def conflicts(self) -> list[Lost]:
        """Every conflict the service has recorded, oldest first."""
        rows = self.tenant.rows(
            "SELECT type, record_id, key, field, base, office, online, online_seq, online_by,"
            " online_at, outcome, kept FROM records_conflict WHERE company_id = %(company)s"
            " ORDER BY office_seq, no"
        )
        return [
            Lost(
                type=row[0],
                record=row[1],
                key=None,
                field=row[3],
                base=_json(row[4]),
                office=_json(row[5]),
                online=_json(row[6]),
                online_seq=row[7],
                online_by=row[8],
                online_at=row[9],
                outcome=row[10],
                kept=row[11],
            )
            for row in rows
        ]

    def ledger_difference(self) -> int:
        """Accepted field writes that nothing accounts for (G3)."""
        return ledger.ledger(self.tenant).difference

    def quarantine(self) -> list[books.Quarantined]:
        """What the office has in quarantine."""
        return books.quarantine(self.db)

    def certificate(self) -> Certificate:
        """The verifier's word on both sides."""
        return verify(self.db, self.service, self.settle, AT)

    def repaired(self, sizes: Sizes = ORDINARY) -> Certificate:
        """The verifier's word, after it has repaired what differed."""
        self.ready()
        repairer = Repairer(self.db, self.service, self.session.continuity, new_record_id)
        return verify(self.db, self.service, self.sync, AT, repairer, sizes)

    def close(self) -> None:
        """Ends both connections to the company database."""
        self.db.close()
        self._other.__exit__(None, None, None)


def _json(cell: Any) -> Cell:  # Any: text on SQLite, a value on PostgreSQL
    decoded: Cell = msgspec.json.decode(cell) if isinstance(cell, str | bytes) else cell
    return decoded


def _told(work: Callable[[], Any]) -> Any:  # Any: whatever the service answers
    """Runs the service's function; its errors become what the agent hears over HTTP."""
    try:
        return work()
    except SamsynError as error:
        if getattr(error, "status", 500) >= 500:
            raise ServiceUnreachable(online="test", reason=error.code) from error
        raise ServiceRefused(problem=error.code, status=400, **error.facts) from error
