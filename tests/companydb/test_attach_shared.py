"""The databases that others made: they attach, capture and detach on both engines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from samsyn.companydb.attach import attach, detach, plan
from samsyn.companydb.dump import schema_dump
from samsyn.companydb.opening import opened
from tests.companydb.companies import Company, PostgresCompany, SqliteCompany

TABLES = {"northwind": 13, "chinook": 11}
BY_HAND = ("DROP DATABASE", "CREATE DATABASE", "\\c ")


def sqlite_copy(folder: Path, name: str, to: Path) -> SqliteCompany:
    copy = to / f"{name}.sqlite"
    shutil.copyfile(folder / name / f"{name}.sqlite", copy)
    return SqliteCompany(copy)


def postgres_copy(folder: Path, name: str, company: PostgresCompany) -> PostgresCompany:
    script = (folder / name / f"{name}_pg.sql").read_text()
    lines = [line for line in script.splitlines() if not line.startswith(BY_HAND)]
    company.run("\n".join(lines))
    return company


def check(company: Company, tables: int) -> None:
    with opened(company.url, writing=False) as session:
        before = schema_dump(session)
    made = plan(company.url)
    assert len(made.catalog.types) == tables
    assert not [left for verdict in made.verdicts for left in verdict.left_out]
    attach(made)
    done = attach(plan(company.url))
    assert (done.added, done.removed, done.mended) == ((), (), ())
    assert detach(company.url).identical
    with opened(company.url, writing=False) as session:
        assert schema_dump(session) == before


@pytest.mark.parametrize("name", ["northwind", "chinook"])
def test_a_real_sqlite_database_attaches(shared_data: Path, name: str, tmp_path: Path) -> None:
    check(sqlite_copy(shared_data, name, tmp_path), TABLES[name])


@pytest.mark.parametrize("name", ["northwind", "chinook"])
def test_a_real_postgresql_database_attaches(
    shared_data: Path, name: str, postgres: PostgresCompany
) -> None:
    company = postgres_copy(shared_data, name, postgres)
    check(company, {"northwind": 14, "chinook": 11}[name])


def test_northwinds_tables_read_as_people_would_name_them(
    shared_data: Path, tmp_path: Path
) -> None:
    catalog = plan(sqlite_copy(shared_data, "northwind", tmp_path).url).catalog
    lines = catalog.type("Order Details")
    assert lines.key == ("OrderID", "ProductID")
    assert {f.name for f in lines.fields if f.reference} == {"OrderID", "ProductID"}
    staff = catalog.type("Employees")
    assert staff.field("ReportsTo").reference is not None
    assert staff.title == "LastName"
    assert staff.field("TitleOfCourtesy").label == "Title of courtesy"
    assert staff.display[:2] == ("LastName", "FirstName")
