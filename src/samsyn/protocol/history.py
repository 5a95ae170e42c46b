"""What the service knows of one record's past, told to its office."""

from __future__ import annotations

import msgspec

from samsyn.core.cells import Cell


class PastChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row of the change log; `batch` is the office's batch where it came from there."""

    seq: int
    at: str
    action: str
    source: str
    by: str | None
    fields: dict[str, tuple[Cell, Cell]]
    batch: int | None = None


class PastConflict(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conflict of the record, and whether the losing value has been written once more; `seq` decided it."""

    id: str
    seq: int
    field: str | None
    office: Cell
    online: Cell
    kept: str
    by: str | None
    outcome: str
    reapplied: bool = False


class Past(msgspec.Struct, frozen=True):
    """Changes, the newest first, and all conflicts of the record."""

    changes: tuple[PastChange, ...]
    conflicts: tuple[PastConflict, ...]
