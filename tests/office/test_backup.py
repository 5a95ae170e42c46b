"""A company is backed up into one file and comes back whole, or stays as it is."""

from __future__ import annotations

import io
import os
import re
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import apsw
import pytest

from samsyn.companydb import backup
from samsyn.companydb.opening import DatabaseBusy
from samsyn.companydb.urls import SqliteUrl
from samsyn.office.backup.sealing import PIECE, BackupUnreadable, Head, read_head, seal, unseal
from tests.office.connecting import BERG
from tests.office.running import Office, Person, controls

HEAD = Head("abc", "Berg AB", "2026-11-30T00:00:00+00:00")
PHRASE = "hallon-och-grädde"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Some bytes that stand for a database, more than a piece."""
    path = tmp_path / "database"
    path.write_bytes(os.urandom(PIECE) * 2 + b"the very end")
    return path


@pytest.mark.parametrize("password", ["", PHRASE])
def test_a_backup_opens_to_what_was_sealed(tmp_path: Path, database: Path, password: str) -> None:
    made, back = tmp_path / "made", tmp_path / "back"
    seal(database, made, HEAD, password)
    assert unseal(made, back, password).name == "Berg AB"
    assert back.read_bytes() == database.read_bytes()
    assert read_head(io.BytesIO(made.read_bytes())).sealed is bool(password)
    assert made.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("password", ["", PHRASE])
def test_a_backup_that_was_cut_or_changed_does_not_open(
    tmp_path: Path, database: Path, password: str
) -> None:
    made, back = tmp_path / "made", tmp_path / "back"
    seal(database, made, HEAD, password)
    whole = made.read_bytes()
    first = whole.index(b"\n", 20) + 1
    size = int.from_bytes(whole[first : first + 4], "big") + 4
    wrong = {
        "cut": whole[:-1],
        "a piece less": whole[: first + size],
        "more": whole + b"x",
        "a bit": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
        "turned round": whole[:first] + whole[first + size :] + whole[first : first + size],
        "nothing": whole[:first],
    }
    for what, content in wrong.items():
        made.write_bytes(content)
        assert not opens(made, back, password), what


@pytest.mark.parametrize("password", ["", "wrong", PHRASE.upper()])
def test_a_sealed_backup_opens_with_its_password_alone(
    tmp_path: Path, database: Path, password: str
) -> None:
    made = tmp_path / "made"
    seal(database, made, HEAD, PHRASE)
    assert b"the very end" not in made.read_bytes()
    with pytest.raises(BackupUnreadable) as told:
        unseal(made, tmp_path / "back", password)
    assert told.value.facts["why"] == "password"


def test_a_database_that_another_program_holds_is_left_as_it_is(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    for one, text in ((path, "before"), (other, "after")):
        with apsw.Connection(str(one)) as connection:
            connection.execute("CREATE TABLE t (x)")
            connection.execute("INSERT INTO t VALUES (?)", (text,))
        connection.close()
    holder = apsw.Connection(str(path))
    holder.execute("BEGIN; SELECT * FROM t").get  # noqa: B018 - reads
    with pytest.raises(DatabaseBusy):
        backup.put_back(SqliteUrl(str(path)), other, patience_s=0.2)
    assert holder.execute("SELECT x FROM t").get == "before"
    holder.execute("COMMIT")
    backup.put_back(SqliteUrl(str(path)), other)
    assert holder.execute("SELECT x FROM t").get == "after"
    holder.close()


@pytest.mark.parametrize("mode", ["wal", "delete"])
@pytest.mark.parametrize("moment", ["while it is kept", "just after"])
def test_no_write_of_another_program_is_lost_between_what_is_kept_and_what_is_put_back(
    tmp_path: Path, mode: str, moment: str
) -> None:
    """Whoever writes is kept out until the database is the backup's, or what was written is kept as well."""
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    for one in (path, other):
        with closing(apsw.Connection(str(one))) as made:
            made.execute(f"PRAGMA journal_mode = {mode}; CREATE TABLE t (x)").fetchall()
    program = apsw.Connection(str(path))
    program.set_busy_timeout(5_000)
    kept: list[object] = []
    writers: list[threading.Thread] = []

    def write() -> None:
        program.execute("INSERT INTO t VALUES ('an order')")

    def keep() -> None:
        if not writers and moment == "while it is kept":
            writers.append(threading.Thread(target=write))
            writers[0].start()  # it waits, as another program does, and comes in as soon as it may
        with closing(apsw.Connection(str(path))) as reading:
            kept.append(reading.execute("SELECT x FROM t").fetchall())
        if not writers and moment == "just after":
            writers.append(threading.Thread(target=write))
            writers[0].start()

    backup.put_back(SqliteUrl(str(path)), other, keep)
    for writer in writers:
        writer.join()
    there = program.execute("SELECT x FROM t").fetchall()
    program.close()
    assert [("an order",)] in (kept[-1], there)


def test_a_write_that_came_in_after_all_is_kept_by_keeping_once_more(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    for one in (path, other):
        with closing(apsw.Connection(str(one))) as made:
            made.execute("CREATE TABLE t (x)")
    url = SqliteUrl(str(path))
    with closing(backup.Mark(url)) as mark, closing(apsw.Connection(str(path))) as program:
        before = mark.read()
        assert mark.stands(before)
        program.execute("INSERT INTO t VALUES (1)")
        assert not mark.stands(before)
        source = apsw.Connection(str(other))
        asked = partial(mark.stands, before)
        assert not backup._copied(source, program, url, still_so=asked)
        source.close()
        assert program.execute("SELECT x FROM t").get == 1


def test_a_company_comes_back_as_the_backup_has_it_and_what_was_done_since_is_kept(
    office: Office, anna: Person
) -> None:
    alias = new_company(anna, "Säker AB")
    at = f"/c/{alias}/settings/backup"
    anna.post(f"/c/{alias}/r/contacts/new", **{"v:name": "Före"})
    assert anna.post(at, password=PHRASE).to == at
    (made,) = files(anna, at)
    anna.post(f"/c/{alias}/r/contacts/new", **{"v:name": "Efter"})
    assert anna.post(f"{at}/{made}/restore", password="wrong").to == at
    assert anna.open(at).shows("The password is not the one")
    assert anna.open(f"/c/{alias}/r/contacts").shows("Efter")
    restored = anna.post(f"{at}/{made}/restore", password=PHRASE)
    assert restored.shows("What it was before is in the backup"), restored.text
    contacts = anna.open(f"/c/{alias}/r/contacts")
    assert (contacts.shows("Före"), contacts.shows("Efter")) == (True, False)
    before = next(name for name in files(anna, at) if name != made)
    anna.post(f"{at}/{before}/restore")
    assert anna.open(f"/c/{alias}/r/contacts").shows("Efter")
    assert anna.post(f"{at}/{made}/remove").to == at
    assert made not in files(anna, at)


def test_a_backup_is_taken_along_and_put_back_from_a_file(
    office: Office, anna: Person, tmp_path: Path
) -> None:
    alias, other = new_company(anna, "Flytt AB"), new_company(anna, "Annan AB")
    at = f"/c/{alias}/settings/backup"
    anna.post(at)
    (made,) = files(anna, at)
    content = anna.data(f"{at}/{made}")
    anna.post(f"/c/{alias}/r/contacts/new", **{"v:name": "Efter"})
    assert anna.upload(f"{at}/file", "backup", content, sure="on").shows("What it was before")
    assert not anna.open(f"/c/{alias}/r/contacts").shows("Efter")
    for sent, fields, words in (
        (content[:-10], {"sure": "on"}, "The file is damaged or not whole"),
        (b"PK something else", {"sure": "on"}, "This is no backup of Samsyn"),
        (content, {}, "Tick that the company"),
    ):
        assert anna.upload(f"{at}/file", "backup", sent, **fields).to == at
        assert anna.open(at).shows(words)
    there = f"/c/{other}/settings/backup"
    assert anna.upload(f"{there}/file", "backup", content, sure="on").to == there
    assert anna.open(there).shows("The backup is of another company: Flytt AB")
    assert anna.get(f"{there}/{made}/restore").status == 404
    assert anna.get(f"{at}/..%2Fsystem.sqlite").status == 404


def test_a_companys_details_go_along_in_its_backup_to_a_new_installation(
    office: Office, anna: Person
) -> None:
    alias = new_company(anna, "Tidigare AB")
    at = f"/c/{alias}/settings/backup"
    anna.post(f"/c/{alias}/r/contacts/new", **{"v:name": "Trogen Kund AB"})
    anna.post(at, password=PHRASE)
    (made,) = files(anna, at)
    content = anna.data(f"{at}/{made}")
    assert b"08-465" not in content, "they are sealed with the rest"
    back = "/companies/backup"
    assert anna.upload(back, "backup", content, password=PHRASE).to == back
    assert anna.open(back).shows("Tidigare AB is in this installation already")
    before = shown(anna, alias)
    anna.post(f"/c/{alias}/settings/company/take-out")
    assert anna.upload(back, "backup", content, password="wrong").to == back
    assert anna.open(back).shows("The password is not the one")
    brought = anna.upload(back, "backup", content, password=PHRASE)
    assert brought.to == f"/c/{alias}/settings/company"
    assert anna.open(brought.to).shows("Tidigare AB is back")
    assert shown(anna, alias) == before
    assert anna.open(f"/c/{alias}/r/contacts").shows("Trogen Kund AB")
    assert files(anna, at) == [made], "its backups are known again"


def test_a_restore_offers_the_details_of_the_backup(office: Office, anna: Person) -> None:
    alias = new_company(anna, "Bytte Namn AB")
    at, details = f"/c/{alias}/settings/backup", f"/c/{alias}/settings/company"
    anna.post(at)
    (made,) = files(anna, at)
    assert not anna.post(f"{at}/{made}/restore").shows("Use the details of the backup")
    anna.post(details, **anna.form(details) | {"name": "Nytt Namn AB"})
    restored = anna.post(f"{at}/{made}/restore")
    assert restored.shows("Use the details of the backup")
    assert anna.form(details)["name"] == "Nytt Namn AB", "a person decides"
    offered = {k: v for k, v in controls(restored.text).items() if k in BERG}
    assert anna.post(details, **offered).to == details
    assert anna.form(details)["name"] == "Bytte Namn AB"


def shown(by: Person, alias: str) -> dict[str, str]:
    """The company's details."""
    told = by.form(f"/c/{alias}/settings/company")
    return {name: told[name] for name in BERG}


def opens(made: Path, back: Path, password: str) -> bool:
    """Whether the backup opens."""
    try:
        unseal(made, back, password)
    except BackupUnreadable:
        return False
    return True


def new_company(by: Person, name: str) -> str:
    """A company of that name; its alias."""
    told = {
        "name": name, "org_no": "5560360793", "street": "A 1", "postal_code": "90325",
        "city": "Umeå", "country": "SE", "phone": "08-465 004 20", "email": "a@b.se",
    }  # fmt: skip
    return by.post("/companies/new", **told).to.removeprefix("/c/")


def files(by: Person, at: str) -> list[str]:
    """The names of the backups that are listed."""
    return re.findall(rf'href="{at}/([^/"]+)/restore"', by.open(at).text)
