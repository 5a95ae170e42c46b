"""The record types a company's office has told of."""

from __future__ import annotations

from collections import OrderedDict

import msgspec
import uuid_utils

from samsyn.core.catalog import Catalog, RecordType
from samsyn.records.errors import UnknownType
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant


class TypeState(msgspec.Struct, frozen=True):
    """A record type and how far its first load has come."""

    type: RecordType
    names: frozenset[str]
    """Of its fields."""
    position: int
    loaded: bool
    synced: bool


def types(tenant: Tenant) -> dict[str, TypeState]:
    """All types by name, in the catalog's order; those no longer synced come too."""
    found = tenant.row("SELECT catalog FROM records_company WHERE company_id = %(company)s")
    return types_at(tenant, str(found[0]) if found else "")


def types_at(tenant: Tenant, mark: str) -> dict[str, TypeState]:
    """The types of the catalog that the company's row names by a mark; empty: of one that is not told yet."""
    known = _by_mark.get(mark)
    if known is None:
        known = _read(tenant)
        if mark:
            _remember(mark, known)
    return known


def type_state(tenant: Tenant, name: str) -> TypeState:
    """One type; UnknownType."""
    found = types(tenant).get(name)
    if found is None:
        raise UnknownType(type=name)
    return found


def store_catalog(tenant: Tenant, catalog: Catalog, at: str) -> None:
    """Take in the office's catalog: new types added, changed ones updated, others kept unsynced.

    The company's counter is locked.
    """
    known = _read(tenant)
    told = {t.name: (t, position) for position, t in enumerate(catalog.types)}
    changed = [name for name, state in known.items() if state.synced and name not in told]
    for name in changed:
        _set_type(tenant, name, synced=False)
    for name, (record_type, position) in told.items():
        before = known.get(name)
        if before is None:
            row = (name, to_json(record_type), position, False, True)
            tenant.insert("records_type", _COLUMNS, [row])
        elif (before.type, before.position, before.synced) != (record_type, position, True):
            _set_type(tenant, name, spec=to_json(record_type), position=position, synced=True)
        else:
            continue
        changed.append(name)
    if changed:
        _mark_changed(tenant)
    tenant.execute(
        "INSERT INTO records_known_catalog (company_id, fingerprint, at)"
        " VALUES (%(company)s, %(fingerprint)s, %(at)s) ON CONFLICT DO NOTHING",
        fingerprint=catalog.fingerprint,
        at=at,
    )
    tenant.execute(
        "UPDATE records_company SET engine = %(engine)s"
        " WHERE company_id = %(company)s AND engine <> %(engine)s",
        engine=catalog.engine,
    )


def complete(tenant: Tenant, name: str) -> None:
    """The first load of a type is complete. The company's counter is locked."""
    _set_type(tenant, name, loaded=True)
    _mark_changed(tenant)


def is_known(tenant: Tenant, fingerprint: str) -> bool:
    """Whether a hello has told a catalog of this fingerprint."""
    found = tenant.row(
        "SELECT 1 FROM records_known_catalog"
        " WHERE company_id = %(company)s AND fingerprint = %(fingerprint)s",
        fingerprint=fingerprint,
    )
    return found is not None


_COLUMNS = ("name", "spec", "position", "loaded", "synced")
_KEPT = 1_000
_by_mark: OrderedDict[str, dict[str, TypeState]] = OrderedDict()
"""The types of the companies heard of last; a mark is never used twice."""


def _remember(mark: str, types_: dict[str, TypeState]) -> None:
    _by_mark[mark] = types_
    while len(_by_mark) > _KEPT:
        _by_mark.popitem(last=False)


def _read(tenant: Tenant) -> dict[str, TypeState]:
    found = tenant.rows(
        "SELECT name, spec, position, loaded, synced FROM records_type"
        " WHERE company_id = %(company)s ORDER BY position, name"
    )
    return {
        name: TypeState(*_type_of(spec), position, bool(loaded), bool(synced))
        for name, spec, position, loaded, synced in found
    }


def _set_type(tenant: Tenant, name: str, **values: object) -> None:
    assignments = ", ".join(f"{column} = %({column})s" for column in values)
    tenant.execute(
        f"UPDATE records_type SET {assignments} WHERE company_id = %(company)s AND name = %(name)s",
        name=name,
        **values,
    )


def _mark_changed(tenant: Tenant) -> None:
    tenant.execute(
        "UPDATE records_company SET catalog = %(mark)s WHERE company_id = %(company)s",
        mark=uuid_utils.uuid7().hex,
    )


def _type_of(spec: str) -> tuple[RecordType, frozenset[str]]:
    record_type = msgspec.json.decode(spec, type=RecordType)
    return record_type, frozenset(field.name for field in record_type.fields)
