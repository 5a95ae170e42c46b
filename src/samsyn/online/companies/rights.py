"""What a member may do in each register."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec

from samsyn.online.companies.models import Member, OwnRole, Role


class Level(enum.IntEnum):
    """Each includes the ones before it."""

    NONE = 0
    READ = 1
    WRITE = 2
    """Make and change."""
    FULL = 3
    """Delete, too."""


class Rights(msgspec.Struct, frozen=True):
    """A member's rights: by record type, and for all that are not named."""

    superuser: bool
    otherwise: Level
    levels: Mapping[str, Level]
    name: str
    """The role as people read it."""

    def level(self, record_type: str) -> Level:
        """What may be done in a register."""
        return self.levels.get(record_type, self.otherwise)


FIXED = {Role.SUPERUSER: Level.FULL, Role.STANDARD: Level.FULL, Role.READ_ONLY: Level.READ}


def rights_of(member: Member) -> Rights:
    """The member's rights; none at all where his own role is gone."""
    role = Role(member.role)
    if role is not Role.OWN:
        return Rights(role is Role.SUPERUSER, FIXED[role], {}, str(role.label))
    own = OwnRole.objects.filter(company_id=member.company_id, id=member.own_role).first()
    if own is None:
        return Rights(False, Level.NONE, {}, str(role.label))
    levels = {name: level_named(level) for name, level in own.levels.items()}
    return Rights(False, level_named(own.otherwise), levels, own.name)


def level_named(name: str) -> Level:
    """The level of that name; none for a name that is not known."""
    return Level.__members__.get(name.upper(), Level.NONE)
