"""What came after a cut: pages of the change log, record by record, each record once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from samsyn.core.merge import Action
from samsyn.core.record import Record
from samsyn.core.reopen import AtOffice, LogRow, Since, since_cut
from samsyn.protocol.restoring import RECORDS_AT_ONCE, Cut
from samsyn.records.rows import records_by_id
from samsyn.records.tenant import Row, Tenant, as_list, one_of

_COLUMNS = (
    "record_id, seq, type, action, source, connection, batch, chunk, author, at, fields, whole,"
    " derived"
)
_fields = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells
_names = msgspec.json.Decoder(set[str])
_kept = msgspec.json.Decoder(AtOffice)


class View(msgspec.Struct, frozen=True):
    """A cut as one connection sees it; `loaded` names the types that the office had once loaded.

    `left` is the number of the log at which the branch that the backup is of was left by another
    restore: what that one, or one after it, reopened tells what other backups hold. None where it was not left.
    `held` has the cursors of types that had been held back and were behind.
    Of a database that is not `is_known` nobody knows a cut: it may lack all that any connection has
    told, but for the rows of loads, whose values are in no log.
    """

    connection: str
    cut: Cut
    loaded: frozenset[str]
    left: int | None = None
    held: Mapping[str, int] = {}
    is_known: bool = True

    def cursor_of(self, type_: str) -> int:
        """How far the office had taken in what was written online of a type."""
        return min(self.cut.cursor, self.held.get(type_, self.cut.cursor))

    @property
    def least_cursor(self) -> int:
        """That of all types."""
        return min([self.cut.cursor, *self.held.values()])

    def is_after(self, row: Row) -> bool:
        """Whether a row of the log tells what the office does not hold."""
        _, seq, type_, _, source, connection, batch, chunk, _, _, fields, _, _ = row
        if source != "office":
            return bool(seq > self.cursor_of(type_))
        if not self.is_known:
            return fields is not None
        if connection != self.connection:
            return False
        if batch is not None:
            return bool(batch > self.cut.batch)
        if chunk is not None and self.cut.chunk is not None:
            return bool(chunk > self.cut.chunk)
        if fields is not None and seq > self.cut.cursor:
            return True  # the verifier's repair; an office that holds it all the same says so
        return type_ not in self.loaded or (
            self.cut.first_lost is not None and seq > self.cut.first_lost
        )


class Page(msgspec.Struct, frozen=True):
    """Records with what came after the cut, in the order in which it did; go on after `after`."""

    records: list[tuple[Record, Since]]
    after: int
    more: bool


def start(view: View, types: Collection[str]) -> int:
    """The number up to which nothing in the log is after the cut."""
    if not view.loaded >= set(types):
        return 0
    lost = view.cut.first_lost
    return view.least_cursor if lost is None else min(view.least_cursor, lost - 1)


def page(tenant: Tenant, view: View, types: Collection[str], after: int | None) -> Page:
    """The next records; the log only grows, so the same page is the same again."""
    first = start(view, types)
    place = first if after is None else after
    rows = _rows_on(tenant, view, place)
    wanted = list(dict.fromkeys(row[0] for row in rows if view.is_after(row)))
    found = stories(tenant, view, wanted, first)
    records = records_by_id(tenant, wanted)
    return Page(
        [
            (records[i], since)
            for i in wanted
            if i in records and found[i].first > place and not (since := found[i].since).nothing
        ],
        rows[-1][1] if rows else view.cut.upto,
        len(rows) == RECORDS_AT_ONCE,
    )


def rows_after(
    tenant: Tenant, view: View, types: Collection[str], limit: int
) -> list[tuple[str, int]]:
    """Record and number of each row that is after the cut, in order, up to a limit."""
    place = start(view, types)
    found: list[tuple[str, int]] = []
    while len(found) < limit:
        rows = _rows_on(tenant, view, place)
        found += [(row[0], row[1]) for row in rows if view.is_after(row)]
        if len(rows) < RECORDS_AT_ONCE:
            break
        place = rows[-1][1]
    return found[:limit]


class Story(msgspec.Struct, frozen=True):
    """What came after the cut, and the number of the first row that did."""

    since: Since
    first: int


def stories(tenant: Tenant, view: View, ids: Sequence[str], start_at: int) -> Mapping[str, Story]:
    """Each record's log from a number on, followed."""
    asked = one_of("record_id", "ids")
    rows = _rows(
        tenant,
        f"{asked} AND fields IS NOT NULL AND seq > %(start)s",
        ids=as_list(ids),
        start=start_at,
    )
    lost = view.cut.first_lost
    if view.is_known and (start_at == 0 or lost is not None):  # rows of a load are in no index
        rows += _rows(
            tenant,
            f"seq > %(start)s AND seq <= %(upto)s AND fields IS NULL AND {asked}",
            ids=as_list(ids),
            start=0 if start_at == 0 or lost is None else lost - 1,
            upto=view.cut.upto,
        )
    # What this very restore has reopened already is no news to it: its pages come again the same.
    upto = view.cut.upto if view.left is None else min(view.cut.upto, view.left)
    rows = [row for row in rows if row[1] <= upto or Action(row[3]) is not Action.REOPEN]
    by_record: dict[str, list[Row]] = {i: [] for i in ids}
    for row in sorted(rows, key=lambda row: row[1]):
        by_record[row[0]].append(row)
    return {
        i: Story(
            since_cut(_log_row(view, row) for row in own),
            next((row[1] for row in own if view.is_after(row)), 0),
        )
        for i, own in by_record.items()
    }


def _rows_on(tenant: Tenant, view: View, place: int) -> list[Row]:
    """The next rows of the log that may be after the cut: what batches and chunks before it told is passed over."""
    if not view.is_known:
        return _rows(
            tenant,
            "seq > %(after)s AND seq <= %(upto)s AND fields IS NOT NULL"
            " ORDER BY seq LIMIT %(limit)s",
            after=place,
            upto=view.cut.upto,
            limit=RECORDS_AT_ONCE,
        )
    return _rows(
        tenant,
        "seq > %(after)s AND seq <= %(upto)s AND (NOT (source = 'office') AND seq > %(cursor)s"
        " OR source = 'office' AND connection = %(connection)s"
        " AND (batch > %(batch)s OR batch IS NULL AND (chunk IS NULL OR chunk > %(chunk)s)))"
        " ORDER BY seq LIMIT %(limit)s",
        after=place,
        upto=view.cut.upto,
        cursor=view.least_cursor,
        connection=view.connection,
        batch=view.cut.batch,
        chunk=view.cut.chunk or 0,
        limit=RECORDS_AT_ONCE,
    )


def _rows(tenant: Tenant, where: str, **values: Any) -> list[Row]:  # Any: parameters
    return tenant.rows(
        f"SELECT {_COLUMNS} FROM records_change WHERE company_id = %(company)s AND {where}",
        **values,
    )


def _log_row(view: View, row: Row) -> LogRow:
    _, seq, _, action, source, _, batch, _, author, at, fields, whole, derived = row
    known = Action(action)
    written = None if fields is None else _fields.decode(fields)
    return LogRow(
        seq=seq,
        action=known,
        fields=written,
        by_office=source == "office",
        after=view.is_after(row),
        by=author,
        at=at,
        reopened=_kept.decode(whole) if known is Action.REOPEN else None,
        awaited=batch == view.cut.batch + 1,
        derived=derived is not None
        and written is not None
        and written.keys() <= _names.decode(derived),
    )
