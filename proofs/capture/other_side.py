"""A naive other side: it believes what it is told, by identity, and is compared with the tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from proofs.capture.tables import TAG
from samsyn.companydb import books
from samsyn.companydb.claim import Claimer
from samsyn.companydb.load import read_chunk
from samsyn.companydb.references import resolved
from samsyn.companydb.rows import INSERTED, CompanyDb, JournalRow
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, same
from samsyn.core.changes import Delete, Put
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch

AT = "2026-11-23T10:00:00.000Z"
LONGEST = 10_000
Fields = dict[str, Cell]


class Wrong(Exception):
    """What the other side was told is not what the tables hold."""


class OtherSide:
    """Records by type and id, as told by load and claims."""

    def __init__(self, db: CompanyDb, seed: int) -> None:
        self._db = db
        self._ids_given = itertools.count(seed << 32)
        self.told: dict[tuple[str, str], Fields] = {}
        self._ids: dict[tuple[str, object], str] = {}
        """Which record a row, known by its tag, was when last looked at."""

    def load(self) -> None:
        """The first load, in chunks."""
        for record_type in self._db.types.values():
            after: tuple[Cell, ...] | None = None
            last = False
            while not last:
                with self._db.transaction():
                    chunk = read_chunk(self._db, record_type, after, self._new_id, limit=3)
                for record, _, fields in msgspec.json.decode(chunk.records):
                    self.told[record_type.name, record] = fields
                after, last = chunk.after, chunk.last

    def claim(self, limit: int) -> bool:
        """Takes a part of the journal and believes it; true where there was more."""
        with self._db.transaction():
            claimed = Claimer(self._db, AT, self._new_id).claim(limit)
            for batch in books.outbox(self._db):
                for change in wire.decode(batch.body, Batch).changes:
                    self._believe(change)
                books.drop_batch(self._db, batch)
        return claimed.more or self._db.journal_size() > 0

    def rest(self, limit: int) -> None:
        """Claims until nothing is left, then compares everything (nobody may be writing)."""
        for _ in range(LONGEST):
            if not self.claim(limit):
                break
        else:
            raise Wrong("the journal does not come to an end")
        wrong = list(self._differences())
        if wrong:
            raise Wrong("; ".join(wrong))

    def _new_id(self) -> str:
        return f"{next(self._ids_given):032x}"

    def _believe(self, change: object) -> None:
        match change:
            case Put():
                place = (change.type, change.id)
                if change.new:
                    self.told[place] = dict(change.fields)
                elif place in self.told:
                    self.told[place].update(change.fields)
                else:
                    self._ask_for_all(change)
            case Delete():
                self.told.pop((change.type, change.id), None)
            case _:
                raise Wrong(f"nobody refused anything: {change}")

    def _ask_for_all(self, put: Put) -> None:
        """As the service does, which does not know the record: the agent sends all of it."""
        record_type = next(t for t in self._db.types.values() if t.name == put.type)
        key = self._db.keys_of(record_type, [put.id]).get(put.id)
        if key is not None:
            row = JournalRow(0, record_type.no, INSERTED, put.seen, 0, None, key)
            self._db.add_journal([row])

    def _differences(self) -> Iterator[str]:
        left = dict(self.told)
        for record_type in self._db.types.values():
            for record, fields in self._rows(record_type):
                if record is None:
                    yield f"{record_type.name} {fields}: a row without identity"
                    continue
                told = left.pop((record_type.name, record), None)
                if told is None:
                    yield f"{record_type.name} {fields}: a row that was not told"
                    continue
                for name, cell in fields.items():
                    if name not in told or not same(told[name], cell):
                        yield f"{record_type.name} {fields}: {name} was told as {told.get(name)!r}"
                yield from self._moved(record_type, record, fields)
            if gone := self._db.vanished(record_type, 10):
                yield f"{record_type.name}: identities without a row: {gone}"
        for (name, _), fields in left.items():
            yield f"{name} {fields}: a ghost, the row is gone"

    def _rows(self, record_type: RecordType) -> list[tuple[str | None, Fields]]:
        rows = self._db.rows_after(record_type, None, LONGEST)
        states = resolved(self._db, record_type, (state for state, _ in rows), None)
        return [(i, state.fields) for state, (_, i) in zip(states, rows, strict=True)]

    def _moved(self, record_type: RecordType, record: str, fields: Fields) -> Iterator[str]:
        if TAG not in fields:
            return
        place = (record_type.name, fields[TAG])
        if self._ids.get(place, record) != record:
            yield f"{record_type.name} {fields}: was {self._ids[place]}, is now {record}"
        self._ids[place] = record
