"""What names a company database, and what messages show of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.companydb.urls import EngineUnknown, PostgresUrl, SqliteUrl, UrlUnreadable, parse


def test_a_path_is_a_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "Bolaget åäö%20.db"
    assert parse(str(path)) == SqliteUrl(str(path))


def test_a_sqlite_url_is_relative_with_three_strokes_and_absolute_with_four() -> None:
    assert parse("sqlite:////a/b%20c.db") == SqliteUrl("/a/b c.db")
    assert parse("sqlite:///b.db") == SqliteUrl(str(Path("b.db").resolve()))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host:5433/firm", "postgresql://me@host:5433/firm"),
        ("postgres://me@[::1]/firm?password=secret", "postgresql://me@[::1]/firm"),
        ("postgresql:///firm?host=/run/pg&user=me", "postgresql://me@/firm?host=/run/pg"),
        ("postgresql+psycopg://h/f%20m?sslmode=require", "postgresql://h/f%20m?sslmode=require"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    found = parse(url)
    assert isinstance(found, PostgresUrl)
    assert found.text == shown
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "url", ["", "  ", ":memory:", "sqlite://a.db", "postgresql://me:pw@h/f?nope=1"]
)
def test_what_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(UrlUnreadable) as trouble:
        parse(url)
    assert "pw" not in str(trouble.value)


def test_another_engine_is_refused() -> None:
    with pytest.raises(EngineUnknown):
        parse("mysql://host/firm")
