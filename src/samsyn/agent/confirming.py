"""Whether a candidate is a difference: checked in one go, with nothing on its way either side.

A record counts as different only when nothing unsent at the office concerns
it, it is at rest online, and the office's row was the same just before and
just after the service was asked. Anything else is undecided and asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from samsyn.agent.comparing import Candidates, digests_of
from samsyn.agent.service import Service
from samsyn.companydb import books, held
from samsyn.companydb.claim import last_batch, unsent
from samsyn.companydb.rows import DELETED, EMPTIED, INSERTED, CompanyDb, JournalRow, Key
from samsyn.core.catalog import RecordType
from samsyn.protocol.messages import Compare, Identity

JOURNAL_AT_MOST = 5_000
"""Where more waits than this, nothing is decided: it is sent first."""


class Found(msgspec.Struct, frozen=True):
    """A difference: `what` as in `verify.Difference`, and what is known to repair it."""

    what: str
    record: str = ""
    key: Key | None = None
    """The office's key of the row, or the one that the service knows."""


class Verdict(msgspec.Struct, frozen=True):
    """What has been decided, and what must be asked again."""

    found: tuple[Found, ...]
    undecided: Candidates
    waiting: frozenset[str] = frozenset()
    """Those of the undecided of which something waits online, and nothing happens here."""


class Unsent(msgspec.Struct, frozen=True):
    """What at the office has not been taken by the service yet."""

    everything: bool = False
    keys: frozenset[Key] = frozenset()
    records: frozenset[str] = frozenset()

    def concerns(self, record: str, key: Key | None) -> bool:
        """Whether it may be about this record."""
        return self.everything or record in self.records or key in self.keys


class _Look(msgspec.Struct, frozen=True):
    """The office at one moment: row digests, rows without identity, and what is unsent after."""

    digests: dict[str, int]
    keys: dict[str, Key]
    unknown: frozenset[Key]
    unsent: Unsent
    position: tuple[int, int, int]


def confirm(
    db: CompanyDb, service: Service, record_type: RecordType, candidates: Candidates
) -> Verdict:
    """Decides on candidates. Takes no lock and writes nothing."""
    before = _look(db, record_type, candidates)
    cursor = books.marked_cursor(db)
    asked = Compare(record_type.name, cursor.number, candidates.records, cursor.mark)
    theirs = {known.id: known for known in service.compare(asked).records}
    after = _look(db, record_type, candidates)
    found: list[Found] = []
    undecided: list[str] = []
    waiting: list[str] = []
    for record in candidates.records:
        known = theirs.get(record)
        if _moves(before, after, record):
            undecided.append(record)
        elif known is not None and not known.at_rest:
            waiting.append(record)
        elif (one := _difference(record, before, known)) is not None:
            found.append(one)
    keys = [key for key in candidates.keys if key in before.unknown & after.unknown]
    untold = [k for k in keys if before.unsent.concerns("", k) or after.unsent.concerns("", k)]
    found += [Found("no_identity", key=key) for key in keys if key not in untold]
    left = Candidates((*undecided, *waiting), tuple(untold))
    return Verdict(tuple(found), left, frozenset(waiting))


def what_is_unsent(db: CompanyDb, record_type: RecordType) -> Unsent:
    """What has not been taken that may be about records of the type, or what they refer to.

    Everything, where the type is held: its journal stays.
    """
    behind = held.held(db)
    if record_type.no in behind:
        return Unsent(everything=True)
    staying = [no for no, told in behind.items() if told.stays]
    journal = db.first_journal(JOURNAL_AT_MOST, staying)
    targets = {f.reference.type for f in record_type.fields if f.reference is not None}
    referred = {no for no, t in db.types.items() if t.name in targets}
    if len(journal) == JOURNAL_AT_MOST or any(
        _is_about_all(row, record_type, referred) for row in journal
    ):
        return Unsent(everything=True)
    mine = [row for row in journal if row.type_no == record_type.no]
    keys = {key for row in mine for key in (row.old, row.new) if key is not None}
    records = unsent(books.outbox(db)).keys() | {word.id for word in books.reports(db)}
    return Unsent(keys=frozenset(keys), records=frozenset(records))


def _is_about_all(row: JournalRow, record_type: RecordType, referred: Collection[int]) -> bool:
    """A table emptied; or a target that comes, goes or moves, and what refers to it changes meaning."""
    if row.type_no == record_type.no and row.op == EMPTIED:
        return True
    if row.type_no not in referred:
        return False
    return row.op in (INSERTED, DELETED, EMPTIED) or row.old != row.new


def _look(db: CompanyDb, record_type: RecordType, candidates: Candidates) -> _Look:
    """Rows first, then what is unsent: a row read before its change was told cannot pass as told."""
    position = (books.cursor(db), books.taken(db).number, last_batch(db).number)
    keys = db.keys_of(record_type, candidates.records)
    digests = digests_of(db, record_type, keys)
    known = db.ids_of(record_type, candidates.keys)
    there = db.read(record_type, [k for k in candidates.keys if k not in known], only=())
    return _Look(digests, keys, frozenset(there), what_is_unsent(db, record_type), position)


def _moves(before: _Look, after: _Look, record: str) -> bool:
    """Something about the record happened meanwhile, or is on its way."""
    return (
        before.position != after.position
        or before.digests.get(record) != after.digests.get(record)
        or before.keys.get(record) != after.keys.get(record)
        or before.unsent.concerns(record, before.keys.get(record))
        or after.unsent.concerns(record, after.keys.get(record))
    )


def _difference(record: str, here: _Look, known: Identity | None) -> Found | None:
    key, mine = here.keys.get(record), here.digests.get(record)
    alive = known is not None and known.alive
    if mine is None and not alive:
        return None if key is None else Found("vanished", record, key)
    if mine is None:
        return Found("online_only", record, None if known is None else known.key)
    if not alive:
        return Found("office_only", record, key)
    assert known is not None
    return Found("differs", record, key) if int(known.digest or "0", 16) != mine else None


def in_groups(found: Sequence[Found], step: int) -> list[Sequence[Found]]:
    """The differences, so many at a time."""
    return [found[start : start + step] for start in range(0, len(found), step)]
