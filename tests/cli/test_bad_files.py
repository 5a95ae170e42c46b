"""Every command and a company database that is none, or no longer whole: a code, words, and nothing made worse."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner, Result

from samsyn.cli.main import main
from samsyn.companydb import books
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import parse

PAGE = 4096
NOBODY = "http://127.0.0.1:9"
SECONDS = 10
"""More than any of them takes; who waits for a pipe takes for ever."""
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
COMMANDS = [
    line.split()
    for line in f"""
attach --dry-run
attach
attach --again
connect --online {NOBODY} --code AAAA
sync --timeout 1
agent
pause
resume
status
conflicts
history
log
quarantine
quarantine --retry
held
held part --plan
verify
verify --last
ledger
undo
computers
choose-computer --any
update-connection
update-connection --backup-is-truth
update-connection --undo
update-connection --moved
disconnect --yes
disconnect --force --yes
detach
detach --force
""".strip().splitlines()
]
"""Every command that opens a company database, in each of its ways."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSYN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAMSYN_LANG", "en")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound company database of some pages."""
    path = tmp_path_factory.mktemp("plain") / "company.db"
    with closing(apsw.Connection(str(path))) as db, db:
        db.execute(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE part (id INTEGER PRIMARY KEY, item INTEGER REFERENCES item, name TEXT)"
        )
        db.executemany("INSERT INTO item (name) VALUES (?)", ((f"item {n}",) for n in range(900)))
        db.executemany(
            "INSERT INTO part (item, name) VALUES (?, ?)", ((n, "x" * 40) for n in range(1, 900))
        )
    return path


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory, plain: Path) -> Path:
    """The same, attached and connected to a service that does not answer."""
    path = tmp_path_factory.mktemp("attached") / "company.db"
    shutil.copy(plain, path)
    told("attach", path)
    with opened(parse(str(path)), writing=True) as session, session.transaction():
        connection = books.Connection("c1", "secret", NOBODY, "aaaaaaaaaaaa", "Nordlund")
        books.set_fact(session, "connection", connection)
    return path


def told(name: str, where: Path | str, *options: str) -> Result:
    """A command's end: an exit code and words, never a trace."""
    started = time.monotonic()
    done = CliRunner().invoke(main, [name, str(where), *options, "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), (name, done.exception)
    assert done.exit_code in (0, 1, 3, 4), (name, done.output)
    assert "Traceback" not in done.output
    assert time.monotonic() - started < SECONDS, name
    return done


def code_of(done: Result) -> str:
    """The stable code of what a command could not do."""
    assert done.exit_code == 1, done.output
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["message"]
    assert CODE.fullmatch(answer["error"]), answer
    assert answer["error"] != "DATABASE_TROUBLE", answer  # the word for what nobody thought of
    return str(answer["error"])


def refused(where: Path | str) -> set[str]:
    """The codes with which all commands refuse it."""
    return {code_of(told(name, where, *options)) for name, *options in COMMANDS}


# --- no database at all ------------------------------------------------------------------


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def header(raw: bytes, place: int, new: bytes) -> bytes:
    return raw[:place] + new + raw[place + len(new) :]


NO_DATABASE: dict[str, Callable[[bytes], bytes]] = {
    "a text": lambda _: b"Dear Sir or Madam,\n" * 200,
    "noise": lambda _: noise(50_000),
    "noise behind the right first bytes": lambda raw: raw[:16] + noise(60_000),
    "the first half of the header": lambda raw: raw[:50],
    "the header alone": lambda raw: raw[:100],
    "the first page": lambda raw: raw[:PAGE],
    "the first half": lambda raw: raw[: len(raw) // 2],
    "cut amid a page": lambda raw: raw[: len(raw) // 2 + 77],
    "a first page of zeros": lambda raw: bytes(PAGE) + raw[PAGE:],
    "a page size that there is not": lambda raw: header(raw, 16, b"\0\3"),
    "an encoding that there is not": lambda raw: header(raw, 56, b"\0\0\0\x63"),
    "a format to come": lambda raw: header(raw, 18, b"\x09\x09"),
}


@pytest.mark.parametrize("kind", NO_DATABASE)
def test_what_is_no_database_is_refused_and_left_as_it_is(
    plain: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "company.db"
    path.write_bytes(NO_DATABASE[kind](plain.read_bytes()))
    before = path.read_bytes()
    assert refused(path) <= {"DATABASE_UNAVAILABLE", "DATABASE_DAMAGED"}
    assert path.read_bytes() == before


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def ring(path: Path) -> Path:
    path.symlink_to(path)
    return path


def listener(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)  # the whole path is longer than a socket's may be
    return path


def huge(path: Path) -> Path:
    """A sparse file of 40 GB that is no database."""
    with path.open("wb") as file:
        file.write(b"no database")
        file.truncate(40 << 30)
    return path


NO_FILE: dict[str, tuple[Callable[[Path], Path | str], str]] = {
    "a folder": (folder, "NOT_A_FILE"),
    "a pipe": (pipe, "NOT_A_FILE"),
    "a socket": (listener, "NOT_A_FILE"),
    "a device": (lambda _: "/dev/zero", "NOT_A_FILE"),
    "nothing": (lambda path: path, "DATABASE_UNAVAILABLE"),
    "a folder that is not there": (lambda path: path / "company.db", "DATABASE_UNAVAILABLE"),
    "a ring of links": (ring, "URL_UNREADABLE"),
    "a huge file": (huge, "DATABASE_UNAVAILABLE"),
    "a path too long": (lambda _: "x" * 5_000, "DATABASE_UNAVAILABLE"),
    "a name that is no text": (lambda path: f"{path}\udcff", "URL_UNREADABLE"),
    "an empty name": (lambda _: "", "URL_UNREADABLE"),
    "memory": (lambda _: ":memory:", "URL_UNREADABLE"),
    "an address without a path": (lambda _: "sqlite://x", "URL_UNREADABLE"),
    "a broken address": (lambda _: "postgresql://%zz", "URL_UNREADABLE"),
    "another engine": (lambda _: "mysql://anna@server/shop", "ENGINE_UNKNOWN"),
    "a server that is not there": (
        lambda _: "postgresql://anna:hemlig@127.0.0.1:9/shop?connect_timeout=2",
        "DATABASE_UNAVAILABLE",
    ),
}


@pytest.mark.parametrize("kind", NO_FILE)
def test_what_is_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make, code = NO_FILE[kind]
    assert refused(make(tmp_path / "company")) == {code}


def test_a_password_is_not_said_again() -> None:
    done = told("status", "postgresql://anna:hemlig@127.0.0.1:9/shop?connect_timeout=2")
    assert "hemlig" not in done.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_what_may_not_be_read_is_refused(plain: Path, tmp_path: Path) -> None:
    path = tmp_path / "company.db"
    shutil.copy(plain, path)
    path.chmod(0)
    assert refused(path) == {"DATABASE_UNAVAILABLE"}


def test_an_empty_file_is_a_database_without_tables(tmp_path: Path) -> None:
    path = tmp_path / "company.db"
    path.write_bytes(b"")
    assert code_of(told("status", path)) == "NOT_ATTACHED"
    assert json.loads(told("attach", path, "--dry-run").stdout)["types"] == []


def test_it_is_told_in_words_on_standard_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["status", str(tmp_path)], env={"SAMSYN_LANG": "sv"})
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"{tmp_path} är en mapp eller en enhet, inte en databasfil. Skriv sökvägen till själva filen.\n"
    )


# --- no longer whole ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_pages_that_were_written_over_are_told_as_damage(
    attached: Path, tmp_path: Path, seed: int
) -> None:
    """Noise or zeros over some pages: a command does its work where it can, or says why it cannot."""
    rng = random.Random(seed)
    damaged = bytearray(attached.read_bytes())
    for place in rng.sample(range(1, len(damaged) // PAGE), 1 + 2 * seed):
        damaged[place * PAGE : (place + 1) * PAGE] = (
            rng.randbytes(PAGE) if seed % 2 else bytes(PAGE)
        )
    path = tmp_path / "company.db"
    for name, *options in COMMANDS:
        if name == "agent":
            continue  # where it can work it goes on until it is stopped
        path.write_bytes(damaged)
        done = told(name, path, *options)
        if done.exit_code == 1:
            code_of(done)


OURS_DAMAGED = {
    "no JSON": "UPDATE samsyn_meta SET value = 'x'",
    "bytes": "UPDATE samsyn_meta SET value = x'ff00fe'",
    "another kind of JSON": "UPDATE samsyn_meta SET value = '17'",
    "a batch of noise": "INSERT INTO samsyn_outbox VALUES (1, 'x', x'00ff')",
    "a batch of deep brackets": f"INSERT INTO samsyn_outbox VALUES (1, 'x', CAST('{'[' * 20_000}' AS BLOB))",
    "a type of noise": "UPDATE samsyn_type SET spec = 'x'",
    "a type without its description": "UPDATE samsyn_type SET spec = NULL",
    "a quarantine of noise": "INSERT INTO samsyn_quarantine (body) VALUES ('x')",
    "a report of noise": "INSERT INTO samsyn_report (body) VALUES ('x')",
    "no cursor": "DELETE FROM samsyn_cursor",
    "a cursor that is no number": "UPDATE samsyn_cursor SET seen = 'x'",
    "no facts": "DROP TABLE samsyn_meta",
    "no journal": "DROP TABLE samsyn_journal",
    "no quarantine": "DROP TABLE samsyn_quarantine",
    "no identities": "DROP TABLE samsyn_id_1",
}


@pytest.mark.parametrize("kind", OURS_DAMAGED)
def test_damage_to_what_samsyn_keeps_is_told_and_detach_is_the_way_out(
    attached: Path, plain: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "company.db"
    sound = attached.read_bytes()
    for name, *options in COMMANDS:
        path.write_bytes(sound)
        run(path, OURS_DAMAGED[kind])
        if name != "agent":
            done = told(name, path, *options)
            if done.exit_code == 1:
                code_of(done)
    path.write_bytes(sound)
    run(path, OURS_DAMAGED[kind])
    answer = json.loads(told("detach", path, "--force").stdout)
    assert (answer["identical"], answer["left"]) == (True, [])
    assert everything(path) == everything(plain)
    assert told("attach", path).exit_code == 0


def test_a_status_over_damaged_books_names_what_is_damaged(attached: Path, tmp_path: Path) -> None:
    path = tmp_path / "company.db"
    shutil.copy(attached, path)
    run(path, "UPDATE samsyn_meta SET value = 'x'")
    done = told("status", path)
    assert code_of(done) == "BOOKS_DAMAGED"
    assert json.loads(done.stdout)["books"] == "meta"


def run(path: Path, sql: str) -> None:
    """Somebody's program does something that it should not."""
    with closing(apsw.Connection(str(path))) as db:
        db.execute(sql)


def everything(path: Path) -> list[object]:
    """Schema and rows of the company's own."""
    with closing(apsw.Connection(str(path))) as db:
        return [
            list(db.execute(sql))
            for sql in (
                "SELECT type, name, sql FROM sqlite_master ORDER BY name",
                "SELECT * FROM item",
                "SELECT * FROM part",
            )
        ]


# --- what lies beside the file -----------------------------------------------------------


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


@pytest.mark.parametrize("ending", ["-wal", "-journal", "-shm"])
def test_noise_in_the_files_beside_it_does_no_harm(
    attached: Path, tmp_path: Path, ending: str
) -> None:
    """As after a disk was put back file by file: what does not belong to the file is not taken for its own."""
    path = tmp_path / "company.db"
    shutil.copy(attached, path)
    beside(path, ending).write_bytes(noise(9_000))
    assert json.loads(told("status", path).stdout)["company"] == "aaaaaaaaaaaa"


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_folder_in_the_place_of_a_file_beside_it_is_told(
    attached: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / "company.db"
    shutil.copy(attached, path)
    with closing(apsw.Connection(str(path))) as db:
        db.execute("PRAGMA journal_mode = WAL")
    beside(path, ending).mkdir()
    for name, *options in COMMANDS:
        if name != "agent":
            done = told(name, path, *options)
            if done.exit_code == 1:
                code_of(done)
