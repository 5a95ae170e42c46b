"""Field groups: fields that mean something only together are decided together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from samsyn.core.changes import Lost

Groups: TypeAlias = Sequence[Sequence[str]]
"""Of one record type; a field is in one group at most."""


def together(groups: Groups, fields: Iterable[str]) -> set[str]:
    """The fields, and those that are decided with them."""
    found = set(fields)
    for group in groups:
        if not found.isdisjoint(group):
            found.update(group)
    return found


def with_seen(groups: Groups, fields: Mapping[str, int]) -> dict[str, int]:
    """Fields with what their change had seen; a group has seen what its least knowing field had."""
    found = dict(fields)
    for group in groups:
        seen = [fields[name] for name in group if name in fields]
        if seen:
            found.update(dict.fromkeys(group, min(seen)))
    return found


def marked(groups: Groups, lost: Iterable[Lost]) -> tuple[Lost, ...]:
    """The losses, each with the group in which it was decided."""
    return tuple(msgspec.structs.replace(one, group=group_of(groups, one.field)) for one in lost)


def group_of(groups: Groups, field: str | None) -> tuple[str, ...]:
    """The group that a field is in; empty for none, and for a whole record."""
    return next((tuple(group) for group in groups if field in group), ())
