"""The oracle's notes of one company: each record as a page, and what is written on it by either side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samsyn.core.record import Record, frozen_fields
from simulation.pages import Field, OnItsWay, Page, Value
from simulation.shape import Shape
from simulation.sight import Change, Key, Rows

LostField = tuple[str, str | None, Value, Value]
"""Record, field, the office's value and the online one."""
UNSEEN = "was written unseen"
FOLLOWS = "follows a row that was pushed out"
IN_PARTS = "was told in parts"


class Notes:
    """Knows each record as a page, and follows what the program and people online do to it."""

    def __init__(self, shape: Shape, rows: Rows, ids: Mapping[tuple[str, Key], str]) -> None:
        self._shape = shape
        self.pages: list[Page] = []
        self.at_office: dict[tuple[str, Key], Page] = {}
        self.by_id: dict[str, Page] = {}
        self.conflicts: list[LostField] = []
        self.decided: set[str] = set()
        """The types that a person has let go on, undone, or attached with other fields."""
        self.given: set[tuple[str, str, Value]] = set()
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
        """What a record holds online; one that the office does not have is followed from here on.

        A restore and its undo make it online work, whoever wrote it first: what the
        office has refused of that may still come to it.
        """
        page = self.by_id.get(record)
        if page is not None:
            key = dict(zip(self._shape.fields(type_), page.key or (), strict=False))
            page.moved_online = any(values.get(name, part) != part for name, part in key.items())
            for name, known in page.fields.items():
                known.online_value = values.get(name)
                if known.online_value != known.office_value:
                    page.loose = "was not the same on both sides"
                    self._gives(type_, {name: known.online_value})
            return
        self._gives(type_, values)
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
        before = self.by_id.get(record)
        deleted = record in self._deleted_unknown or (before is not None and before.deleted_online)
        page.deleted_online = page.deleted_online or deleted
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
            page.key, page.made_anew = moved[name, old], True
            self.at_office[name, page.key] = page
            if (name, old) in self._made:
                self._made.symmetric_difference_update({(name, old), (name, page.key)})
        arrived = {(name, moved[name, old]) for name, old in movers}
        for change in changes:
            if change.field is not None:
                self._field_written(change)
                page = self.at_office[change.type, change.key]
                page.made_anew = page.made_anew or replacing
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
            row = rows[place[0]].get(place[1])
            if row is None:
                continue  # gone while a restore was carried out
            values = self._by_field(page.type, row)
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
        if frozen_fields(after):  # the same value for the third time, answered each time: FM19
            page.loose = page.loose or "is told to nobody"
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
                self.given.add((type_, name, value))
