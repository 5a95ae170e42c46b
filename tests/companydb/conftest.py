"""Fixtures: a company database of each engine, or of both in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.companydb.companies import Company, PostgresCompany, SqliteCompany


@pytest.fixture
def sqlite(tmp_path: Path) -> SqliteCompany:
    """An empty SQLite file."""
    return SqliteCompany(tmp_path / "company.db")


@pytest.fixture
def postgres(pg_url: str) -> PostgresCompany:
    """An empty PostgreSQL database."""
    return PostgresCompany(pg_url)


@pytest.fixture(params=["sqlite", "postgres"])
def company(request: pytest.FixtureRequest) -> Company:
    """An empty database of each engine in turn."""
    found: Company = request.getfixturevalue(request.param)
    return found
