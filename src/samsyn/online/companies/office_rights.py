"""The rights that the office set, beside those of the members here: the same, or what differs."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.online.companies.forms import LEVELS
from samsyn.online.companies.rights import Rights, level_named
from samsyn.protocol.people import OfficeUser
from samsyn.records.office_people import Told
from samsyn.webkit.registers.book import May

SHOWN = 30
"""Registers that differ are named up to here."""


class Differs(msgspec.Struct, frozen=True):
    """A register in which a person may do other things at the office than here."""

    register: str
    office: str
    here: str
    more_here: bool
    """Whether it is more here than at the office."""


class Beside(msgspec.Struct, frozen=True):
    """A person's rights at the office; without `rights` here to compare with, only those."""

    superuser: bool
    compared: bool
    superuser_differs: bool = False
    differs: tuple[Differs, ...] = ()
    beyond: int = 0

    @property
    def same(self) -> bool:
        """Whether both sides let the person do the same."""
        return self.compared and not self.superuser_differs and not self.differs


class Office:
    """The office's users by their e-mail addresses."""

    def __init__(self, told: Told | None, registers: Mapping[str, str]) -> None:
        self.told, self._registers = told, registers
        self.users: dict[str, OfficeUser] = {}
        for user in told.users if told is not None else ():
            if address := shown(user.email).strip().lower():
                self.users.setdefault(address, user)

    def beside(self, email: str, rights: Rights | None) -> Beside | None:
        """What the office lets the person do, compared with the rights here; None for no user of it."""
        user = self.users.get(email)
        if user is None:
            return None
        if rights is None:
            return Beside(user.superuser, False)
        differs = [
            self._differs(name, at_office, rights.level(name))
            for name in self._registers
            if (at_office := level_of(user, name)) is not rights.level(name)
        ]
        return Beside(
            user.superuser,
            True,
            user.superuser is not rights.superuser,
            tuple(differs[:SHOWN]),
            max(0, len(differs) - SHOWN),
        )

    def _differs(self, name: str, office: May, here: May) -> Differs:
        words = {level: str(told) for level, told in LEVELS}
        return Differs(
            self._registers[name],
            words[office.name.lower()],
            words[here.name.lower()],
            here > office,
        )


def level_of(user: OfficeUser, record_type: str) -> May:
    """What the office lets the user do in a register."""
    return May.FULL if user.superuser else level_named(user.levels.get(record_type, user.otherwise))


def shown(text: str) -> str:
    """A text from outside without characters that are no text."""
    return "".join(c for c in text if c.isprintable())
