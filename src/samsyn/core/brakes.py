"""Brakes: when a change of many records is held until a person has looked. Pure; the caller counts.

A brake never decides what is right. It holds one record type on the side that
has not changed yet, so that whatever happened on the other can be undone
(failure mode 25).
"""

from __future__ import annotations

import msgspec


class BrakeLimits(msgspec.Struct, frozen=True):
    """How much may change at once: more than `few` *and* more than the share is held.

    `off` is what a person has said of a type that is emptied and filled all day.
    """

    few: int = 20
    share: float = 0.2
    same_few: int = 50
    same_share: float = 0.5
    off: bool = False

    def is_much(self, count: int, records: int) -> bool:
        """So many of so many records are too much to let go by themselves."""
        return count > max(self.few, records * self.share)

    def is_same_everywhere(self, count: int, records: int) -> bool:
        """So many of so many records got one and the same value."""
        return count > max(self.same_few, records * self.same_share)


ORDINARY = BrakeLimits()


class Deletions(msgspec.Struct, frozen=True):
    """What is about to leave the other side.

    `records` are those that both sides had when the counting began, `gone`
    those that are to be deleted now, `gone_before` those deleted since the
    count last stood at nothing, `come` the new ones beside them.
    """

    records: int
    gone: int
    gone_before: int = 0
    come: int = 0


class OneValue(msgspec.Struct, frozen=True):
    """One field that is about to hold one and the same value in `count` of `records`."""

    field: str
    count: int
    records: int


class Brake(msgspec.Struct, frozen=True):
    """Why a type is held: `TABLE_EMPTIED`, `MANY_DELETED` or `ONE_VALUE`, with its numbers."""

    code: str
    count: int
    records: int
    field: str | None = None


def on_deletions(told: Deletions, limits: BrakeLimits = ORDINARY) -> Brake | None:
    """The brake for deletions, if they are too many.

    New records make up for deleted ones, except where not one of the old ones
    is left: then the table was emptied, whatever was put in afterwards.
    """
    if limits.off:
        return None
    gone = told.gone_before + told.gone
    if gone >= told.records and told.gone > limits.few:
        return Brake("TABLE_EMPTIED", told.gone, told.records)
    net = gone - told.come
    return Brake("MANY_DELETED", gone, told.records) if limits.is_much(net, told.records) else None


def on_one_value(told: OneValue, limits: BrakeLimits = ORDINARY) -> Brake | None:
    """The brake for one value everywhere."""
    if limits.off or not limits.is_same_everywhere(told.count, told.records):
        return None
    return Brake("ONE_VALUE", told.count, told.records, told.field)


def tally(before: int, deleted: int, created: int) -> int:
    """How many deletions count against the next: new records take them back, time does not."""
    return max(0, before + deleted - created)
