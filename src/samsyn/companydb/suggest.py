"""References that nobody declared: evident from names, and then from values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from samsyn.companydb.linking import with_references
from samsyn.companydb.naming import plain, singulars, words
from samsyn.core.catalog import Catalog, Field, Kind, RecordType, Reference

ENDINGS = ("id", "fk", "ref", "no", "nr", "number", "nummer", "code", "kod", "key")
"""What follows the other table's name in a column that points at it."""
TELLS_NOTHING = frozenset(
    ["id", "code", "no", "nr", "nummer", "number", "key", "pk", "name", "kod", "namn"]
)
"""Key names that say nothing about whose key it is."""
PARENTS = frozenset(["parent", "parentid", "parentkey", "förälder", "förälderid"])
SHARE = 0.98
COMPARABLE = frozenset([Kind.INTEGER, Kind.TEXT, Kind.UUID, Kind.DECIMAL])
NUMBERS = frozenset([Kind.INTEGER, Kind.DECIMAL])


class Candidate(msgspec.Struct, frozen=True):
    """A field whose name points at another type's key."""

    type: str
    field: str
    to_type: str
    to_column: str


class Evidence(msgspec.Struct, frozen=True):
    """Of `looked_at` different values, `found` are keys of the other table."""

    looked_at: int
    found: int

    @property
    def share(self) -> float:
        """0 where there was nothing to look at."""
        return self.found / self.looked_at if self.looked_at else 0.0


class Suggestion(msgspec.Struct, frozen=True):
    """A reference that names and values speak for."""

    candidate: Candidate
    evidence: Evidence


def candidates(catalog: Catalog) -> tuple[Candidate, ...]:
    """Every field that by its name may be a reference, with what it may point at."""
    found: list[Candidate] = []
    for record_type in catalog.types:
        for field in record_type.fields:
            if field.generated or field.kind not in COMPARABLE or record_type.key == (field.name,):
                continue
            found += _of_field(catalog, record_type, field)
    return tuple(found)


def suggestions(evidence: Mapping[Candidate, Evidence]) -> tuple[Suggestion, ...]:
    """The candidates that hold, the best one for each field."""
    best: dict[tuple[str, str], Suggestion] = {}
    for candidate, seen in evidence.items():
        place = (candidate.type, candidate.field)
        if seen.share >= SHARE and (place not in best or seen.share > best[place].evidence.share):
            best[place] = Suggestion(candidate, seen)
    return tuple(best.values())


def accepted(catalog: Catalog, chosen: Iterable[Suggestion]) -> Catalog:
    """The catalog with the suggestions as references."""
    references = {
        (s.candidate.type, s.candidate.field): Reference(
            s.candidate.to_type, s.candidate.to_column, declared=False
        )
        for s in chosen
    }
    return with_references(catalog, references)


def _of_field(catalog: Catalog, record_type: RecordType, field: Field) -> list[Candidate]:
    found: list[Candidate] = []
    for target in catalog.types:
        if len(target.key) != 1:
            continue
        key = target.field(target.key[0])
        alike = field.kind is key.kind or (field.kind in NUMBERS and key.kind in NUMBERS)
        if alike and _named_after(field.name, record_type, target):
            found.append(Candidate(record_type.name, field.name, target.name, key.name))
    return found


def _named_after(column: str, owner: RecordType, target: RecordType) -> bool:
    name = plain(column)
    key = plain(target.key[0])
    if owner.name == target.name:
        return name in PARENTS
    if name == key and key not in TELLS_NOTHING:
        return True
    rows = singulars(target.table)
    if name in rows:
        return True
    pieces = [word.lower() for word in words(column)]
    tails = {"".join(pieces[start:]) for start in range(len(pieces))}
    return any(f"{row}{ending}" in tails for row in rows for ending in (*ENDINGS, key))
