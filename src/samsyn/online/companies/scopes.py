"""The scopes of a token: what a program may do, never more than the member it acts for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from samsyn.online.errors import UnknownScope
from samsyn.webkit.registers.book import May

RECORDS = {"read": May.READ, "write": May.WRITE, "delete": May.FULL}
"""In all registers, or in one: `write:contacts`. Each includes the one before."""
TROUBLE = ("conflicts", "quarantine")
OTHERS = (
    *(f"{name}:{deed}" for name in TROUBLE for deed in ("read", "mend")),
    "undo",
    "webhooks",
)
EVERYTHING = ("delete", "conflicts:mend", "quarantine:mend", "undo", "webhooks")
READING = ("read", "conflicts:read", "quarantine:read")
MOST = 100
LONGEST = 200


class Scopes(msgspec.Struct, frozen=True):
    """What a token was given."""

    names: frozenset[str]

    def level(self, record_type: str) -> May:
        """What may be done in a register."""
        given = (
            level
            for word, level in RECORDS.items()
            if word in self.names or f"{word}:{record_type}" in self.names
        )
        return max(given, default=May.NONE)

    def allows(self, scope: str) -> bool:
        """Whether a scope that is about no register is there; mend includes read."""
        area, _, deed = scope.partition(":")
        return scope in self.names or (deed == "read" and f"{area}:mend" in self.names)

    @property
    def writes(self) -> bool:
        """Whether anything can be changed."""
        changing = {"write", "delete", "undo", "webhooks", *(f"{area}:mend" for area in TROUBLE)}
        return any(n in changing or n.startswith(("write:", "delete:")) for n in self.names)


def checked(names: Iterable[str]) -> tuple[str, ...]:
    """The scopes as they are kept, in order and once each; UnknownScope."""
    told = sorted(set(names))
    for name in told:
        if not _is_known(name):
            raise UnknownScope(scope=name[:LONGEST], known=", ".join((*RECORDS, *OTHERS)))
    if not told or len(told) > MOST:
        raise UnknownScope(scope="", known=", ".join((*RECORDS, *OTHERS)))
    return tuple(told)


def of_registers(names: Iterable[str], registers: Collection[str]) -> None:
    """UnknownScope for one register that the company does not have; before its first load any is taken."""
    for name in names:
        word, _, register = name.partition(":")
        if registers and word in RECORDS and register and register not in registers:
            raise UnknownScope(scope=name[:LONGEST], known=", ".join((*RECORDS, *OTHERS)))


def word_of(level: May) -> str:
    """The scope that gives a level."""
    return next(word for word, known in RECORDS.items() if known is level)


def _is_known(name: str) -> bool:
    word, _, register = name.partition(":")
    of_register = word in RECORDS and 0 < len(register) <= LONGEST and "\0" not in register
    return name in RECORDS or name in OTHERS or of_register
