"""Which office changes the service cannot take, and why."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from samsyn.core.cells import BYTES, FLOAT, KEY, TEXT, Cell
from samsyn.core.changes import OfficeChange, Put
from samsyn.protocol.messages import Refusal
from samsyn.records.catalogs import TypeState
from samsyn.records.errors import BadCell

RECORD_ID = re.compile(r"[0-9a-f]{32}")
MAX_TEXT = 32 * 1024 * 1024
"""The longest string in one cell."""
MAX_RECORD = 48 * 1024 * 1024


def refusal(types: Mapping[str, TypeState], index: int, change: OfficeChange) -> Refusal | None:
    """Why a change cannot be taken, or None."""
    state = types.get(change.type)
    if state is None:
        return Refusal(index, "UNKNOWN_TYPE", f"no type {change.type} in the catalog")
    if not RECORD_ID.fullmatch(change.id):
        return Refusal(index, "BAD_ID", "a record id is 32 hexadecimal digits")
    if not isinstance(change, Put):
        return None
    size = 0
    for name, cell in change.fields.items():
        if name not in state.names:
            return Refusal(index, "UNKNOWN_FIELD", f"no field {name} in the catalog", name)
        if type(cell) is str or type(cell) is dict:
            try:
                size += checked_size(name, cell)
            except BadCell as error:
                return Refusal(index, str(error.facts["reason"]), str(error.facts["detail"]), name)
    if size > MAX_RECORD:
        return Refusal(index, "TOO_LARGE", f"more than {MAX_RECORD} characters in one record")
    return None


def checked_size(name: str, cell: Cell) -> int:
    """The length of a cell's text; BadCell for what is no cell or is too long."""
    match cell:
        case str():
            if "\0" in cell:
                raise BadCell(field=name, reason="BAD_CELL", detail="NUL in plain text")
            size = len(cell)
        case dict():
            size = _tagged_size(name, cell)
        case _:
            return 0
    if size > MAX_TEXT:
        raise BadCell(field=name, reason="TOO_LARGE", detail=f"more than {MAX_TEXT} characters")
    return size


def _tagged_size(name: str, cell: Mapping[str, object]) -> int:
    if len(cell) == 1:
        ((tag, inner),) = cell.items()
        if tag == KEY and not (isinstance(inner, dict) and KEY in inner):
            return checked_size(name, inner)  # type: ignore[arg-type]  # one level of the alias
        if tag in (BYTES, TEXT) and isinstance(inner, str):
            try:
                base64.b64decode(inner, validate=True)
            except ValueError as error:
                raise BadCell(field=name, reason="BAD_CELL", detail="not base64") from error
            return len(inner)
        if tag == FLOAT and isinstance(inner, str):
            try:
                float(inner)
            except ValueError as error:
                raise BadCell(field=name, reason="BAD_CELL", detail="not a float") from error
            return len(inner)
    raise BadCell(field=name, reason="BAD_CELL", detail="not a cell")
