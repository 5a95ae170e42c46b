"""Makes many companies at once in a service's store: `python -m bench.companies HOME DATABASE COUNT`.

Prints one JSON line: for each company its id, a token of the REST API, and the secret
of its office's connection. Each has one type of records, loaded with ten of them.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType

TYPE = "contacts"
RECORDS = 10
CATALOG = Catalog(
    "sqlite",
    (
        RecordType(
            TYPE,
            1,
            TYPE,
            ("id",),
            KeyGiver.OFFICE,
            (
                Field("id", Kind.INTEGER, "INTEGER", read_only=True, nullable=False),
                Field("name", Kind.TEXT, "TEXT"),
                Field("phone", Kind.TEXT, "TEXT"),
            ),
        ),
    ),
)


def record_id(number: int) -> str:
    """The id of the nth record, the same in every company."""
    return f"{number:032x}"


def make(home: Path, database: str, count: int) -> list[dict[str, str]]:
    """The companies, in the store of a service that does not run yet."""
    from samsyn.online.startup import open_service

    open_service(home, database or None)
    from samsyn.records.tenant import together

    with together():
        return [_company(number) for number in range(count)]


def _company(number: int) -> dict[str, str]:
    from samsyn.core.record import Record
    from samsyn.online.companies import accounts, tokens
    from samsyn.online.companies.scopes import EVERYTHING
    from samsyn.records import connections, store
    from samsyn.records.catalogs import complete, store_catalog
    from samsyn.records.tenant import Tenant
    from samsyn.records.unit import Source, company_unit

    now = datetime.datetime.now(datetime.UTC)
    owner = f"owner{number}@example.com"
    company = accounts.create_company(f"Bench {number}", owner, now)
    tenant = Tenant(company.pk)
    secret = connections.open_connection(tenant, "DESK", "bench", "sqlite", now.isoformat())
    with company_unit(tenant, Source.OFFICE, "DESK", now.isoformat()):  # as a hello does
        store_catalog(tenant, CATALOG, now.isoformat())
        complete(tenant, TYPE)
    records = [
        Record(record_id(n), TYPE, {"id": n, "name": f"Contact {n}", "phone": None}, key=(n,))
        for n in range(1, RECORDS + 1)
    ]
    store.put_records(tenant, [(None, record) for record in records])
    token = tokens.create_token(company.pk, owner, tokens.Wanted(EVERYTHING, "bench"), now).token
    return {"company": company.pk, "token": token, "secret": secret}


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
