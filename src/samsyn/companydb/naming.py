"""What the names in a database say to people: words, labels, which field names a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ACRONYMS = frozenset(
    "api bic crm ean eu gln gps gtin iban id ip isbn mac ocr pdf pin po sku sms ssn swift ui uk url"
    " us usd sek eur uuid vat xml json www zip".split()
)
SHORT_UPPER = 3
"""An upper-case word up to this length among others is taken for an acronym."""

TITLES = (
    # English and Swedish, the most telling first.
    "name namn displayname fullname companyname företagsnamn lastname surname"
    " efternamn company företag title titel rubrik subject ämne label benämning beteckning designation description"
    " beskrivning firstname förnamn"
).split()
BOOKKEEPING = frozenset(
    "created createdat createdby createdon creationdate modified modifiedat modifiedby modifiedon"
    " modifieddate updated updatedat updatedby updatedon lastupdate lastupdated lastmodified deleted"
    " deletedat rowversion version revision rowguid timestamp checksum etag skapad skapadav ändrad"
    " ändradav uppdaterad insertedat datecreated datemodified writedate createdate".split()
)


def words(name: str) -> list[str]:
    """The words of an identifier: parted at signs, spaces and from small to capital letter."""
    parted = re.sub(r"(?<=[a-zà-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])", " ", name)
    parted = re.sub(r"(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])", " ", parted)
    return [word for word in re.split(r"[\W_]+", parted) if word]


def label(name: str) -> str:
    """The identifier as people read it: `CustomerID` is *Customer ID*, `är_aktiv` *Är aktiv*."""
    found = words(name)
    if not found:
        return name
    shouting = name.upper() == name and any(len(word) > SHORT_UPPER for word in found)
    told = [_told(word, shouting=shouting) for word in found]
    return " ".join([told[0][:1].upper() + told[0][1:], *told[1:]])


def _told(word: str, *, shouting: bool) -> str:
    if word.lower() in ACRONYMS:
        return word.upper()
    if word.isupper() and len(word) > 1 and not shouting:
        return word
    return word.lower()


def plain(name: str) -> str:
    """The identifier without case and signs, to compare names by."""
    return "".join(words(name)).lower()


def title_field(names: Sequence[str], owner: str) -> str | None:
    """The column that names a record of the table `owner` to people, if one does."""
    by_plain = {plain(name): name for name in reversed(names)}
    own = singulars(owner)
    for wanted in [*(f"{one}{title}" for one in own for title in TITLES), *TITLES, *own]:
        if wanted in by_plain:
            return by_plain[wanted]
    return None


def display_order(names: Sequence[str], title: str | None, key: Iterable[str]) -> tuple[str, ...]:
    """Name-like first, then the key, then the rest as it comes, bookkeeping last."""
    keys = set(key)

    def rank(name: str) -> int:
        if name == title:
            return 0
        if plain(name) in TITLES:
            return 1
        if name in keys:
            return 2
        return 4 if plain(name) in BOOKKEEPING else 3

    return tuple(sorted(names, key=rank))


def singulars(table: str) -> list[str]:
    """What one row of the table may be called: the name itself, and without a plural ending."""
    found = plain(table)
    forms = [found]
    for ending, instead in (
        ("ies", "y"),
        ("ses", "s"),
        ("es", "e"),
        ("s", ""),
        ("orna", "a"),
        ("or", "a"),
    ):
        if found.endswith(ending) and len(found) > len(ending) + 2:
            forms.append(found[: -len(ending)] + instead)
    for ending in ("erna", "arna", "er", "ar"):
        if found.endswith(ending) and len(found) > len(ending) + 3:
            forms.append(found[: -len(ending)])
    return list(dict.fromkeys(forms))
