"""An office database that the service made is attached and connected again, and nothing is doubled."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path

import apsw

from samsyn.demo.postgres import write_postgres
from tests.cli.conftest import TODAY
from tests.cli.office import Office
from tests.online.running import Service


def counts(path: Path | str) -> dict[str, int]:
    """Rows by table, but for ours and SQLite's own."""
    with closing(apsw.Connection(str(path))) as db:
        names = [
            str(n) for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        own = [n for n in names if not n.startswith(("samsyn_", "sqlite_"))]
        return {n: len(db.execute(f'SELECT 1 FROM "{n}"').fetchall()) for n in own}


def held(office: Office) -> dict[str, int]:
    """Living records by type, online; 500 at most."""
    return {
        t["type"]: len(office.program.get(f"records/{t['type']}", limit=500)["records"])
        for t in office.program.get("types")["types"]
    }


def _goes_on(office: Office, online: dict[str, int]) -> None:
    """The office's database attaches, connects again and holds what was online, with nothing to be settled."""
    attached = office.tell("attach")
    assert {t["type"] for t in attached["types"] if t["synced"]} == set(online)
    office.connect("--now")
    assert office.tell("sync")["state"] == "in_sync"
    assert office.tell("verify")["identical"]
    assert held(office) == online
    assert office.tell("conflicts") == []
    assert office.read("SELECT city FROM contacts WHERE contact_no = 10001") == [("Kiruna",)]
    assert office.read("SELECT count(*) FROM contacts WHERE name = 'Ny Kund AB'") == [(1,)]


def test_a_company_exported_as_a_database_goes_on_where_the_office_was(
    office: Office, tmp_path: Path
) -> None:
    office.begin()
    before = counts(office.database)
    office.patch("contacts", office.online("contacts", "contact_no", 10001)["id"], city="Kiruna")
    office.tell("sync")
    office.program.create("contacts", name="Ny Kund AB")  # the office has not given its number yet
    office.tell("disconnect", "--yes")
    online = held(office)

    path = tmp_path / "exporterad.sqlite"
    told = office.service.command(
        "export", "--company", office.company, "--to", str(path), "--office-database"
    )
    assert told["bytes"] == path.stat().st_size
    synced = {name: number for name, number in counts(path).items() if name in before}
    assert synced == {name: before[name] for name in synced}
    assert set(synced) == {t for t in before if t in online}

    office.database = path
    _goes_on(office, online)


def test_a_company_is_exported_in_open_formats_by_command(office: Office, tmp_path: Path) -> None:
    office.begin()
    path = tmp_path / "export.zip"
    office.service.command("export", "--company", office.company, "--to", str(path))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {"README.txt", "schema.json", "members.jsonl", "records/contacts.csv"} <= set(
            archive.namelist()
        )
    again = office.service.run("export", "--company", office.company, "--to", str(path), "--json")
    assert again.returncode == 1
    assert "CANNOT_WRITE" in again.stdout


def test_a_company_of_a_postgresql_office_goes_on_in_the_exported_database(
    tmp_path: Path, pg_url: str, service: Service
) -> None:
    """Booleans, moments with a zone, exact numbers and arrays are what they were in a file of SQLite."""
    write_postgres(pg_url, today=TODAY, contacts=30)
    office = Office(tmp_path / "home", pg_url, service)
    office.begin()
    office.patch("contacts", office.online("contacts", "contact_no", 10001)["id"], city="Kiruna")
    office.tell("sync")
    office.program.create("contacts", name="Ny Kund AB")
    office.tell("disconnect", "--yes")
    online = held(office)

    path = tmp_path / "exporterad.sqlite"
    service.command("export", "--company", office.company, "--to", str(path), "--office-database")
    office.database = path
    _goes_on(office, online)
    assert office.tell("quarantine") == []
