"""A company's office as far as the service sees it: it pairs, greets, loads and pushes over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
import urllib3

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType, Reference
from samsyn.core.cells import Cell
from samsyn.core.changes import OfficeChange
from samsyn.protocol import PATH, VERSION, wire
from samsyn.protocol.messages import (
    Batch,
    BatchAnswer,
    Chunk,
    ChunkAnswer,
    Hello,
    HelloAnswer,
    LoadedRecord,
    PairAnswer,
    PairRequest,
    Pull,
)

T = TypeVar("T")
Loaded = tuple[str, tuple[Cell, ...], Mapping[str, Cell]]
"""Id, key, fields."""
NASTY = "Order rader.å/ä %2F?"
"""A type's name that must survive an address."""

CONTACT = RecordType(
    "contacts", 1, "contacts", ("id",), KeyGiver.OFFICE,
    (
        Field("id", Kind.INTEGER, "INTEGER", read_only=True, nullable=False, has_default=True),
        Field("name", Kind.TEXT, "TEXT", required=True, nullable=False, max_length=40),
        Field("phone", Kind.TEXT, "TEXT"),
        Field("discount", Kind.DECIMAL, "NUMERIC", precision=6, scale=2),
        Field("rating", Kind.REAL, "REAL"),
        Field("visits", Kind.INTEGER, "INTEGER"),
        Field("active", Kind.BOOLEAN, "NUMERIC"),
        Field("since", Kind.DATE, "NUMERIC"),
        Field("seen at", Kind.DATETIME, "NUMERIC"),
        Field("photo", Kind.BLOB, "BLOB"),
        Field("status", Kind.TEXT, "TEXT", choices=("lead", "customer")),
        Field("parent", Kind.REFERENCE, "INTEGER", reference=Reference("contacts", "id")),
    ),
    title="name",
)  # fmt: skip
PRODUCT = RecordType(
    "products", 2, "products", ("code",), KeyGiver.PERSON,
    (
        Field("code", Kind.TEXT, "TEXT", required=True, nullable=False),
        Field("name", Kind.TEXT, "TEXT"),
    ),
)  # fmt: skip
LINE = RecordType(
    NASTY, 3, NASTY, ("contact", "product"), KeyGiver.PERSON,
    (
        Field("contact", Kind.REFERENCE, "INTEGER", required=True, reference=Reference("contacts", "id")),
        Field("product", Kind.REFERENCE, "TEXT", required=True, reference=Reference("products", "code")),
        Field('count "of"', Kind.INTEGER, "INTEGER"),
    ),
)  # fmt: skip
CATALOG = Catalog("sqlite", (CONTACT, PRODUCT, LINE))


def rid(number: int) -> str:
    """A record id that is easy to read in a failing test."""
    return f"{number:032x}"


class Office:
    """One connection, with the chain of its batches."""

    def __init__(self, url: str, code: str, catalog: Catalog = CATALOG) -> None:
        self.url, self.catalog = url, catalog
        self.pool = urllib3.PoolManager(retries=False)
        self.secret, self.number, self.hash, self.cursor, self.floor = "", 0, "", 0, 0
        request = PairRequest(code, "DESK-1", "company.db", catalog.engine)
        self.secret = self._post("pair", wire.encode(request), PairAnswer).secret
        hello = Hello(VERSION, None, "link-1", 1, "DESK-1", catalog, 0, 0, "", 0)
        self._post("hello", wire.encode(hello), HelloAnswer)

    def load(self, type_: str, *records: Loaded) -> None:
        """Load a whole type."""
        names = [field.name for field in self.catalog.type(type_).fields]
        rows = tuple(
            LoadedRecord(id_, key, msgspec.Raw(wire.encode({n: fields.get(n) for n in names})))
            for id_, key, fields in records
        )
        chunk = Chunk(
            type_,
            1,
            self.cursor,
            self.floor,
            self.number,
            self.catalog.fingerprint,
            rows,
            last=True,
        )
        self._post("load", wire.encode(chunk), ChunkAnswer)

    def push(self, *changes: OfficeChange) -> BatchAnswer:
        """Push changes as the next batch."""
        batch = Batch(
            number=self.number + 1,
            previous=self.hash,
            floor=self.floor,
            fingerprint=self.catalog.fingerprint,
            changes=changes,
        )
        body = wire.encode(batch)
        answer = self._post("push?fence=1", body, BatchAnswer)
        self.number, self.hash = answer.number, wire.body_hash(body)
        return answer

    def pull(self) -> Pull:
        """A page of online changes, taken in."""
        path = f"pull?since={self.cursor}&floor={self.floor}&limit=100&fence=1"
        page = self._decoded(self._request("GET", path, None), Pull)
        self.cursor = page.upto
        return page

    def wait(self, since: int) -> urllib3.BaseHTTPResponse:
        """The held request; its answer comes when there is news."""
        return self._request("GET", f"wait?since={since}", None)

    def _post(self, name: str, body: bytes, type_: type[T]) -> T:
        return self._decoded(self._request("POST", name, body), type_)

    def _request(self, method: str, name: str, body: bytes | None) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.pool.request(
            method, f"{self.url}{PATH}/{name}", body=body, headers=headers, timeout=90
        )

    @staticmethod
    def _decoded(response: urllib3.BaseHTTPResponse, type_: type[T]) -> T:
        assert response.status == 200, response.data
        return wire.decode(response.data, type_)
