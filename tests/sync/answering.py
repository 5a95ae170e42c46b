"""A service that answers a restore as a test says."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from samsyn.agent.restoring import carry_out
from samsyn.agent.service import ServiceRefused
from samsyn.agent.underway import Choice
from samsyn.companydb import books
from samsyn.companydb.books import Quarantined
from samsyn.core.changes import OnlineChange, Operation
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Cut,
    Look,
    Rejoin,
    Rejoined,
    Reopen,
    ReopenedRecord,
    Reopening,
    Seen,
    Standing,
)
from tests.sync.conftest import MakeWorld
from tests.sync.world import World

SCHEMA = (
    "CREATE TABLE item (id serial, name text, note text);"
    "CREATE TABLE code (code text PRIMARY KEY, name text)"
)
BACK, TRUTH = Choice.BRING_BACK, Choice.BACKUP_IS_TRUTH
LOST = "f" * 32
"""A record that the backup does not have."""


def at_rest(make_world: MakeWorld) -> World:
    """Two items and a code, told and at rest: batch 1 is taken, and the cursor stands at 5 of 5."""
    made = make_world(SCHEMA)
    made.office("INSERT INTO item (name, note) VALUES ('one', 'a'), ('two', 'b')")
    made.office("INSERT INTO code VALUES ('A', 'first')")
    made.settle()
    for name in ("online", "one"):
        made.edit(made.id_of("item", 1), name=name)
    made.settle()
    return made


class Answers:
    """A service that answers as it is told to, and keeps what it was asked."""

    def __init__(self, world: World) -> None:
        cut = Cut(
            books.cursor(world.db),
            books.taken(world.db).number,
            None,
            9,
            books.chunks(world.db).read,
        )
        self.seen = Seen(Standing.OFFICE_BACK, None, 4, "h", 0, 9, 0, cut=cut)
        self.begun = Begun(cut)
        self.pages = iter([Reopening((), 9, False, 4, "h", 0)])
        self.rejoined = Rejoined(4, "h", 2, "mark", 0)
        self.asked: list[Look | Begin | Reopen | Rejoin] = []
        self.refuses: Iterator[str] = iter(())
        """With which problem each next step is refused; with none where it is empty."""

    def look(self, message: Look) -> Seen:
        self.asked.append(message)
        return self.seen

    def begin(self, message: Begin) -> Begun:
        self._refuse()
        self.asked.append(message)
        return self.begun

    def reopen(self, message: Reopen) -> Reopening:
        self._refuse()
        self.asked.append(message)
        return next(self.pages)

    def rejoin(self, message: Rejoin) -> Rejoined:
        self._refuse()
        self.asked.append(message)
        return self.rejoined

    def _refuse(self) -> None:
        if problem := next(self.refuses, ""):
            raise ServiceRefused(problem=problem)

    def answer(self, *records: ReopenedRecord, **other: object) -> None:
        """The one page that follows."""
        page = Reopening(tuple(records), 9, False, 4, "h", 0)
        self.pages = iter([structs.replace(page, **other)])


def done(world: World, service: Answers, choice: Choice = BACK) -> Standing:
    """The update is carried out."""
    return carry_out(world.db, service, world.fence, choice)


def entry(record: str, operation: Operation, side: str = "office") -> Quarantined:
    """What the office could not take."""
    change = OnlineChange(
        operation, "item", record, {"name": "online"}, {"name": "office", "note": "other"}
    )
    return Quarantined(side, "item", record, "2026", "NO", "no", change=change)
