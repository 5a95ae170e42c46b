"""What attaching costs on one database, estimated from a sample; the assumptions stand here."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.companydb import capture_postgres, capture_sqlite
from samsyn.companydb.propose import TableId
from samsyn.companydb.schema import Schema
from samsyn.companydb.verdicts import TableFacts
from samsyn.core.catalog import Catalog, Kind, RecordType

RECORDS_PER_S = 20_000
"""First load of records of about 20 fields, measured."""
FIELDS_PER_RECORD = 20
WIRE_SHARE = 0.25
"""Bytes on the wire for a byte of values: 130 of 512, measured."""
JOURNAL_ROW = 24
"""Bytes of a journal row without its keys."""
IDENTITY_ROW = 70
"""Bytes of an identity row with its two indexes, without its key twice."""
KEY_BYTES = {Kind.INTEGER: 5, Kind.UUID: 36}
OTHER_KEY_BYTES = 20


class Cost(msgspec.Struct, frozen=True):
    """What there is to expect."""

    records: int
    first_load_bytes: int
    first_load_wire_bytes: int
    first_load_s: float
    identity_bytes: int
    journal_bytes_per_change: int
    """Of the costliest table; a journal row lives until the service has its change."""
    triggers: int


def estimate(catalog: Catalog, schema: Schema, facts: Mapping[TableId, TableFacts]) -> Cost:
    """The cost of attaching and first loading the whole catalog."""
    known = {t.name: facts.get((t.schema, t.table), TableFacts()) for t in catalog.types}
    size = sum(facts.records * facts.row_bytes for facts in known.values())
    values = sum(known[t.name].records * len(t.fields) for t in catalog.types)
    return Cost(
        records=sum(facts.records for facts in known.values()),
        first_load_bytes=size,
        first_load_wire_bytes=int(size * WIRE_SHARE),
        first_load_s=round(values / (RECORDS_PER_S * FIELDS_PER_RECORD), 1),
        identity_bytes=sum(
            known[t.name].records * (IDENTITY_ROW + 2 * _key_bytes(t)) for t in catalog.types
        ),
        journal_bytes_per_change=max(
            (JOURNAL_ROW + 2 * _key_bytes(t) for t in catalog.types), default=0
        ),
        triggers=sum(_triggers(t, schema) for t in catalog.types),
    )


def _key_bytes(record_type: RecordType) -> int:
    kinds = [record_type.field(name).kind for name in record_type.key]
    return sum(KEY_BYTES.get(kind, OTHER_KEY_BYTES) for kind in kinds)


def _triggers(record_type: RecordType, schema: Schema) -> int:
    table = schema.table(record_type.table, record_type.schema)
    if schema.engine == "sqlite":
        return len(capture_sqlite.capture(record_type, table))
    return len(capture_postgres.capture(record_type, table).triggers)
