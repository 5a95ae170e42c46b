"""The oracle of one company: hears every write and every delivery, and says what must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from samsyn.core.changes import Delete, Lost, Put
from samsyn.core.stale import STALE_FORM
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, BatchAnswer, Chunk, LoadedRecord
from simulation.notes import FOLLOWS, IN_PARTS, UNSEEN, Notes
from simulation.pages import Field, OnItsWay, Page
from simulation.sight import Books, Change, Key
from simulation.verdict import Broken


class Oracle(Notes):
    """Follows what the agent and the service make of it, and says what must be."""

    # --- the agent ---

    def claimed(self, bodies: Iterable[bytes], *, in_parts: bool) -> None:
        """Batches were made of what the office had written, or of a part of it.

        Then a record may be told whole where its key changed or a REPLACE made it anew, and what
        is read may belong to the row that has the key next.
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
                    whole = page.made_anew and known.unsent is None
                    if in_parts and (whole or known.office_value != change.fields[name]):
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
                unsure = place in self._made or page.loose in (IN_PARTS, UNSEEN)
                back = place in self._made and page.type in self.decided  # a person had it put back
                free = other is not None and (other.key is None or (back and other.gone_at_office))
                if unsure and other is not None and free:
                    self._made.discard(place)
                    other.key, other.loose = page.key, page.loose
                    other.gone_at_office = False
                    for name in page.fields.keys() & other.fields.keys():  # the row's own stand
                        other.fields[name].office_value = page.fields[name].office_value
                    self.at_office[place] = other
                    self.pages.remove(page)
                    continue
                if other is not None and not other.pushed_out:
                    raise Broken("G4", f"{page.name} got the identity of {other.name}")
                if other is not None:
                    page.loose = FOLLOWS
                self._named(page, record)
            elif page.id != record:
                other = self.by_id.get(record)
                if other is None and page.loose == UNSEEN:
                    # The agent had seen that one go, before another came unseen.
                    del self.by_id[page.id]
                    self._named(page, record)
                    continue
                stands = other is None or not (other.key is None or other.gone_at_office)
                if not page.deleted_online or other is None or stands:
                    raise Broken("G4", f"{page.name} has changed its identity")
                self._replaced(page, other)

    def _replaced(self, page: Page, other: Page) -> None:
        """While their type waited sync took one row out, and gave another its key."""
        assert page.key is not None
        place = (page.type, page.key)
        for name in page.fields.keys() & other.fields.keys():
            other.fields[name].office_value = page.fields[name].office_value
        other.key, other.loose = page.key, other.loose or "made while its type waited"
        other.gone_at_office = False
        page.key, page.gone_at_office = None, True
        self.at_office[place] = other

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
        named = frozenset(ids.values())
        for change in seen:
            page = self.at_office.get((change.type, change.key))
            now = ids.get((change.type, change.key))
            behind = change.type in books.waiting and (  # who has which key is not claimed yet
                page is None or page.id not in named
            )
            if change.field and page and page.id and now and page.id != now and not behind:
                others.setdefault((change.type, change.key), []).append(change)
            else:
                yield change
        for (name, key), changes in others.items():
            stood = self.at_office[name, key].fields
            values = {field: known.office_value for field, known in stood.items()}
            values |= {change.field: change.after for change in changes if change.field}
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
        if (page.type, change.field, change.after) not in self.given:
            raise Broken("G2", f"{page.name} {change.field}: sync wrote {change.after!r},"
                         " which nobody online had written")  # fmt: skip

    def _deleted_by_sync(self, change: Change) -> None:
        page = self.at_office.pop((change.type, change.key))
        in_parts = page.id is None and page.loose == IN_PARTS
        moves = page.moved_online or (page.type == "line" and page.key)
        if not (page.deleted_online or in_parts or moves):
            raise Broken("G2", f"sync deleted {page.name}, which nobody online had deleted")
        page.gone_at_office, page.loose = True, page.loose or "deleted"
        page.moved_online = False

    def _inserted_by_sync(
        self, change: Change, record: str | None, books: Books, *, journal: bool
    ) -> None:
        page = self.by_id.get(record or "")
        if page is None and record is None and journal:
            self._made.add(
                (change.type, change.key)
            )  # under another key first: which, is claimed next
            self._page(change.type, change.key, change.after).loose = IN_PARTS
            return
        if page is None and record is not None and change.type in self.decided:
            page = self._page(change.type, change.key, change.after)
            page.loose = "was put back"
            self._named(page, record)
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
        refused = {refusal.index for refusal in answer.refusals}
        for index, change in enumerate(batch.changes):
            page = self.by_id.get(change.id)
            if page is None:
                continue
            if index in refused:  # a batch from before its table was attached again
                page.loose = page.loose or "was refused by the service"
            elif isinstance(change, Put):
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
            if expected is not None and lost is None and name in put.derived:
                page.loose = page.loose or "derived beside an online write, which stands"
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
