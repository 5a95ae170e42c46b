"""The record types a company's office has told of."""

from __future__ import annotations

import functools

import msgspec

from samsyn.core.catalog import Catalog, RecordType
from samsyn.records.errors import UnknownType
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant


class TypeState(msgspec.Struct, frozen=True):
    """A record type and how far its first load has come."""

    type: RecordType
    names: frozenset[str]
    """Of its fields."""
    loaded: bool
    synced: bool


def types(tenant: Tenant) -> dict[str, TypeState]:
    """All types by name, in the catalog's order; those no longer synced come too."""
    found = tenant.rows(
        "SELECT name, spec, loaded, synced FROM records_type"
        " WHERE company_id = %(company)s ORDER BY position, name"
    )
    return {
        name: TypeState(*_type_of(spec), bool(loaded), bool(synced))
        for name, spec, loaded, synced in found
    }


def type_state(tenant: Tenant, name: str) -> TypeState:
    """One type; UnknownType."""
    found = tenant.row(
        "SELECT spec, loaded, synced FROM records_type"
        " WHERE company_id = %(company)s AND name = %(name)s",
        name=name,
    )
    if found is None:
        raise UnknownType(type=name)
    return TypeState(*_type_of(found[0]), bool(found[1]), bool(found[2]))


def store_catalog(tenant: Tenant, catalog: Catalog, at: str) -> None:
    """Take in the office's catalog: new types added, changed ones updated, others kept unsynced."""
    known = types(tenant)
    added = [
        (t.name, to_json(t), position, False, True)
        for position, t in enumerate(catalog.types)
        if t.name not in known
    ]
    tenant.insert("records_type", ("name", "spec", "position", "loaded", "synced"), added)
    for position, record_type in enumerate(catalog.types):
        before = known.pop(record_type.name, None)
        if before is not None:
            tenant.execute(
                "UPDATE records_type SET spec = %(spec)s, position = %(position)s, synced = %(yes)s"
                " WHERE company_id = %(company)s AND name = %(name)s",
                name=record_type.name,
                spec=to_json(record_type),
                position=position,
                yes=True,
            )
    for name in known:
        tenant.execute(
            "UPDATE records_type SET synced = %(no)s"
            " WHERE company_id = %(company)s AND name = %(name)s",
            name=name,
            no=False,
        )
    tenant.execute(
        "INSERT INTO records_known_catalog (company_id, fingerprint, at)"
        " VALUES (%(company)s, %(fingerprint)s, %(at)s) ON CONFLICT DO NOTHING",
        fingerprint=catalog.fingerprint,
        at=at,
    )
    tenant.execute(
        "UPDATE records_company SET engine = %(engine)s WHERE company_id = %(company)s",
        engine=catalog.engine,
    )


def is_known(tenant: Tenant, fingerprint: str) -> bool:
    """Whether a hello has told a catalog of this fingerprint."""
    found = tenant.row(
        "SELECT 1 FROM records_known_catalog"
        " WHERE company_id = %(company)s AND fingerprint = %(fingerprint)s",
        fingerprint=fingerprint,
    )
    return found is not None


def engine(tenant: Tenant) -> str:
    """The engine of the office's database: sqlite, postgresql, or empty before the first hello."""
    found = tenant.row("SELECT engine FROM records_company WHERE company_id = %(company)s")
    return str(found[0]) if found else ""


@functools.lru_cache(maxsize=4096)
def _type_of(spec: str) -> tuple[RecordType, frozenset[str]]:
    record_type = msgspec.json.decode(spec, type=RecordType)
    return record_type, frozenset(field.name for field in record_type.fields)
