"""Rules beside *the office wins*: types and fields of which an unseen online write stands."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from samsyn.core.catalog import Catalog, RecordType
from samsyn.core.errors import SamsynError

ONLINE, OFFICE = "online", "office"


class RuleUnknown(SamsynError):
    """A rule that cannot be: `rule`."""

    code = "RULE_UNKNOWN"


def ruled(before: Iterable[str], given: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The types and fields (`TYPE`, `TYPE.FIELD`) of which online stands, after rules like `TYPE.FIELD=online`.

    What no longer means anything is forgotten. Raises RuleUnknown for a given
    one that means nothing, or a field of a group: a group follows the office.
    """
    found = dict.fromkeys(target for target in before if _fields(catalog, target))
    for rule in given:
        target, _, side = rule.rpartition("=")
        if side not in (ONLINE, OFFICE) or not _fields(catalog, target.strip()):
            raise RuleUnknown(rule=rule)
        if side == ONLINE:
            found[target.strip()] = None
        else:
            found.pop(target.strip(), None)
    return tuple(found)


def with_rules(catalog: Catalog, targets: Iterable[str]) -> Catalog:
    """The catalog with these rules, as `ruled` gives them."""
    wins = {place for target in targets for place in _fields(catalog, target)}
    types = [
        msgspec.structs.replace(
            t, online_wins=tuple(f.name for f in t.fields if (t.name, f.name) in wins)
        )
        for t in catalog.types
    ]
    return msgspec.structs.replace(catalog, types=tuple(types))


def _fields(catalog: Catalog, target: str) -> list[tuple[str, str]]:
    """The fields that a target means, by type; none for what means nothing."""
    for record_type in catalog.types:
        if target == record_type.name:
            return [(record_type.name, name) for name in own_fields(record_type)]
        if target.startswith(f"{record_type.name}."):
            name = target[len(record_type.name) + 1 :]
            if name in own_fields(record_type):
                return [(record_type.name, name)]
    return []


def own_fields(record_type: RecordType) -> list[str]:
    """The fields that are decided alone."""
    grouped = {name for group in record_type.groups for name in group}
    return [field.name for field in record_type.fields if field.name not in grouped]
