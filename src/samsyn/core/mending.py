"""Mending: what a fix of the quarantine clinic does to records of the online store. Pure; the caller writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from samsyn.core import merge
from samsyn.core.catalog import RecordType
from samsyn.core.cells import Cell, same
from samsyn.core.changes import Lost
from samsyn.core.losing import Values, lost_record, lost_value
from samsyn.core.merge import Action, Decision, Status
from samsyn.core.record import Mark, Pending, Record, Step

GIVEN_UP, MERGED = "given_up", "merged"


def office_taken_back(
    record: Record, fields: Iterable[str], seq: int, by: str | None, at: str | None
) -> Decision:
    """Online values that wait for the office are given up: what the office holds stands.

    The office is told its own value, so that it forgets what it had refused.
    Each value that is given up is a conflict that the office won.
    """
    pending, values = dict(record.pending), dict(record.fields)
    written: dict[str, tuple[Cell, Cell]] = {}
    lost: list[Lost] = []
    for name in fields:
        waiting = pending.get(name)
        online = values.get(name)
        if waiting is None or (not waiting.held and same(online, waiting.base)):
            continue
        pending[name] = _followed(waiting, online, seq, by, at)
        values[name] = waiting.base
        written[name] = (online, waiting.base)
        if not same(online, waiting.base):
            lost.append(_given_up(record, name, waiting, online))
    if not written:
        return Decision(record, Status.UNCHANGED)
    after = replace(record, fields=values, pending=pending, version=seq)
    return Decision(after, action=Action.UPDATE, written=written, lost=tuple(lost))


def left(record: Record, seq: int, floor: int, by: str | None, at: str | None) -> Decision:
    """A record that the office cannot take is given up: deleted, and in the conflict log."""
    gone = merge.online_delete(record, seq, floor, by, at)
    if gone.action is None:
        return gone
    return replace(gone, lost=(lost_record(record, _made(record), GIVEN_UP),))


def told_again(record: Record, seq: int) -> Decision:
    """What the office refused is told to it once more; nothing of it changes."""
    pending = {
        name: Pending(seq, p.base, p.by, p.at) if p.held else p
        for name, p in record.pending.items()
    }
    return Decision(replace(record, pending=pending, version=seq), action=Action.UPDATE)


class Merged(msgspec.Struct, frozen=True):
    """What two records that become one come to: fields to write, and values that do not stand."""

    edits: dict[str, Cell]
    lost: tuple[Lost, ...]


def merged(
    record_type: RecordType, new: Record, existing: Record, preferred: Collection[str]
) -> Merged:
    """The new record's values in the existing one: where that is empty, or where they are preferred.

    A value that stands nowhere afterwards goes to the conflict log of the
    record that lives on.
    """
    edits: dict[str, Cell] = {}
    lost: list[Lost] = []
    for field in record_type.fields:
        online, office = _inside(new, existing, field.name)
        if _is_empty(online) or same(online, office):
            continue
        given = field.generated or field.read_only
        if not given and (_is_empty(office) or field.name in preferred):
            edits[field.name] = online
        else:
            lost.append(_outdone(new, existing, field.name, office, online))
    return Merged(edits, tuple(lost))


def merged_away(
    record: Record,
    lost: tuple[Lost, ...],
    seq: int,
    floor: int,
    moment: tuple[str | None, str | None],
) -> Decision:
    """The record that has become one with another is no more."""
    by, at = moment
    gone = merge.online_delete(record, seq, floor, by, at)
    if gone.action is None:
        return gone
    return replace(gone, lost=(lost_record(record, _made(record), MERGED), *lost))


def pointing_at(fields: Mapping[str, Cell], names: Iterable[str], record: str) -> tuple[str, ...]:
    """Which of these reference fields lead to the record."""
    return tuple(name for name in names if fields.get(name) == record)


def _followed(waiting: Pending, current: Cell, seq: int, by: str | None, at: str | None) -> Pending:
    if waiting.held:
        return Pending(seq, waiting.base, by, at)
    trail = (*waiting.trail, Step(waiting.seq, current))
    return Pending(seq, waiting.base, by, at, trail=trail)


def _inside(new: Record, existing: Record, name: str) -> tuple[Cell, Cell]:
    """Both values; a record that refers to itself refers to the one that it becomes."""
    online = new.fields.get(name)
    return (existing.id if online == new.id else online), existing.fields.get(name)


def _is_empty(cell: Cell) -> bool:
    return cell is None or cell == ""


def _given_up(record: Record, name: str, waiting: Pending, online: Cell) -> Lost:
    values = Values(waiting.base, waiting.base, online)
    return lost_value(record, name, values, waiting, GIVEN_UP)


def _outdone(new: Record, existing: Record, name: str, office: Cell, online: Cell) -> Lost:
    return lost_value(existing, name, Values(None, office, online), _made(new), MERGED)


def _made(record: Record) -> Mark:
    """When and by whom it was created online, as far as that is known still."""
    return record.born or Mark(record.version)
