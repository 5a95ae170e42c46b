"""The messages by which a connection is taken up again after a restore of either side."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from samsyn.core.cells import Cell
from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks, Mark, Number

RECORDS_AT_ONCE = 1_000
"""Rows of the change log that a page of a restore looks at."""


class Standing(enum.Enum):
    """How the office's database and the service stand to each other."""

    SAME = "same"
    """Nothing stands in the way of a sync."""
    OFFICE_BACK = "office_back"
    """The office was put back to an earlier state that the service knows."""
    SERVICE_BACK = "service_back"
    """The service was put back: the office knows more than it does."""


class Told(msgspec.Struct, frozen=True):
    """The state of the office's database, as in `Hello`; `loaded` names the types once loaded.

    `links` are those of before, the oldest first, as far as they are kept; `held` has the cursor of
    each type that is held back, by name: it lies before the common one. An older program tells neither.
    """

    link: str | None
    next_link: str | None
    cursor: Number
    floor: Number
    batch: Number
    batch_hash: str
    claimed: Number
    loaded: tuple[str, ...]
    mark: Mark = ""
    chunks: Chunks | None = None
    links: Annotated[tuple[Mark, ...], msgspec.Meta(max_length=1_000)] = ()
    held: dict[str, Number] = {}


class Cut(msgspec.Struct, frozen=True):
    """Up to where the office holds what the service does.

    `cursor` and `batch` as the office's database has them; `first_lost` is the
    number of the first change that a later batch or chunk made (None: there is none);
    `upto` the last number that is looked at. `chunk` is the last chunk that the
    office's database knows to have read; None, where an older program speaks.
    """

    cursor: Number
    batch: Number
    first_lost: Number | None
    upto: Number
    chunk: Number | None = None


class FieldSince(msgspec.Struct, frozen=True, array_like=True):
    """A field that was written after the cut: what the backup holds, what the service does, by whom."""

    field: str
    base: Cell
    value: Cell
    by: str | None
    at: str | None
    by_office: bool


class RecordSince(msgspec.Struct, frozen=True):
    """A record that was written after the cut.

    `there` says whether the backup has it, `alive` whether the service does.
    `told` holds the values that the office had written after the cut, and
    `inserted` the fields with which it made the record then: the row may lie
    unsent in the backup, and `fields` tell then what the service has of it.
    """

    type: str
    id: str
    key: tuple[Cell, ...] | None
    title: str
    there: bool
    alive: bool
    fields: tuple[FieldSince, ...]
    told: dict[str, tuple[Cell, ...]] = {}
    inserted: dict[str, Cell] | None = None
    by: str | None = None
    at: str | None = None
    by_office: bool = False


class Look(msgspec.Struct, frozen=True):
    """Asks for a page of what came after the cut; `cut` as the first answer gave it."""

    told: Told
    cut: Cut | None = None
    after: Number | None = None


class Seen(msgspec.Struct, frozen=True):
    """The answer: how both stand, and with OFFICE_BACK a page. `at` is when the link was made.

    `waiting` counts the records with online work that waits for the office.
    `fields` names what is synced of each type now, with OFFICE_BACK; None, where an older program speaks.
    """

    standing: Standing
    at: str | None
    batch: Number
    batch_hash: str
    fence: Number
    online_head: Number
    waiting: Number
    cut: Cut | None = None
    records: tuple[RecordSince, ...] = ()
    after: Number = 0
    more: bool = False
    fields: dict[str, tuple[str, ...]] | None = None


class Begin(msgspec.Struct, frozen=True):
    """Begins to carry out a restore of the office: from here on no other copy of the database may speak.

    `operation` is a random mark: the same again has no effect. `refused` is
    what the office holds of records in its quarantine.
    """

    told: Told
    operation: str
    choice: str
    next_link: str
    fence: Number
    refused: dict[str, AtOffice] = {}


class Begun(msgspec.Struct, frozen=True):
    """The answer: the cut that the pages are to be looked at with, and the newest links of the connection, the oldest first.

    The office adds them to its own: it is about to take in all that was told under them.
    """

    cut: Cut
    links: tuple[str, ...] = ()


class Reopen(msgspec.Struct, frozen=True):
    """Carries out a page of a restore of the office: what came after the cut waits for it again.

    The same page again has no effect. `held` is what the office holds of
    records of the page where that is not what the log says.
    """

    told: Told
    operation: str
    after: Number | None = None
    held: dict[str, AtOffice] = {}


class ReopenedRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record that waits for the office again; the fields are those that differ there."""

    type: str
    id: str
    there: bool
    alive: bool
    fields: tuple[str, ...]


class Reopening(msgspec.Struct, frozen=True):
    """The answer of a page: go on after `after` while there is `more`.

    `batch`, `batch_hash` and `chunk` are the service's, from which the office goes on.
    """

    records: tuple[ReopenedRecord, ...]
    after: Number
    more: bool
    batch: Number
    batch_hash: str
    chunk: Number = 0


class Rejoin(msgspec.Struct, frozen=True):
    """Takes a connection up again after a restore of the service; `operation` as in `Begin`."""

    told: Told
    operation: str
    next_link: str
    fence: Number


class Rejoined(msgspec.Struct, frozen=True):
    """From where the office goes on: the service's last batch, and the cursor that it can vouch for, with its mark.

    `chunk` is the last chunk that either side knows of: an office that was put back too knows fewer.
    """

    batch: Number
    batch_hash: str
    cursor: Number
    mark: Mark = ""
    chunk: Number = 0
