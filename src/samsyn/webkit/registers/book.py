"""What the register pages ask of a program: a company's records, whoever keeps them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell
from samsyn.core.errors import SamsynError
from samsyn.core.listing import Query


class May(enum.IntEnum):
    """What a person may do with a register; more includes less."""

    NONE = 0
    READ = 1
    WRITE = 2
    FULL = 3
    """Also delete."""


class Whose(msgspec.Struct, frozen=True):
    """For whom a book is open; what a person keeps in a company (drafts, columns) is kept under both."""

    company: str
    person: str


class Through(enum.Enum):
    """How several records are written at once; told as where the changes come from."""

    FORM = "form"
    IMPORT = "import"


class Register(msgspec.Struct, frozen=True):
    """A record type as a person meets it."""

    type: RecordType
    may: May
    loading: bool = False
    """Not all records are here yet: they can be read and not written."""

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.type.label or self.type.name

    @property
    def writable(self) -> bool:
        """Whether the person may change records now."""
        return self.may >= May.WRITE and not self.loading and not self.type.only_read

    @property
    def makes(self) -> bool:
        """Whether the person may make records now: none of a type of which a required column is not synced."""
        return self.writable and not self.type.lacking


class Kept(msgspec.Struct, frozen=True):
    """A record as it is kept; `waiting` names the fields that the other side has not taken yet."""

    id: str
    type: str
    fields: Mapping[str, Cell]
    key: tuple[Cell, ...] | None
    version: int
    waiting: frozenset[str] = frozenset()
    born_here: bool = False
    """Made here, and not taken by the other side yet."""
    refused: frozenset[str] = frozenset()
    """Of the fields that wait, those that the other side does not take."""
    born_refused: bool = False
    """Made here, and the other side does not take it."""


class Page(msgspec.Struct, frozen=True):
    """Records of a list, and the cursor of the next page where there is one."""

    records: list[Kept]
    next: str | None


class Lost(msgspec.Struct, frozen=True):
    """What became of a value that lost a conflict."""

    conflict: str
    field: str | None
    office: Cell
    online: Cell
    kept: str
    by: str | None
    outcome: str
    again_url: str = ""
    """Where it is written once more by a POST; empty where that cannot be, or was done."""


class Fate(enum.Enum):
    """What has become of a change on its way to the other side."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    """The other side cannot take it; it lies in quarantine."""
    OVERRULED = "overruled"
    """The other side had written the same; see its conflict."""


class Way(msgspec.Struct, frozen=True):
    """How far a change that was made on this side has come; `at` is when the other side took it."""

    fate: Fate
    at: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """The newest change of a record that was made on this side: when, by whom, and its way."""

    at: str
    by: str | None
    way: Way


class Note(msgspec.Struct, frozen=True):
    """What befell the reader's own work on a record, in words: overridden, refused, brought back."""

    words: str
    at: str
    url: str
    """Where more is told, and what can be done."""
    icon: str = "warning"


class Event(msgspec.Struct, frozen=True):
    """A change of a record: who, when, where, and old and new by field."""

    no: int
    at: str
    action: str
    source: str
    by: str | None
    fields: Mapping[str, tuple[Cell, Cell]]
    lost: tuple[Lost, ...] = ()
    sync: str = ""
    """Of an office change: what the sync that brought it is called."""
    way: Way | None = None
    """Of a change made on this side: how far it has come."""


class NoRegister(SamsynError):
    """The company has no such register, or the person may not see it: `register`."""

    code: ClassVar[str] = "NO_REGISTER"


class NoRecord(SamsynError):
    """The register has no such record: `record`."""

    code: ClassVar[str] = "NO_RECORD"


class NotAllowed(SamsynError):
    """The person may not write there: `register`."""

    code: ClassVar[str] = "NOT_ALLOWED"


class BadList(SamsynError):
    """The list's filter or place cannot be read: `detail`."""

    code: ClassVar[str] = "BAD_LIST"


class WrongValues(Exception):
    """Values that cannot be stored; `errors` by field, empty name for the record as a whole."""

    def __init__(self, errors: Mapping[str, BadValue]) -> None:
        self.errors = errors
        super().__init__(dict(errors))


class ChangedMeanwhile(Exception):
    """Somebody changed the same fields since the form was opened: `now` by field."""

    def __init__(self, now: Mapping[str, Cell]) -> None:
        self.now = now
        super().__init__(dict(now))


class OneRefused(Exception):
    """Of records that were to be written together, number `at` was refused; `cause` says why."""

    def __init__(self, at: int, cause: WrongValues | ChangedMeanwhile | NoRecord) -> None:
        self.at, self.cause = at, cause
        super().__init__(at, cause)


Values = Mapping[str, object]
"""Values by field, as `core.values.parse` reads them."""
StillSame = Callable[[str, Cell], bool]
"""Whether a field's value is the one that the form showed."""


class Write(msgspec.Struct, frozen=True):
    """A record to be made, changed, or taken away."""

    type: str
    record: str | None = None
    """None: a new one."""
    values: Values | None = None
    """None: the record is deleted."""
    same: StillSame | None = None
    """Without it, whatever stands there is written over."""


class Book(Protocol):
    """A company's registers for one person; each call is one moment or one transaction."""

    root: str
    """The address below which the register pages lie, with a slash at its end."""
    office: bool
    """Whether these are the office's own pages."""
    whose: Whose

    def registers(self) -> list[Register]:
        """Those that the person may see, in the catalog's order."""

    def register(self, name: str) -> Register:
        """One of them; NoRegister."""

    def page(self, name: str, query: Query) -> Page:
        """A page of a list; NoRegister, BadList."""

    def record(self, name: str, record: str) -> Kept:
        """A living record; NoRegister, NoRecord."""

    def records(self, ids: Iterable[str]) -> dict[str, Kept]:
        """Living records by id, of registers that the person may see."""

    def since(self, name: str, field: str, day: str, most: int) -> list[Kept]:
        """Living records of a register of that day or later, the newest first, so many at most; NoRegister."""

    def holding(self, name: str, field: str, texts: Collection[str]) -> list[Kept]:
        """Living records of a register whose field holds one of these, as texts; NoRegister.

        Whole numbers are the texts of their digits. It costs the same few queries for any number.
        """

    def events(self, name: str, record: str, before: int | None, limit: int) -> list[Event]:
        """What happened to a record, the newest first."""

    def sent(self, name: str, record: str) -> Sent | None:
        """The newest change of a record made on this side, and how far it has come; None for none."""

    def notes(self, name: str, record: str) -> list[Note]:
        """What the reader should know of his own work on a record, the newest first."""

    def create(self, name: str, values: Values) -> str:
        """A new record's id; NotAllowed, WrongValues."""

    def edit(self, name: str, record: str, values: Values, same: StillSame) -> None:
        """Other values for some fields; NoRecord, NotAllowed, WrongValues, ChangedMeanwhile."""

    def delete(self, name: str, record: str) -> None:
        """The record away; NoRecord, NotAllowed."""

    def write(self, writes: Sequence[Write], through: Through) -> list[str]:
        """All of them in one transaction, in order, or none; their ids. NotAllowed, OneRefused."""

    def rehearse(self, writes: Sequence[Write]) -> list[Exception | None]:
        """What `write` would refuse each with, the refused ones left out; nothing is written. NotAllowed."""


def book_of(request: HttpRequest) -> Book:
    """The registers of the page's company, as the program makes them."""
    make: Any = import_string(settings.WEBKIT_BOOK)  # Any: import_string gives an object
    book: Book = make(request)
    return book
