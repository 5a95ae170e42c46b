"""The oracle's notes: for each field of each record, who wrote what and what each had seen.

No numbers of the change log, masks or cursors decide anything here: writes of
a field are counted, and for each it is noted how many of the other side's
had been taken in by whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulation.sight import Key

Value = Any  # what the program has stored


@dataclass
class OnlineWrite:
    """An online write of a field: its place in the change log, and the office writes it knew."""

    seq: int
    value: Value
    knew: int


@dataclass
class OnItsWay:
    """What a claimed batch tells of a field."""

    count: int
    """How many office writes of the field are in it or were before it."""
    value: Value
    saw: int
    """How many online writes the office had taken when it wrote the first of them."""


@dataclass
class Field:
    """The page of one field. Writes are counted from 1; 0 is how it began."""

    office_value: Value = None
    online_value: Value = None
    office_writes: int = 0
    arrived: int = 0
    """How many office writes the service has."""
    online: list[OnlineWrite] = field(default_factory=list)
    standing: bool = False
    """The last online write is what the service shows."""
    put_back: list[Value] = field(default_factory=list)
    """What stood on the side whose value was to stand, when a person had something undone."""
    known: int = 0
    """How many online writes the office has taken."""
    unsent: int | None = None
    """Where something is unclaimed: how many online writes the first of it had seen."""

    def office_wrote(self, value: Value) -> None:
        self.office_value = value
        self.office_writes += 1
        if self.unsent is None:
            self.unsent = self.known

    def claimed(self) -> OnItsWay:
        """A batch tells the value as it is."""
        saw = self.known if self.unsent is None else self.unsent
        self.unsent = None
        return OnItsWay(self.office_writes, self.office_value, saw)

    def arrives(self, batch: OnItsWay) -> OnlineWrite | None:
        """The office's value reaches the service; the online write that it overrides unseen."""
        last = self.online[-1] if self.standing else None
        unseen = last is not None and len(self.online) > batch.saw
        lost = last if unseen and self.online_value != batch.value else None
        self.arrived, self.online_value, self.standing = batch.count, batch.value, False
        return lost

    def online_wrote(self, seq: int, value: Value) -> None:
        self.online.append(OnlineWrite(seq, value, self.arrived))
        self.online_value, self.standing = value, True

    def told(self, upto: int) -> int:
        """How many online writes a page up to there tells of."""
        return sum(write.seq <= upto for write in self.online)

    @property
    def expected(self) -> Value:
        """What must stand on both sides in the end: the office's, unless online knew it."""
        if self.online and self.online[-1].knew == self.office_writes:
            return self.online[-1].value
        return self.office_value

    @property
    def last_written(self) -> tuple[Value, ...]:
        """What anybody wrote last, on either side, or had put back."""
        return (self.office_value, *(write.value for write in self.online[-1:]), *self.put_back)


@dataclass
class Page:
    """The page of one record.

    `loose` tells why its fields are no longer followed exactly: what happened
    to it goes beyond two writers of a field. It must be equal at rest all the same.
    """

    type: str
    key: Key | None
    id: str | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    loose: str | None = None
    first_key: Key | None = None
    """The key that it had when it was first followed."""
    gone_at_office: bool = False
    pushed_out: bool = False
    made_anew: bool = False
    """Its key has changed, or a REPLACE has put it where it was."""
    unseen: bool = False
    """The program has written to it without anybody hearing of it."""
    touched: bool = False
    """Somebody has written to it, be it a field that is not followed."""
    deleted_online: bool = False
    moved_online: bool = False
    """A restore ended with another key online, which the office had refused and may take yet."""
    born_online: bool = False

    @classmethod
    def of(
        cls, type_: str, key: Key | None, texts: Iterable[str], values: Mapping[str, Value]
    ) -> Page:
        """A new record of whose fields these are followed, as one side has made it."""
        fields = {name: Field(values.get(name), values.get(name)) for name in texts}
        return cls(type_, key, fields=fields, first_key=key)

    @property
    def name(self) -> str:
        """What the history calls it."""
        return f"{self.type} {'' if self.key is None else '/'.join(map(str, self.key))}".strip()
