"""A company with registers in the store of the test, and a person at its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn.core.catalog import Catalog, KeyGiver, RecordType
from samsyn.core.cells import Cell
from samsyn.core.listing import Query
from samsyn.core.record import Record
from samsyn.online.companies.models import Company
from samsyn.records.catalogs import complete, store_catalog
from samsyn.records.queries import living_records
from samsyn.records.store import put_records
from samsyn.records.tenant import Tenant, writing
from tests.pages.people import NOW, new_company
from tests.pages.trade import TYPES

OWNER = "anna@example.com"


def rid(number: int) -> str:
    """A record id that is easy to read in a failing test."""
    return f"{number:032x}"


class Firm:
    """A company whose first load is complete."""

    def __init__(self, types: Sequence[RecordType] = TYPES, owner: str = OWNER) -> None:
        self.company: Company = new_company("Firman", owner)
        self.tenant = Tenant(self.company.pk)
        self.types = {t.name: t for t in types}
        with writing():
            store_catalog(self.tenant, Catalog("sqlite", tuple(types)), NOW.isoformat())
            self.tenant.execute(
                "INSERT INTO records_company (company_id, head, online_head, name, engine)"
                " VALUES (%(company)s, 0, 0, '', 'sqlite')"
                " ON CONFLICT (company_id) DO UPDATE SET engine = 'sqlite'"
            )
            for one in types:
                complete(self.tenant, one.name)

    def put(self, type_: str, *rows: tuple[int, Mapping[str, Cell]]) -> None:
        """Records that the office has: id and fields; the others are empty."""
        record_type = self.types[type_]
        with writing():
            put_records(
                self.tenant, [(None, self._record(record_type, n, given)) for n, given in rows]
            )

    def _record(self, record_type: RecordType, number: int, given: Mapping[str, Cell]) -> Record:
        fields = {field.name: given.get(field.name) for field in record_type.fields}
        if record_type.key_giver is KeyGiver.OFFICE:
            fields[record_type.key[0]] = number
        key = tuple(fields[name] for name in record_type.key)
        return Record(rid(number), record_type.name, fields, key, number)

    def all(self, type_: str) -> list[dict[str, Cell]]:
        """The fields of the living records of a type."""
        found = living_records(self.tenant, type_, Query(limit=500)).records
        return [dict(record.fields) for record in found]

    def root(self, type_: str = "") -> str:
        """The address of the registers, or of one."""
        return f"/c/{self.company.pk}/r" + (f"/{type_}" if type_ else "")
