"""The oracle of one company: hears every write and every delivery, and says what must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from samsyn.core.changes import Delete, Lost, Put
from samsyn.core.record import Record
from samsyn.core.stale import STALE_FORM
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, BatchAnswer, Chunk, LoadedRecord
from simulation.pages import Field, OnItsWay, Page, Value
from simulation.shape import Shape
from simulation.sight import Books, Change, Key, Rows
from simulation.verdict import Broken

UNSEEN = "was written unseen"
IN_PARTS = "was told in parts"
LostField = tuple[str, str | None, Value, Value]
"""Record, field, the office's value and the online one."""


class Oracle:
    """Knows each record as a page; `said` hears in words what was concluded."""

    def __init__(self, shape: Shape, rows: Rows, ids: Mapping[tuple[str, Key], str]) -> None:
        self._shape = shape
        self.pages: list[Page] = []
        self.at_office: dict[tuple[str, Key], Page] = {}
        self.by_id: dict[str, Page] = {}
        self.conflicts: list[LostField] = []
        self.decided: set[str] = set()
        """The types that a person has let go on, undone, or attached with other fields."""
        self._given: set[tuple[str, str, Value]] = set()
        """Every value that anybody online has given to a field."""
        self._left: dict[tuple[str, Key], str | None] = {}
        """Where a row vanished unseen: the record that the agent still takes to be there."""
        self._made: set[tuple[str, Key]] = set()
        """Rows that sync has made, and of which the identity is told a little later."""
        self._deleted_unknown: set[str] = set()
        self._batches: dict[int, dict[int, OnItsWay]] = {}
        """By batch number and field, what is on its way; fields by identity."""
        for name, table in rows.items():
            for key, values in table.items():
                page = self._page(name, key, values)
                record = ids.get((name, key))
                if record is not None:
                    self._named(page, record)

    def stands_online(self, type_: str, record: str, values: Mapping[str, Value]) -> None:
        """What a record holds online; one that the office does not have is followed from here on."""
        page = self.by_id.get(record)
        if page is not None:
            for name, known in page.fields.items():
                known.online_value = values.get(name)
                if known.online_value != known.office_value:
                    page.loose = "was not the same on both sides"
            return
        page = Page.of(type_, None, self._shape.texts(type_), values)
        page.loose = "the office did not have it"
        self._put(page)
        self._named(page, record)

    def is_unsent(self, page: Page) -> bool:
        """Whether the office has work on it that the service has not taken, or nobody has seen."""
        on_its_way = {field for way in self._batches.values() for field in way}
        return (
            page.id is None
            or page.loose is not None
            or any(
                known.unsent is not None or id(known) in on_its_way
                for known in page.fields.values()
            )
        )

    def _page(self, type_: str, key: Key, values: tuple[Value, ...]) -> Page:
        """Of a row."""
        page = Page.of(type_, key, self._shape.texts(type_), self._by_field(type_, values))
        self._put(page)
        return page

    def _by_field(self, type_: str, values: tuple[Value, ...]) -> dict[str, Value]:
        return dict(zip(self._shape.fields(type_), values, strict=True))

    def _put(self, page: Page) -> None:
        self.pages.append(page)
        if page.key is not None:
            self.at_office[page.type, page.key] = page

    def _named(self, page: Page, record: str) -> None:
        page.id = record
        page.deleted_online = page.deleted_online or record in self._deleted_unknown
        self.by_id[record] = page

    # --- the office program ---

    def program_changed(
        self, seen: Iterable[Change], moved: Mapping[tuple[str, Key], Key], *, replacing: bool
    ) -> None:
        """One statement of a transaction that is committed.

        `moved` names rows that only have another key now; what a `replacing`
        statement takes away was pushed out by another row.
        """
        changes = list(seen)
        movers = {place: self.at_office.pop(place) for place in moved if place in self.at_office}
        for change in changes:
            place = (change.type, change.key)
            if change.field is None and change.after is None and place not in movers:
                self._row_gone(change, pushed_out=replacing)
        for (name, old), page in movers.items():
            page.key = moved[name, old]
            self.at_office[name, page.key] = page
        arrived = {(name, moved[name, old]) for name, old in movers}
        for change in changes:
            if change.field is not None:
                self._field_written(change)
            elif change.after is not None and (change.type, change.key) in arrived:
                self._moved_row(self.at_office[change.type, change.key], change)
            elif change.after is not None:
                self._came(change)

    def program_changed_unseen(self, seen: Iterable[Change]) -> None:
        """One statement that no trigger saw.

        To the agent a row is what has its key: another row under the same key
        is the same record.
        """
        changes = list(seen)
        for change in changes:
            if change.field is None and change.after is None:
                place = (change.type, change.key)
                self._left[place] = self.at_office[place].id
                self._row_gone(change, pushed_out=True)
        for change in changes:
            if change.field is not None:
                self._field_written(change)
                page = self.at_office[change.type, change.key]
                page.unseen, page.loose = True, page.loose or UNSEEN
            elif change.after is not None:
                page = self._came(change)
                page.unseen, page.loose = True, UNSEEN

    def _came(self, change: Change) -> Page:
        """A new row; where one vanished unseen from its place, it is the same record."""
        page = self._page(change.type, change.key, change.after)
        record = self._left.pop((change.type, change.key), None)
        if record is not None:
            page.loose = UNSEEN
            self._named(page, record)
        return page

    def _moved_row(self, page: Page, change: Change) -> None:
        """A key that changed takes the other fields of the statement with it."""
        for name, value in self._by_field(change.type, change.after).items():
            known = page.fields.get(name)
            if known is not None and known.office_value != value:
                known.office_wrote(value)

    def _row_gone(self, change: Change, *, pushed_out: bool) -> None:
        page = self.at_office.pop((change.type, change.key))
        page.pushed_out = pushed_out
        page.gone_at_office, page.loose = True, page.loose or "deleted at the office"

    def _field_written(self, change: Change) -> None:
        page = self.at_office[change.type, change.key]
        page.touched = True
        known = page.fields.get(change.field or "")
        if known is not None:
            known.office_wrote(change.after)

    def field_dropped(self, type_: str, field: str) -> None:
        """Nobody follows it any more."""
        for page in self.pages:
            if page.type == type_:
                page.fields.pop(field, None)

    def fields_came(self, type_: str, fields: list[str]) -> None:
        """A column that was there is synced from now on."""
        self.decided |= {type_} if fields else set()
        for page in self.pages:
            if page.type == type_:
                page.fields |= {field: Field() for field in fields}

    def read_new_fields(self, rows: Rows) -> None:
        """What the office has in fields that are synced from now on."""
        for place, page in self.at_office.items():
            values = self._by_field(page.type, rows[place[0]][place[1]])
            for name, known in page.fields.items():
                if known.office_value != values[name]:
                    known.office_value = values[name]
                    page.loose = page.loose or "has got a field"

    # --- people online ---

    def created(self, record: Record) -> None:
        """A record was made online."""
        page = Page.of(record.type, None, self._shape.texts(record.type), {})
        page.born_online = True
        for name, known in page.fields.items():
            known.online_value = record.fields.get(name)
            known.online_wrote(record.version, record.fields.get(name))
        self._put(page)
        self._named(page, record.id)
        self._gives(record.type, record.fields)

    def edited(self, before: Record, after: Record) -> None:
        """Fields were edited online."""
        self._gives(after.type, after.fields)
        page = self.by_id.get(after.id)
        if page is None:
            return  # it was told in parts, and which row it is will be known
        page.touched = True
        for name, value in after.fields.items():
            known = page.fields.get(name)
            if known is not None and before.fields.get(name) != value:
                known.online_wrote(after.version, value)

    def deleted(self, record: str) -> None:
        """A record was deleted online."""
        page = self.by_id.get(record)
        if page is None:
            self._deleted_unknown.add(record)
            return  # as in `edited`
        page.deleted_online, page.loose = True, page.loose or "deleted online"

    def undoing(
        self, type_: str, online: Mapping[str, Mapping[str, Value]], *, at_office: bool
    ) -> None:
        """What one side did to a type is being undone: whatever the other has may be written there."""
        for page in self.pages:
            if page.type == type_:
                page.loose = page.loose or "was undone"
                fields = online.get(page.id or "", {})
                for name, known in page.fields.items():
                    known.put_back.append(fields.get(name) if at_office else known.office_value)
        if at_office:
            for fields in online.values():
                self._gives(type_, fields)

    def _gives(self, type_: str, fields: Mapping[str, Value]) -> None:
        for name, value in fields.items():
            if not isinstance(value, dict | list):
                self._given.add((type_, name, value))

    # --- the agent ---

    def claimed(self, bodies: Iterable[bytes], *, in_parts: bool) -> None:
        """Batches were made of what the office had written, or of a part of it.

        Then a record may be told again with the next part, or whole where its
        key changed, and what is read may belong to the row that has the key next.
        """
        for body in bodies:
            batch = wire.decode(body, Batch)
            way = self._batches.setdefault(batch.number, {})
            for change in batch.changes:
                if not isinstance(change, Put):
                    continue
                page = self.by_id.get(change.id)
                if page is None:
                    page = self.at_office.get((change.type, change.key))
                    if page is None or page.id is not None:
                        continue  # gone from the office since
                    if in_parts:  # another may have the key by now
                        page.loose = page.loose or IN_PARTS
                        continue
                    self._named(page, change.id)
                for name in change.fields:
                    known = page.fields.get(name)
                    if known is None:
                        continue
                    told = known.unsent is None and not change.new
                    again = known.unsent is None
                    if in_parts and (again or known.office_value != change.fields[name]):
                        page.loose = page.loose or IN_PARTS
                    if told and not page.loose and name not in change.derived:
                        raise Broken("G2", f"{page.name} {name}: the office has not written it,"
                                     " and a batch tells it")  # fmt: skip
                    way[id(known)] = known.claimed()

    def identified(self, ids: Mapping[tuple[str, Key], str], books: Books) -> None:
        """Every row keeps the identity that it once got, and no two have the same."""
        self._left = {place: record for place, record in self._left.items() if place in ids}
        for place, record in ids.items():
            page = self.at_office.get(place)
            if page is None or page.type in books.waiting:
                continue  # its row is gone, and the claim has not heard of it yet
            if page.id is None:
                other = self.by_id.get(record)
                if place in self._made and other is not None and other.key is None:
                    self._made.discard(place)
                    other.key, other.loose = page.key, page.loose
                    self.at_office[place] = other
                    self.pages.remove(page)
                    continue
                if other is not None and not other.pushed_out:
                    raise Broken("G4", f"{page.name} got the identity of {other.name}")
                if other is not None:
                    page.loose = "follows a row that was pushed out"
                self._named(page, record)
            elif page.id != record:
                raise Broken("G4", f"{page.name} has changed its identity")

    def applied(
        self,
        seen: Iterable[Change],
        ids: Mapping[tuple[str, Key], str],
        books: Books,
        *,
        journal: bool,
    ) -> None:
        """The agent has committed: each row that differs must be somebody's online work (G2)."""
        changes = list(self._by_record(list(seen), ids, books))
        for change in sorted(changes, key=_rows_that_went_first):
            if change.field is not None:
                self._taken(self.at_office[change.type, change.key], change, books)
            elif change.after is None:
                self._deleted_by_sync(change)
            else:
                record = ids.get((change.type, change.key))
                self._inserted_by_sync(change, record, books, journal=journal)

    def _by_record(
        self, seen: list[Change], ids: Mapping[tuple[str, Key], str], books: Books
    ) -> Iterator[Change]:
        """The changes, where a key that names another record now is one row that went and one that came."""
        others: dict[tuple[str, Key], list[Change]] = {}
        for change in seen:
            page = self.at_office.get((change.type, change.key))
            now = ids.get((change.type, change.key))
            behind = change.type in books.waiting  # who has which key is not claimed yet
            if change.field and page and page.id and now and page.id != now and not behind:
                others.setdefault((change.type, change.key), []).append(change)
            else:
                yield change
        for (name, key), changes in others.items():
            values = {change.field: change.after for change in changes}
            after = tuple(values.get(column) for column in self._shape.fields(name))
            yield Change(name, key, None, (), None)
            yield Change(name, key, None, None, after)

    def _taken(self, page: Page, change: Change, books: Books) -> None:
        assert change.field is not None
        known = page.fields.get(change.field)
        if known is None or page.loose:
            self._check_given(page, change)
            if known is not None:
                known.office_value = change.after
            return
        told = known.told(books.cursor_of(page.type))
        if not told or known.online[told - 1].value != change.after:
            raise Broken("G2", f"{page.name} {change.field}: {change.before!r} → {change.after!r},"
                         " which nobody online had written last")  # fmt: skip
        if known.online[told - 1].knew != known.office_writes:
            raise Broken("G2", f"{page.name} {change.field}: sync put {change.after!r} over the"
                         f" office's {change.before!r}, which it did not know")  # fmt: skip
        known.office_value, known.known = change.after, told

    def _check_given(self, page: Page, change: Change) -> None:
        """Even where the order is not followed: a text that sync writes was written by somebody."""
        assert change.field is not None
        if change.field not in page.fields or change.after is None:
            return
        if (page.type, change.field, change.after) not in self._given:
            raise Broken("G2", f"{page.name} {change.field}: sync wrote {change.after!r},"
                         " which nobody online had written")  # fmt: skip

    def _deleted_by_sync(self, change: Change) -> None:
        page = self.at_office.pop((change.type, change.key))
        in_parts = page.id is None and page.loose == IN_PARTS
        if not (page.deleted_online or in_parts or (page.type == "line" and page.key)):
            raise Broken("G2", f"sync deleted {page.name}, which nobody online had deleted")
        page.gone_at_office, page.loose = True, page.loose or "deleted"

    def _inserted_by_sync(
        self, change: Change, record: str | None, books: Books, *, journal: bool
    ) -> None:
        page = self.by_id.get(record or "")
        if page is None and record is None and journal:
            self._made.add(
                (change.type, change.key)
            )  # under another key first: which, is claimed next
            self._page(change.type, change.key, change.after).loose = "was made in parts"
            return
        if page is None:
            raise Broken(
                "G4", f"sync made {change.type} {change.key}, which nobody online had made"
            )
        if page.key is not None and not page.gone_at_office:
            raise Broken("G4", f"{page.name} stands twice at the office")
        page.key, page.gone_at_office = change.key, False
        self.at_office[page.type, change.key] = page
        for name, value in self._by_field(change.type, change.after).items():
            known = page.fields.get(name)
            if known is not None:
                known.office_value, known.known = value, known.told(books.cursor_of(page.type))

    def cursor_moved(self, books: Books) -> None:
        """Whatever the cursor covers, the office has, unless its own value is on its way (G4)."""
        for page in self.pages:
            if page.loose or page.id in books.held:
                continue
            for name, known in page.fields.items():
                told = known.told(books.cursor_of(page.type))
                if told <= known.known or page.key is None:
                    continue
                write = known.online[told - 1]
                if known.office_value == write.value:
                    known.known = told
                elif known.office_writes == write.knew:
                    raise Broken("G4", f"the cursor covers {page.name} {name} = {write.value!r},"
                                 f" and the office has {known.office_value!r}")  # fmt: skip

    def held(self, records: Iterable[str]) -> None:
        """Quarantine: such a record is listed, and no longer followed exactly."""
        for record in records:
            page = self.by_id.get(record)
            if page is not None:
                page.loose = page.loose or "was in quarantine"

    # --- the service ---

    def arrived(self, body: bytes, answer: BatchAnswer) -> None:
        """A batch has taken effect: the conflicts are exactly those that the oracle sees (G2)."""
        batch = wire.decode(body, Batch)
        way = self._batches.pop(batch.number, {})
        told = {(lost.record, lost.field): lost for o in answer.outcomes for lost in o.lost}
        for change in batch.changes:
            page = self.by_id.get(change.id)
            if page is None:
                continue
            if isinstance(change, Put):
                self._arrived(page, change, way, told)
            elif isinstance(change, Delete):
                page.loose = page.loose or "deleted at the office"

    def loaded(self, body: bytes) -> None:
        """A chunk has taken effect: it tells how rows stand, and the exact order ends where that was news."""
        chunk = wire.decode(body, Chunk)
        for told in chunk.records:
            page = self.by_id.get(told.id) or self._first_told(chunk.type, told)
            fields = {} if page is None else page.fields
            there = json.loads(bytes(told.fields)) if fields else {}
            if page is not None and any(there.get(f) != k.online_value for f, k in fields.items()):
                page.loose = page.loose or "was loaded"

    def _first_told(self, type_: str, told: LoadedRecord) -> Page | None:
        """A row that was there before anybody heard of it gets its name here."""
        page = self.at_office.get((type_, told.key))
        if page is None or page.id is not None:
            return None
        self._named(page, told.id)
        return page

    def told(self, lost: Iterable[Lost]) -> None:
        """The service has told of conflicts."""
        self.conflicts += [(one.record, one.field, one.office, one.online) for one in lost]

    def _arrived(
        self,
        page: Page,
        put: Put,
        way: dict[int, OnItsWay],
        told: Mapping[tuple[str, str | None], Lost],
    ) -> None:
        for name in put.fields:
            known = page.fields.get(name)
            if known is None:
                continue
            batch = way.get(id(known)) or OnItsWay(
                known.office_writes, put.fields[name], known.known
            )
            expected = known.arrives(batch)
            lost = told.get((page.id or "", name))
            if page.loose:
                continue
            if batch.value != put.fields[name]:
                raise Broken("G3", f"{page.name} {name}: the office wrote {batch.value!r},"
                             f" the batch says {put.fields[name]!r}")  # fmt: skip
            if expected is not None and lost is None:
                raise Broken("G3", f"{page.name} {name}: online {expected.value!r} was lost to"
                             f" {batch.value!r}, and no conflict is told")  # fmt: skip
            # A save that put an older value back, having seen the newer one, is told too: no conflict of G2.
            if expected is None and lost is not None and lost.outcome != STALE_FORM:
                raise Broken("G2", f"{page.name} {name}: a conflict is told of online"
                             f" {lost.online!r} and office {lost.office!r}, which is none")  # fmt: skip

    # --- rest ---

    def followed(self) -> Iterable[tuple[Page, str, Field]]:
        """The fields whose value at rest is known exactly."""
        for page in self.pages:
            if not page.loose:
                for name, known in page.fields.items():
                    yield page, name, known

    def loosely_followed(self) -> Iterable[tuple[Page, str, Field]]:
        """The fields of which it is only known that one of the last values stands."""
        for page in self.pages:
            if page.loose and page.key is not None and not page.gone_at_office:
                for name, known in page.fields.items():
                    yield page, name, known


def _rows_that_went_first(change: Change) -> bool:
    """A key may have passed from one record to another."""
    return change.field is not None or change.after is not None
