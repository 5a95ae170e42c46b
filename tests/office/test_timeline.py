"""Who wrote what, at the office and online, told as one and each once."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from samsyn.companydb.urls import parse
from samsyn.core.cells import Cell
from samsyn.demo.sqlite import write_sqlite
from tests.cli.office import Office as Computer
from tests.online.running import Service, running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
django.setup()

from samsyn.office.people.rights import Rights  # noqa: E402  # Django must be set up
from samsyn.office.registers.book import OfficeBook  # noqa: E402  # as above
from samsyn.office.registers.opened import Opened  # noqa: E402  # as above
from samsyn.webkit.registers.book import Event, Fate, May, Whose  # noqa: E402  # as above

CONTACT = "contacts.10001"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service."""
    with running(tmp_path_factory.mktemp("online")) as started:
        yield started


@pytest.fixture
def computer(tmp_path: Path, service: Service) -> Computer:
    """A company's database, in sync."""
    path = tmp_path / "demo.sqlite"
    write_sqlite(path, today=dt.date(2026, 11, 23), contacts=20)
    made = Computer(tmp_path / "home", path, service)
    made.begin()
    return made


@pytest.fixture
def opened(computer: Computer) -> Iterator[Opened]:
    """The database as pages have it open."""
    made = Opened(parse(str(computer.database)))
    yield made
    made.close()


def book(opened: Opened, by: str = "Anna Berg") -> OfficeBook:
    return OfficeBook(opened, Whose("c", "p"), by, Rights(False, {}, May.FULL, {}), "demo")


def write(opened: Opened, by: str = "Anna Berg", **values: object) -> None:
    def always(_field: str, _cell: Cell) -> bool:
        return True

    book(opened, by).edit("contacts", CONTACT, values, always)


def told(events: list[Event]) -> list[tuple[str | None, str, tuple[Cell, Cell] | None]]:
    return [(one.by, one.source, one.fields.get("phone")) for one in events]


def test_each_write_is_told_once_with_its_writer_before_and_after_it_has_gone(
    computer: Computer, opened: Opened
) -> None:
    (first,) = computer.read("SELECT phone FROM contacts WHERE contact_no = 10001")[0]
    write(opened, phone="08-1")
    (event,) = book(opened).events("contacts", CONTACT, None, 10)
    assert event.way is not None
    assert (event.by, event.fields["phone"], event.way.fate) == (
        "Anna Berg", (first, "08-1"), Fate.WAITING
    )  # fmt: skip
    computer.tell("sync")
    (event,) = book(opened).events("contacts", CONTACT, None, 10)
    assert event.way is not None
    assert (event.by, event.source, event.way.fate) == ("Anna Berg", "office", Fate.TAKEN)
    assert event.sync


def test_users_other_programs_and_people_online_are_told_apart(
    computer: Computer, opened: Opened
) -> None:
    (first,) = computer.read("SELECT phone FROM contacts WHERE contact_no = 10001")[0]
    write(opened, "Bo Ek", phone="08-1")
    computer.tell("sync")
    computer.write("UPDATE contacts SET phone = '08-2' WHERE contact_no = 10001")
    computer.tell("sync")
    record = computer.online("contacts", "contact_no", 10001)["id"]
    computer.patch("contacts", record, phone="08-3")
    computer.tell("sync")
    events = book(opened).events("contacts", CONTACT, None, 10)
    assert told(events) == [
        ("anna@prov.example", "rest", ("08-2", "08-3")),
        (None, "program", ("08-1", "08-2")),
        ("Bo Ek", "office", (first, "08-1")),
    ]
    page = book(opened).events("contacts", CONTACT, None, 2)
    assert told(page + book(opened).events("contacts", CONTACT, page[-1].no, 2)) == told(events)


def test_a_conflict_names_the_user_online_and_can_be_written_again(
    computer: Computer, opened: Opened
) -> None:
    record = computer.online("contacts", "contact_no", 10001)["id"]
    computer.patch("contacts", record, phone="08-3")
    write(opened, "Bo Ek", phone="08-4")
    computer.tell("sync")
    (conflict,) = computer.program.get("conflicts")["conflicts"][:1]
    assert (conflict["office_by"], conflict["online_by"]) == ("Bo Ek", "anna@prov.example")
    events = book(opened).events("contacts", CONTACT, None, 10)
    (lost,) = next(one for one in events if one.lost).lost
    assert (lost.field, lost.office, lost.online, lost.kept) == ("phone", "08-4", "08-3", "office")


def test_what_was_written_before_the_connection_is_told_from_the_notes(
    tmp_path: Path, service: Service
) -> None:
    path = tmp_path / "demo.sqlite"
    write_sqlite(path, today=dt.date(2026, 11, 23), contacts=20)
    computer = Computer(tmp_path / "home", path, service)
    computer.tell("attach")
    opened = Opened(parse(str(path)))
    write(opened, phone="08-1")
    computer.connect("--now")
    write(opened, "Bo Ek", phone="08-2")
    computer.tell("sync")
    events = book(opened).events("contacts", CONTACT, None, 10)
    assert [one.by for one in events] == ["Bo Ek", "Anna Berg"]
    opened.close()


def test_the_notes_tell_what_they_know_while_the_service_is_silent(
    computer: Computer, opened: Opened, service: Service
) -> None:
    record = computer.online("contacts", "contact_no", 10001)["id"]
    computer.patch("contacts", record, phone="08-3")
    computer.tell("sync")
    write(opened, phone="08-4")
    service.stop()
    try:
        events = book(opened).events("contacts", CONTACT, None, 10)
    finally:
        service.start(int(service.url.rpartition(":")[2]))
    assert [(one.by, one.source) for one in events] == [
        ("Anna Berg", "office"),
        ("anna@prov.example", "web"),
    ]


def test_a_later_write_of_another_program_is_not_signed_with_an_earlier_users_name(
    computer: Computer, opened: Opened
) -> None:
    write(opened, "Bo Ek", phone="08-5")
    computer.tell("sync")
    computer.write("UPDATE contacts SET phone = '08-6' WHERE contact_no = 10001")
    computer.tell("sync")
    events = book(opened).events("contacts", CONTACT, None, 10)
    assert [(one.by, one.source) for one in events] == [(None, "program"), ("Bo Ek", "office")]


def test_two_users_and_a_program_within_one_sync_are_told_apart(
    computer: Computer, opened: Opened
) -> None:
    write(opened, "Anna Berg", phone="08-7")
    write(opened, "Bo Ek", city="Kiruna")
    computer.write("UPDATE contacts SET street = 'Storgatan 1' WHERE contact_no = 10001")
    computer.tell("sync")
    events = book(opened).events("contacts", CONTACT, None, 10)
    assert [(one.by, set(one.fields)) for one in events] == [
        ("Bo Ek", {"city"}),
        ("Anna Berg", {"phone"}),
        (None, {"street"}),
    ]
    first = book(opened).events("contacts", CONTACT, None, 1)
    second = book(opened).events("contacts", CONTACT, first[0].no, 1)
    assert [one.by for one in first + second] == ["Bo Ek", "Anna Berg"]
