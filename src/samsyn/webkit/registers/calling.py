"""What a record is called: by the field that names it, a person by first and last name, else by its key."""

from __future__ import annotations

import functools

from samsyn.core.catalog import Kind, RecordType

GIVEN = frozenset({"firstname", "givenname", "forename", "förnamn", "fornamn"})
FAMILY = frozenset({"lastname", "familyname", "surname", "efternamn"})


@functools.lru_cache(maxsize=4096)
def given_name(record_type: RecordType) -> str | None:
    """The field of first names, where records are people whose title is the family name alone."""
    if record_type.title is None or _plain(record_type.title) not in FAMILY:
        return None
    texts = (field.name for field in record_type.fields if field.kind is Kind.TEXT)
    return next((name for name in texts if _plain(name) in GIVEN), None)


def family_names(told: str) -> list[str]:
    """What may be the family name of a person called so: each ending of the name."""
    words = told.split()
    return [" ".join(words[at:]) for at in range(1, len(words))]


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
