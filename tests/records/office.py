"""An office that behaves: batches in a chain, a cursor, a link. It keeps no database."""

from __future__ import annotations

import itertools

import msgspec

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType, Reference
from samsyn.core.cells import Cell
from samsyn.core.changes import Delete, OfficeChange, Operation, Put, Refused, Taken
from samsyn.core.record import Record
from samsyn.protocol import VERSION, wire
from samsyn.protocol.messages import (
    Batch,
    BatchAnswer,
    Before,
    Chunk,
    ChunkAnswer,
    Cursor,
    Hello,
    HelloAnswer,
    LoadedRecord,
    PairRequest,
    Pull,
)
from samsyn.records import connections, pairing
from samsyn.records.connections import Caller
from samsyn.records.hello import hello
from samsyn.records.load import load
from samsyn.records.pull import pull
from samsyn.records.push import push
from samsyn.records.rows import records_by_id
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit

AT = "2026-11-23T10:00:00.000Z"
AT_S = 1_795_428_000


def field(name: str, kind: Kind = Kind.TEXT, reference: str | None = None) -> Field:
    """A field of a test's type."""
    to = Reference(reference, "id") if reference else None
    return Field(name, Kind.REFERENCE if to else kind, "TEXT", reference=to)


CUSTOMER = RecordType(
    "customer",
    1,
    "customer",
    ("id",),
    KeyGiver.OFFICE,
    (
        field("name"),
        field("phone"),
        field("limit", Kind.DECIMAL),
        field("head", reference="customer"),
    ),
)
ORDER = RecordType(
    "order",
    2,
    "order",
    ("no",),
    KeyGiver.PERSON,
    (field("no"), field("customer", reference="customer"), field("note")),
)
CATALOG = Catalog("sqlite", (CUSTOMER, ORDER))


def rid(number: int) -> str:
    """A record id that is easy to read in a failing test."""
    return f"{number:032x}"


class Office:
    """One connection of a company, as the agent would use it."""

    def __init__(self, caller: Caller, catalog: Catalog = CATALOG) -> None:
        self.caller, self.tenant, self.catalog = caller, caller.tenant, catalog
        self.number, self.hash, self.claimed = 0, "", 0
        self.cursor, self.mark, self.floor, self.fence = 0, "", 0, 1
        self.link: str | None = None
        self._links = itertools.count(1)

    @classmethod
    def paired(
        cls, tenant: Tenant, catalog: Catalog = CATALOG, after: Office | None = None
    ) -> Office:
        """An office with a new connection, whose database has been that of another one before."""
        code = pairing.make_code(tenant, "Nordlund & Söner AB", AT_S)
        asked = PairRequest(code, "DESK-1", "nordlund.db", "sqlite")
        if after is not None:
            asked = msgspec.structs.replace(asked, before=after.left())
        return cls.of_secret(pairing.redeem(asked, AT, AT_S).secret, catalog)

    def left(self) -> Before:
        """What its database keeps of the connection that it gives up."""
        return Before(self.caller.connection, self.link, None, self.cursor, self.claimed)

    @classmethod
    def of_secret(cls, secret: str, catalog: Catalog = CATALOG) -> Office:
        """The office that holds a connection's secret."""
        return cls(connections.authenticate(secret), catalog)

    def hello(self, next_link: str | None = None) -> HelloAnswer:
        """Begin a session."""
        told = self.hello_message(next_link or f"link-{next(self._links)}")
        answer = hello(self.caller, told, AT)
        self.link = told.next_link
        return answer

    def hello_message(self, next_link: str) -> Hello:
        """What hello says."""
        return Hello(
            VERSION,
            self.link,
            next_link,
            self.fence,
            "DESK-1",
            self.catalog,
            self.cursor,
            self.number,
            self.hash,
            self.claimed,
            self.mark,
        )

    def batch(self, *changes: OfficeChange, number: int | None = None) -> bytes:
        """The bytes of the next batch."""
        return wire.encode(
            Batch(
                number or self.number + 1,
                self.hash,
                self.floor,
                self.catalog.fingerprint,
                changes,
            )
        )

    def send(self, body: bytes) -> BatchAnswer:
        """Push a batch and remember that it was taken."""
        cursor = Cursor(self.cursor, self.mark)
        answer = wire.decode(push(self.caller, body, self.fence, AT, cursor), BatchAnswer)
        self.number, self.hash = answer.number, wire.body_hash(body)
        self.claimed = self.number
        return answer

    def push(self, *changes: OfficeChange) -> BatchAnswer:
        """Push changes as the next batch."""
        return self.send(self.batch(*changes))

    def put(self, number: int, **fields: Cell) -> Put:
        """A change of a customer's fields, made now."""
        return Put("customer", rid(number), (number,), fields, self.cursor)

    def new(self, number: int, **fields: Cell) -> Put:
        """A new customer with all its fields."""
        empty: dict[str, Cell] = {f.name: None for f in CUSTOMER.fields}
        return Put("customer", rid(number), (number,), {**empty, **fields}, self.cursor, new=True)

    def delete(self, number: int, seen: int | None = None) -> Delete:
        """The deletion of a customer."""
        return Delete("customer", rid(number), self.cursor if seen is None else seen)

    def refused(self, number: int, operation: Operation, *fields: str) -> Refused:
        """An online change that the office cannot take."""
        return Refused(
            "customer", rid(number), self.cursor, operation, fields, "CHECK_FAILED", "no", None
        )

    def taken(self, number: int) -> Taken:
        """What was refused has been taken."""
        return Taken("customer", rid(number), self.cursor)

    def load(self, *records: LoadedRecord, last: bool = False, number: int = 0) -> ChunkAnswer:
        """Send a chunk of customers; as an older program does where it has no number."""
        return load(self.caller, self.chunk(*records, last=last, number=number), AT)

    def chunk(
        self,
        *records: LoadedRecord,
        last: bool = False,
        after_batch: int | None = None,
        fence: int | None = None,
        type_: str = "customer",
        number: int = 0,
    ) -> bytes:
        """The bytes of a chunk."""
        return wire.encode(
            Chunk(
                type_,
                self.fence if fence is None else fence,
                self.cursor,
                self.floor,
                self.number if after_batch is None else after_batch,
                self.catalog.fingerprint,
                records,
                last,
                self.mark,
                number,
            )
        )

    def peek(self, since: int | None = None, limit: int = 100) -> Pull:
        """A page of online changes, not taken in."""
        cursor = Cursor(self.cursor, self.mark) if since is None else Cursor(since)
        return pull(self.caller, cursor, self.floor, limit, self.fence, AT)

    def pull(self, limit: int = 100) -> Pull:
        """A page of online changes, taken in."""
        page = self.peek(limit=limit)
        self.cursor, self.mark = page.upto, page.mark
        return page


def loaded(number: int, **fields: Cell) -> LoadedRecord:
    """A customer in a chunk."""
    empty: dict[str, Cell] = {f.name: None for f in CUSTOMER.fields}
    return LoadedRecord(rid(number), (number,), msgspec.Raw(wire.encode({**empty, **fields})))


def record(tenant: Tenant, number: int) -> Record:
    """A record as the store holds it."""
    return records_by_id(tenant, [rid(number)])[rid(number)]


def create(tenant: Tenant, number: int, **fields: Cell) -> Record:
    """A customer created online."""
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        return unit.create("customer", fields, rid(number))


def create_order(tenant: Tenant, number: int, **fields: Cell) -> Record:
    """An order created online."""
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        return unit.create("order", fields, rid(number))


def edit(tenant: Tenant, number: int, **fields: Cell) -> Record:
    """Fields edited online."""
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        return unit.edit(rid(number), fields)


def delete(tenant: Tenant, number: int) -> Record:
    """A record deleted online."""
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        return unit.delete(rid(number))
