"""What happened to a record: the service's log and the notes of this database, told as one.

The two name each other: a note knows the batch that took it, a row of the log
the batch it came with. So nothing is told twice, and no clock decides.
See docs/decisions/0028-who-wrote-what.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from samsyn.agent.past import past_of
from samsyn.companydb import books, notes
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.notes import OFFICE, Note
from samsyn.companydb.opening import Session
from samsyn.core.errors import SamsynError
from samsyn.protocol.history import Past as Told
from samsyn.protocol.history import PastChange, PastConflict
from samsyn.webkit.registers.book import Event, Fate, Lost, Way

OF_THE_LOG = 2**41
"""Added to the numbers of the log, so that they and those of notes are told apart."""
PROGRAM = "program"
"""Another program at the office wrote it: nobody of ours."""
OF_ONE = 64
"""So many events one row of the log may be told as."""

Again = Callable[[str], str]
"""For a conflict, where its losing value is written once more; empty where that is not for the reader."""


class Past:
    """The past of one record."""

    def __init__(
        self, session: Session, type_name: str, row: str, record: str | None, again: Again
    ) -> None:
        self._session, self._again = session, again
        self._type, self._row, self._record = type_name, row, record

    def events(self, before: int | None, limit: int) -> list[Event]:
        """The newest first, before the number of an event; from the notes alone where the service is silent."""
        if before is not None and before < OF_THE_LOG:
            return [_of_note(one) for one in self._notes(before, limit)]
        past = self._past(before, limit + 1)
        if past is None:
            connected = books.connection(self._session) is not None
            taken = books.taken(self._session).number
            return [
                _of_note(one, on_its_way=connected and (one.batch is None or one.batch > taken))
                for one in self._notes(None, limit)
            ]
        kept = self._notes(None, notes.KEPT_NOTES)
        own = [one for one in kept if one.side == OFFICE]
        events = [] if before is not None else self._untaken(own)
        for change in past.changes:
            mine = [one for one in own if one.batch is not None and one.batch == change.batch]
            events += self._of_log(change, past, mine)
        if len(past.changes) <= limit:
            events += _older(kept, past.changes)
        return [one for one in events if before is None or one.no < before][:limit]

    def _untaken(self, own: Sequence[Note]) -> list[Event]:
        """What is still on its way, or in a batch that the service has not taken."""
        taken = books.taken(self._session).number
        return [
            _of_note(one, on_its_way=True) for one in own if one.batch is None or one.batch > taken
        ]

    def _past(self, before: int | None, limit: int) -> Told | None:
        connection = books.connection(self._session)
        if connection is None or self._record is None:
            return None
        place = None if before is None else (before - OF_THE_LOG) // OF_ONE + 1
        try:
            return past_of(connection, self._record, place, limit)
        except SamsynError:
            return None

    def _notes(self, before: int | None, limit: int) -> list[Note]:
        return notes.of_record(self._session, self._type, self._row, self._record, before, limit)

    def _of_log(self, change: PastChange, past: Told, mine: Sequence[Note]) -> list[Event]:
        """A row of the log: as the notes tell it that went with its batch, and what is left of it."""
        lost = tuple(self._lost(one) for one in past.conflicts if one.seq == change.seq)
        noted = {name for note in mine for name in note.fields}
        rest = {name: cells for name, cells in change.fields.items() if name not in noted}
        told = [self._taken(change, note) for note in mine[: OF_ONE - 1]]
        if rest or not told:
            told.append(self._unsigned(change, rest, ours=False) if told else self._whole(change))
        told[0] = msgspec.structs.replace(told[0], lost=lost)
        first = OF_THE_LOG + change.seq * OF_ONE + OF_ONE - 1
        return [msgspec.structs.replace(one, no=first - n) for n, one in enumerate(told)]

    def _taken(self, change: PastChange, note: Note) -> Event:
        way = Way(Fate.TAKEN, change.at)
        return msgspec.structs.replace(_of_note(note), way=way, sync=str(change.batch))

    def _whole(self, change: PastChange) -> Event:
        """A change that no note here tells of: from online, or of another program at the office."""
        here = change.source == OFFICE
        ours = not here or change.by not in self._computers()
        return self._unsigned(change, change.fields, ours=ours)

    def _unsigned(self, change: PastChange, fields: notes.Fields, *, ours: bool) -> Event:
        here = change.source == OFFICE
        return Event(
            0,
            change.at,
            change.action,
            change.source if ours else PROGRAM,
            change.by if ours else None,
            fields,
            sync="" if change.batch is None else str(change.batch),
            way=Way(Fate.TAKEN, change.at) if here else None,
        )

    def _computers(self) -> frozenset[str]:
        """The names under which agents of this database have sent what nobody of ours wrote."""
        table = book_name(self._session.engine, "computer")
        return frozenset(str(name) for (name,) in self._session.rows(f"SELECT name FROM {table}"))

    def _lost(self, one: PastConflict) -> Lost:
        again = one.kept == OFFICE and not one.reapplied
        return Lost(
            one.id,
            one.field,
            one.office,
            one.online,
            one.kept,
            one.by,
            one.outcome,
            self._again(one.id) if again else "",
        )


def _older(kept: Sequence[Note], told: Sequence[PastChange]) -> list[Event]:
    """What the log no longer has, or never had: from before the connection."""
    batches = {change.batch for change in told}
    earliest = min((change.at for change in told), default="~")
    return [
        _of_note(one)
        for one in kept
        if one.batch is not None and one.batch not in batches and one.at < earliest
    ]


def _of_note(note: Note, *, on_its_way: bool = False) -> Event:
    own = note.side == OFFICE
    waiting = Way(Fate.WAITING) if own and on_its_way else None
    source = OFFICE if own else "web"
    sync = "" if note.batch is None or not own else str(note.batch)
    return Event(
        note.id, note.at, note.action, source, note.by or None, note.fields, (), sync, waiting
    )
