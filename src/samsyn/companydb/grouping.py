"""Field groups that are evident from names, and those that a person gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from samsyn.companydb.naming import words
from samsyn.core.catalog import Catalog, Field, Kind, RecordType
from samsyn.core.errors import SamsynError

STREET = frozenset(
    "address adress street gata gatuadress streetaddress besöksadress strasse straße adresse anschrift".split()
)
POSTCODE = frozenset("zip zipcode postcode postalcode postnr postnummer plz postleitzahl".split())
CITY = frozenset("city town ort stad postort stadt".split())
AROUND = frozenset("state region county län country land countrycode landskod co careof".split())
CURRENCY = frozenset("currency valuta currencycode valutakod währung waehrung".split())
AMOUNT = frozenset(
    "amount belopp betrag price pris preis total totalt summa sum summe value värde".split()
)
START = frozenset(
    "start starts starton startson startdate startsat startat starttime startdatum starttid begin begins from från von".split()
)
END = frozenset(
    "end ends endon endson enddate endsat endat endtime slut slutdatum sluttid stop stopp until to till bis ende".split()
)
AMBIGUOUS = frozenset("from från von to till bis until".split())
"""They mean moments only where the field holds one."""
STATUS = frozenset(["status"])
STATUS_DATE = frozenset("statusdate statusdatum statuschanged statusat statussince".split())
NUMBERS = frozenset([Kind.INTEGER, Kind.DECIMAL, Kind.REAL])
MOMENTS = frozenset([Kind.DATE, Kind.DATETIME, Kind.TIME])


class GroupUnknown(SamsynError):
    """A group that cannot be: `group`."""

    code = "GROUP_UNKNOWN"


class GivenGroup(msgspec.Struct, frozen=True):
    """Fields of a type that a person wants decided together."""

    type: str
    fields: tuple[str, ...]


class _Part(msgspec.Struct, frozen=True):
    """A field's name: whose it is (`delivery`), and what (`city`)."""

    field: Field
    stem: tuple[str, ...]
    tail: str


def given(text: str) -> GivenGroup:
    """`TYPE:FIELD,FIELD` as a group; GroupUnknown."""
    type_, _, names = text.rpartition(":")
    fields = tuple(name.strip() for name in names.split(",") if name.strip())
    if not type_ or len(set(fields)) < 2:
        raise GroupUnknown(group=text)
    return GivenGroup(type_.strip(), fields)


def grouped(catalog: Catalog, wanted: Iterable[GivenGroup], *, evident: bool) -> Catalog:
    """The catalog with its groups: a person's own first, then what names tell. GroupUnknown."""
    own: dict[str, list[tuple[str, ...]]] = {}
    known = {t.name: {f.name for f in t.fields} for t in catalog.types}
    for group in wanted:
        taken = {name for before in own.get(group.type, ()) for name in before}
        if not set(group.fields) <= known.get(group.type, set()) or taken & set(group.fields):
            raise GroupUnknown(group=f"{group.type}:{','.join(group.fields)}")
        own.setdefault(group.type, []).append(group.fields)
    types = [
        msgspec.structs.replace(t, groups=_groups(t, own.get(t.name, []), evident=evident))
        for t in catalog.types
    ]
    return msgspec.structs.replace(catalog, types=tuple(types))


def still_there(wanted: Iterable[GivenGroup], catalog: Catalog) -> tuple[GivenGroup, ...]:
    """Those of the groups whose type and fields are there: a remembered choice outlives some."""
    known = {t.name: {f.name for f in t.fields} for t in catalog.types}
    return tuple(g for g in wanted if set(g.fields) <= known.get(g.type, set()))


def _groups(
    record_type: RecordType, own: list[tuple[str, ...]], *, evident: bool
) -> tuple[tuple[str, ...], ...]:
    taken = {name for group in own for name in group}
    found = list(own)
    for group in evident_groups(record_type) if evident else ():
        if taken.isdisjoint(group):
            found.append(group)
            taken.update(group)
    return tuple(found)


def evident_groups(record_type: RecordType) -> list[tuple[str, ...]]:
    """Address, amount with currency, start with end, status with date, as far as names tell."""
    fields = [
        field
        for field in record_type.fields
        if field.name not in record_type.key and not field.generated and not field.read_only
        if field.reference is None
    ]
    found: list[tuple[str, ...]] = []
    for group in (
        *_addresses(_parts(fields, STREET | POSTCODE | CITY | AROUND)),
        *_amounts([f for f in fields if f.kind in NUMBERS], _parts(fields, CURRENCY)),
        *_pairs(_parts(fields, START), _parts(fields, END)),
        *_pairs(_parts(fields, STATUS), _status_dates(fields)),
    ):
        if not any(set(group) & set(before) for before in found):
            found.append(group)
    return found


def _parts(fields: Iterable[Field], tails: frozenset[str]) -> list[_Part]:
    """The fields whose name ends in one of these, the longest ending that fits."""
    found: list[_Part] = []
    for field in fields:
        pieces = [word.lower() for word in words(field.name)]
        if pieces:
            pieces[-1] = pieces[-1].rstrip("0123456789")
        pieces = [piece for piece in pieces if piece]
        for start in range(len(pieces)):
            if "".join(pieces[start:]) in tails:
                found.append(_Part(field, tuple(pieces[:start]), "".join(pieces[start:])))
                break
    return found


def _by_stem(parts: Iterable[_Part]) -> Mapping[tuple[str, ...], list[_Part]]:
    found: dict[tuple[str, ...], list[_Part]] = {}
    for part in parts:
        found.setdefault(part.stem, []).append(part)
    return found


def _addresses(parts: list[_Part]) -> list[tuple[str, ...]]:
    """At least two of street, postcode and city, with what stands around them."""
    return [
        tuple(part.field.name for part in own)
        for own in _by_stem(parts).values()
        if sum(any(p.tail in kind for p in own) for kind in (STREET, POSTCODE, CITY)) > 1
    ]


def _amounts(numbers: list[Field], currencies: list[_Part]) -> list[tuple[str, ...]]:
    """An amount with its currency: of one name, or the only two of a table."""
    amounts = _parts(numbers, AMOUNT)
    found = _pairs(amounts, currencies)
    if not found and len(amounts) == 1 and len(currencies) == 1:
        found.append((amounts[0].field.name, currencies[0].field.name))
    return found


def _pairs(first: list[_Part], second: list[_Part]) -> list[tuple[str, ...]]:
    """Two fields that differ in their endings alone, where each is the only such."""
    found: list[tuple[str, ...]] = []
    others = _by_stem(second)
    for stem, own in _by_stem(first).items():
        pair = [*own, *others.get(stem, [])]
        clear = all(p.tail not in AMBIGUOUS or p.field.kind in MOMENTS for p in pair)
        if len(pair) == 2 and len(own) == 1 and clear:
            found.append((pair[0].field.name, pair[1].field.name))
    return found


def _status_dates(fields: Iterable[Field]) -> list[_Part]:
    """`order_status_date` belongs to `order_status`."""
    return _parts(fields, STATUS_DATE)
