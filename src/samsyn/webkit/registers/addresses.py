"""Where the register pages lie. Names of tables hold anything: `/` and `~` are written `~1` and `~0`."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import msgspec

from samsyn.core.listing import Condition

COMMANDS = frozenset({"search", "drafts"})
"""First parts of an address that are no register."""


def segment(name: str) -> str:
    """A register's name as a part of an address."""
    marked = name.replace("~", "~0").replace("/", "~1")
    return quote(f"~2{marked}" if marked in COMMANDS else marked, safe="")


def name_in(part: str) -> str:
    """The register's name in a part of an address."""
    return part.removeprefix("~2").replace("~1", "/").replace("~0", "~")


class Addresses:
    """The addresses below a root that ends with a slash."""

    def __init__(self, root: str) -> None:
        self.root = root

    @property
    def search(self) -> str:
        """The search in all registers."""
        return f"{self.root}search"

    @property
    def drafts(self) -> str:
        """The person's forms that are not saved yet."""
        return f"{self.root}drafts"

    def list(self, name: str, *conditions: Condition) -> str:
        """A register's list, perhaps filtered."""
        told = urlencode([("where", f"{c.field}:{c.op.value}:{c.value}") for c in conditions])
        return f"{self.root}{segment(name)}{'?' + told if told else ''}"

    def new(self, name: str, **given: str) -> str:
        """The form of a new record, with some values given."""
        told = urlencode(given)
        return f"{self.root}{segment(name)}/new{'?' + told if told else ''}"

    def new_as(self, name: str, given: str) -> str:
        """The form of a new record, with what was given it as a draft's id tells."""
        told = msgspec.json.decode(given, type=list[tuple[str, str]]) if given else []
        return self.new(name, **dict(told))

    def pick(self, name: str) -> str:
        """The suggestions for a reference to the register."""
        return f"{self.root}{segment(name)}/pick"

    def calendar(self, name: str) -> str:
        """The register by when its records are."""
        return f"{self.root}{segment(name)}/calendar"

    def columns(self, name: str) -> str:
        """Where the columns of the list are chosen."""
        return f"{self.root}{segment(name)}/columns"

    def import_(self, name: str) -> str:
        """Where a table is sent to be taken into the register."""
        return f"{self.root}{segment(name)}/import"

    def preview(self, name: str) -> str:
        """What a sent table would do."""
        return f"{self.import_(name)}/preview"

    def export(self, name: str) -> str:
        """The list as a file."""
        return f"{self.root}{segment(name)}/export"

    def card(self, name: str, record: str) -> str:
        """A record's card."""
        return f"{self.root}{segment(name)}/{record}"

    def edit(self, name: str, record: str) -> str:
        """The form of a record."""
        return f"{self.card(name, record)}/edit"

    def delete(self, name: str, record: str) -> str:
        """The question before a record is deleted."""
        return f"{self.card(name, record)}/delete"

    def lines(self, name: str, record: str) -> str:
        """The lines of a record."""
        return f"{self.card(name, record)}/lines"

    def switch(self, name: str, record: str) -> str:
        """Where a record is taken out of use, or into it."""
        return f"{self.card(name, record)}/switch"

    def related(self, name: str, record: str) -> str:
        """What refers to a record, register by register."""
        return f"{self.card(name, record)}/related"

    def history(self, name: str, record: str) -> str:
        """What happened to a record."""
        return f"{self.card(name, record)}/history"

    def file(self, name: str, record: str, field: str) -> str:
        """The bytes of a field."""
        return f"{self.card(name, record)}/file/{segment(field)}"
