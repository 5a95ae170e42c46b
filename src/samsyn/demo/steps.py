"""The office at work: an endless sequence of small edits, each told in a sentence."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from random import Random

import msgspec

from samsyn.demo import edits_of_registers, edits_of_trade, edits_of_work
from samsyn.demo.company import DEFAULT_SEED, Subject
from samsyn.demo.desk import Desk
from samsyn.demo.telling import Happening

Edit = Callable[[Desk, Random, dt.datetime], Happening | None]
"""Makes one edit and tells of it; None when the database holds nothing of the kind."""

# How often of a hundred
_EDITS: tuple[tuple[Edit, int], ...] = (
    (edits_of_trade.order_entered, 18),
    (edits_of_trade.order_advanced, 12),
    (edits_of_trade.line_changed, 6),
    (edits_of_trade.price_changed, 5),
    (edits_of_trade.stock_counted, 6),
    (edits_of_registers.phone_changed, 9),
    (edits_of_registers.contact_moved, 4),
    (edits_of_registers.terms_changed, 4),
    (edits_of_registers.contact_entered, 5),
    (edits_of_registers.person_entered, 5),
    (edits_of_work.activity_done, 9),
    (edits_of_work.activity_planned, 7),
    (edits_of_work.hours_entered, 6),
    (edits_of_work.hours_approved, 2),
    (edits_of_work.project_advanced, 2),
)


class Step(msgspec.Struct, frozen=True):
    """The nth thing to happen in an office; what it touches depends on what is there."""

    seed: int
    n: int

    def take(self, desk: Desk, now: dt.datetime) -> Happening:
        """Make the edit in one transaction, as of the aware time `now`, and tell of it.

        Where there is nothing of the kind to edit, a new contact is entered.
        """
        dice = Random((abs(self.seed) << 48) | (Subject.STEP << 40) | self.n)
        edits, weights = zip(*_EDITS, strict=True)
        (edit,) = dice.choices(edits, weights)
        with desk.transaction():
            told: Happening | None = edit(desk, dice, now)
            return told or edits_of_registers.contact_entered(desk, dice, now)


def steps(seed: int = DEFAULT_SEED, first: int = 0) -> Iterator[Step]:
    """What happens in the office, from the step numbered `first` on, without end."""
    for n in itertools.count(first):
        yield Step(seed, n)
