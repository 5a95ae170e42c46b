"""How much a company takes: records, log, and bytes by table."""

from __future__ import annotations

import msgspec

from samsyn.records.tables import columns_of, of_companies
from samsyn.records.tenant import Tenant, is_postgresql, snapshot


class Storage(msgspec.Struct, frozen=True):
    """Living and deleted records, rows of the change log, and the bytes of all the company's rows.

    Bytes are those of the values: indexes and what the engine keeps beside are not counted.
    """

    records: int
    changes: int
    bytes: int
    tables: dict[str, int]
    """Bytes by table; those that are empty are left out."""


def storage(tenant: Tenant) -> Storage:
    """What the company takes now; reads all its rows."""
    with snapshot():
        sizes = {
            model._meta.db_table: _size(tenant, model._meta.db_table, columns_of(model))
            for model in of_companies()
        }
    rows = {table: count for table, (count, _) in sizes.items()}
    told = {table: size for table, (_, size) in sizes.items() if size}
    return Storage(rows["records_record"], rows["records_change"], sum(told.values()), told)


def _size(tenant: Tenant, table: str, columns: list[str]) -> tuple[int, int]:
    """Rows and bytes."""
    if is_postgresql():
        size = "pg_column_size(t.*)"
    else:
        size = " + ".join(f'coalesce(length(CAST("{column}" AS BLOB)), 0)' for column in columns)
    found = tenant.row(
        f'SELECT count(*), coalesce(sum({size}), 0) FROM "{table}" AS t'
        " WHERE company_id = %(company)s"
    )
    assert found is not None, "an aggregate has a row"
    return int(found[0]), int(found[1])
