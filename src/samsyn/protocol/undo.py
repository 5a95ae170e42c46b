"""What is said about taking back online work, and about writing lost values once more."""

from __future__ import annotations

import msgspec

from samsyn.core.cells import Cell


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be undone; what is given must all hold.

    `by` is the person as the change log names them, `batch` the number of an
    online unit, `hour` the moment an hour begins (ISO 8601, in UTC where it
    names no zone). `restore` means all that the latest restore of the office wrote, and
    stands alone.
    """

    by: str | None = None
    batch: int | None = None
    hour: str | None = None
    restore: bool = False


class UndoStep(msgspec.Struct, frozen=True):
    """One step of an undo as it is told: `operation` is insert (comes back), update or delete."""

    type: str
    record: str
    title: str
    operation: str
    field: str | None
    now: Cell
    back: Cell
    why_not: str | None
    changed_by: str | None


class Undo(msgspec.Struct, frozen=True):
    """An undo, planned or carried out.

    `changes` counts the rows of the change log that were chosen, `done` the
    records that were taken back; `batch` is the undo's own number, by which it
    can be undone.
    """

    changes: int
    steps: tuple[UndoStep, ...]
    done: int | None = None
    batch: int | None = None


class OnlineBatch(msgspec.Struct, frozen=True):
    """An online unit of work that can be undone."""

    batch: int
    by: str | None
    source: str
    at: str
    changes: int


class Reapply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The losing value of a conflict is to be written once more; `anyway`: over what came since."""

    conflict: str
    anyway: bool = False


class Reapplied(msgspec.Struct, frozen=True):
    """It stands under this number of the change log; `new` is false where it did already."""

    conflict: str
    type: str
    record: str
    seq: int
    new: bool
