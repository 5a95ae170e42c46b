"""The end of a company: every row of it in every table, a little at a time."""

from __future__ import annotations

from django.db.models import Model

from samsyn.records.suspension import suspend
from samsyn.records.tables import key_of, of_companies
from samsyn.records.tenant import Tenant, writing

ROWS = 5_000
"""Rows deleted in one transaction: other companies wait for no more."""


def remove(tenant: Tenant, at: str, *, rows: int = ROWS) -> int:
    """Delete every row that belongs to the company; how many. Killed anywhere, it is gone on with by calling again.

    The company is suspended first: nobody writes what was just deleted. The
    row of the company itself belongs to the caller.
    """
    with writing():
        suspend(tenant, at)
    models = of_companies()
    last = [m for m in models if m._meta.db_table == "records_company"]
    others = [m for m in models if m not in last]
    return sum(_emptied(tenant, model, rows) for model in [*others, *last])


def _emptied(tenant: Tenant, model: type[Model], rows: int) -> int:
    """Rows deleted from a table, in the order of its key."""
    table, key = model._meta.db_table, key_of(model)
    if len(key) < 2:
        with writing():
            return tenant.execute(f'DELETE FROM "{table}" WHERE company_id = %(company)s')
    second, gone = key[1], 0
    while True:
        with writing():
            upto = tenant.row(
                f'SELECT "{second}" FROM "{table}" WHERE company_id = %(company)s'
                f' ORDER BY "{second}" LIMIT 1 OFFSET %(rows)s',
                rows=rows,
            )
            where = f' AND "{second}" <= %(upto)s' if upto is not None else ""
            gone += tenant.execute(
                f'DELETE FROM "{table}" WHERE company_id = %(company)s{where}',
                **({"upto": upto[0]} if upto is not None else {}),
            )
        if upto is None:
            return gone
