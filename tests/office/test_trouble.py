"""A company database that cannot be used is told on a page, in words that say what to do; a lost one is put back from there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.office.connecting import BERG, file_of
from tests.office.running import Office, Person

WAIT_S = 10.0
"""How long a page waits for another program."""
Lose = Callable[[Path], object]


def zeros(file: Path) -> None:
    """What a failing disk leaves: the head, and nothing behind it."""
    file.write_bytes(file.read_bytes()[:8192] + bytes(file.stat().st_size - 8192))


LOST: dict[str, Lose] = {
    "another file": lambda file: file.write_bytes(b"not a database" * 1000),
    "zeros": zeros,
    "gone": Path.unlink,
}


def made(anna: Person, name: str) -> str:
    """A company of its own; its short name."""
    return anna.post("/companies/new", **BERG | {"name": name}).to.rpartition("/")[2]


def test_a_database_that_another_program_holds_is_told_after_one_wait_and_free_again_as_soon_as_it_is(
    office: Office, anna: Person
) -> None:
    alias = made(anna, "Upptagen AB")
    card = f"/c/{alias}/r/contacts/new"
    form = anna.form(card) | {"v:name": "Ek"}
    with closing(apsw.Connection(str(file_of(office.home, alias)))) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        refused = anna.post(card, **form)
        assert time.monotonic() - began < 2 * WAIT_S, "the frame does not wait once more"
        assert refused.status == 503
        assert refused.shows("Another program is writing to it")
        assert refused.shows("Nothing has been saved")
        assert refused.shows("Another program holds the database"), "in the header"
        other.execute("ROLLBACK")
    assert anna.post(card, **form).status == 302


@pytest.mark.parametrize("how", LOST)
def test_a_database_that_is_lost_leads_to_its_backups_and_is_put_back(
    office: Office, anna: Person, how: str
) -> None:
    alias = made(anna, f"Tappat {how} AB")
    at, file = f"/c/{alias}/settings/backup", file_of(office.home, alias)
    anna.post(at)
    [backup] = re.findall(rf'href="{at}/([^/"]+)/restore"', anna.open(at).text)
    LOST[how](file)
    left = file.read_bytes() if file.exists() else None
    told = anna.get(f"/c/{alias}/r/contacts")
    assert told.status == 503
    assert f'href="{at}"' in told.text
    asked = anna.get(f"{at}/{backup}/restore")
    assert asked.shows("nothing of it can be backed up first")
    done = anna.post(f"{at}/{backup}/restore")
    assert done.shows("Restored"), done.text
    kept = list(file.parent.glob(f"{file.name}.damaged-*"))
    assert [path.read_bytes() for path in kept] == ([] if left is None else [left])
    assert all(done.shows(path.name) for path in kept)
    assert anna.get(f"/c/{alias}/r/contacts").status == 200
