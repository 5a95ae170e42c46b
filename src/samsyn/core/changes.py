"""Changes: what one side tells the other about a record."""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec

from samsyn.core.cells import Cell


class Put(msgspec.Struct, frozen=True, tag="put", tag_field="op", omit_defaults=True):
    """The office's values of a record's changed fields.

    `seen` is the online cursor at the first unsent change; `seen_by_field`
    names the fields whose own first change had seen more. `new` says that
    the service may not know the record and that `fields` holds all of it.
    `derived` names the fields that nobody at the office wrote: the database's
    own triggers made them of what sync had written. `yields` names those of
    which an unseen online write stands (RecordType.online_wins). `by` is who wrote it, where that is known.
    """

    type: str
    id: str
    key: tuple[Cell, ...]
    fields: dict[str, Cell]
    seen: int
    seen_by_field: dict[str, int] = {}
    new: bool = False
    derived: tuple[str, ...] = ()
    yields: tuple[str, ...] = ()
    by: str = ""

    def seen_of(self, field: str) -> int:
        """How far the office had taken in online changes when it changed the field."""
        return self.seen_by_field.get(field, self.seen)

    @property
    def is_derived(self) -> bool:
        """Whether nobody wrote any of it."""
        return bool(self.derived) and self.fields.keys() <= set(self.derived)


class Delete(msgspec.Struct, frozen=True, tag="delete", tag_field="op", omit_defaults=True):
    """The office deleted the record; `by` is who did, where that is known."""

    type: str
    id: str
    seen: int
    by: str = ""


class Operation(enum.Enum):
    """What happens to a record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Holder(msgspec.Struct, frozen=True, array_like=True):
    """Another record of the office that has a value which may be there only once, and where."""

    record: str
    fields: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="op", omit_defaults=True):
    """The office cannot take an online change; the service keeps it as held.

    `since` and `upto` are the cursor before and after the page that brought
    it, `operation` what was asked, `fields` the fields that were to be
    written, `field` the one at fault where that is known, `holders` who has
    a unique value that it was to get.
    """

    type: str
    id: str
    upto: int
    operation: Operation
    fields: tuple[str, ...]
    code: str
    reason: str
    field: str | None = None
    since: int = 0
    holders: tuple[Holder, ...] = ()


class Taken(msgspec.Struct, frozen=True, tag="taken", tag_field="op"):
    """The office has now taken what it had refused: these values of these fields."""

    type: str
    id: str
    upto: int
    fields: dict[str, Cell] = {}


OfficeChange: TypeAlias = Put | Delete | Refused | Taken


class OnlineChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """The net effect of online work on one record, for the office to apply.

    `expected` holds, for each field of an update, what the office has as far
    as the service knows; anything else there is a change that nobody captured.
    A deletion carries the edits before it, for an office that keeps the record.
    """

    operation: Operation
    type: str
    id: str
    fields: dict[str, Cell] = {}
    expected: dict[str, Cell] = {}
    by: str | None = None
    at: str | None = None


class Lost(msgspec.Struct, frozen=True):
    """One conflict: an online value that the office's overrode.

    `field` is None where a whole record was at stake. `kept` names the side
    whose value stands; `outcome` is a stable word: `office_value`,
    `office_deleted`, `deletion_undone`, `delete_refused`, `given_up`, `merged`,
    `stale_form`, `field_gone`. `group` names the fields that were decided together with `field`.
    """

    type: str
    record: str
    key: tuple[Cell, ...] | None
    field: str | None
    base: Cell
    office: Cell
    online: Cell
    online_seq: int
    online_by: str | None
    online_at: str | None
    outcome: str
    kept: str = "office"
    group: tuple[str, ...] = ()
