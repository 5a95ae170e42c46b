"""Gives record types their numbers and their fields their bits, and keeps those given before."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from samsyn.companydb.bookkeeping import MASK_BITS, mask_count
from samsyn.core.catalog import Catalog, RecordType


class Numbered(msgspec.Struct, frozen=True):
    """A catalog with its final numbers, against what is attached now."""

    catalog: Catalog
    next_no: int
    added: tuple[RecordType, ...]
    kept: tuple[tuple[RecordType, RecordType], ...]
    """(as attached, as wanted)"""
    removed: tuple[RecordType, ...]


class TypeChange(msgspec.Struct, frozen=True):
    """What attaching again means for one type: `what` is new, gone, key or fields."""

    type: str
    what: str
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """(before, now), of columns and of the table itself: they go on as they were called first."""


def changes(told: Numbered) -> list[TypeChange]:
    """What is other than it was attached."""
    heirs = {(t.schema, t.name) for t in told.added}
    before = {(t.schema, t.name) for t in told.removed}
    found = [
        TypeChange(t.name, "key" if (t.schema, t.name) in heirs else "gone") for t in told.removed
    ]
    found += [TypeChange(t.name, "new") for t in told.added if (t.schema, t.name) not in before]
    for old, new in told.kept:
        was = {f.name: (f.storage, f.generated) for f in old.fields}
        now = {f.name: (f.storage, f.generated) for f in new.fields}
        one = TypeChange(
            new.name,
            "fields",
            tuple(name for name in now if name not in was),
            tuple(name for name in was if name not in now),
            tuple(name for name in now if name in was and now[name] != was[name]),
            _renamed(old, new),
        )
        if one.added or one.dropped or one.retyped or one.renamed:
            found.append(one)
    return found


def _renamed(old: RecordType, new: RecordType) -> tuple[tuple[str, str], ...]:
    columns = {f.name: f.column for f in old.fields}
    pairs = [(columns[f.name], f.column) for f in new.fields if f.name in columns]
    return tuple(pair for pair in ((old.table, new.table), *pairs) if pair[0] != pair[1])


def numbered(wanted: Catalog, attached: Sequence[RecordType], next_no: int) -> Numbered:
    """The wanted types with the numbers and field orders of those that are attached.

    A type whose key has other columns or types than before is another one: its
    identities could not be carried over.
    """
    known = {(t.schema, t.name): t for t in attached}
    types: list[RecordType] = []
    added: list[RecordType] = []
    kept: list[tuple[RecordType, RecordType]] = []
    for record_type in wanted.types:
        before = known.get((record_type.schema, record_type.name))
        if before is not None and _key_shape(before) == _key_shape(record_type):
            types.append(_in_order(record_type, before))
            kept.append((before, types[-1]))
        else:
            types.append(msgspec.structs.replace(record_type, no=next_no))
            added.append(types[-1])
            next_no += 1
    kept_numbers = {before.no for before, _ in kept}
    return Numbered(
        Catalog(wanted.engine, tuple(types)),
        next_no,
        tuple(added),
        tuple(kept),
        tuple(t for t in attached if t.no not in kept_numbers),
    )


def moved_masks(before: RecordType, after: RecordType) -> list[str] | None:
    """For each mask column, the expression that gives its bits their new places.

    None where no field has moved: then pending journal rows stay as they are.
    """
    names = [field.name for field in after.fields]
    if names[: len(before.fields)] == [field.name for field in before.fields]:
        return None
    masks: list[list[str]] = [[] for _ in range(mask_count(len(names)))]
    for old, field in enumerate(before.fields):
        if field.name in names:
            new = names.index(field.name)
            bit = f"((m{old // MASK_BITS} >> {old % MASK_BITS}) & 1)"
            masks[new // MASK_BITS].append(f"({bit} << {new % MASK_BITS})")
    unused = mask_count(len(before.fields)) - len(masks)
    return [" | ".join(bits) or "0" for bits in masks] + ["0"] * unused


def _key_shape(record_type: RecordType) -> list[tuple[str, str]]:
    return [(name, record_type.field(name).storage) for name in record_type.key]


def _in_order(wanted: RecordType, before: RecordType) -> RecordType:
    """Its fields in the order in which the journal's masks name them."""
    places = {field.name: place for place, field in enumerate(before.fields)}
    fields = sorted(wanted.fields, key=lambda field: places.get(field.name, len(places)))
    return msgspec.structs.replace(wanted, no=before.no, fields=tuple(fields))
