"""What a member may do in each register."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from samsyn.online.companies.models import Member, OwnRole, Role
from samsyn.webkit.registers.book import May


class Rights(msgspec.Struct, frozen=True):
    """A member's rights: by record type, and for all that are not named."""

    superuser: bool
    otherwise: May
    levels: Mapping[str, May]
    name: str
    """The role as people read it."""

    def level(self, record_type: str) -> May:
        """What may be done in a register."""
        return self.levels.get(record_type, self.otherwise)


FIXED = {Role.SUPERUSER: May.FULL, Role.STANDARD: May.FULL, Role.READ_ONLY: May.READ}


def rights_of(member: Member) -> Rights:
    """The member's rights; none at all where his own role is gone."""
    own = None
    if member.role == Role.OWN:
        own = OwnRole.objects.filter(company_id=member.company_id, id=member.own_role).first()
    return rights(Role(member.role), own)


def rights(role: Role, own: OwnRole | None) -> Rights:
    """What a role gives; `own` is the company's, where it is one of those and still there."""
    if role is not Role.OWN:
        return Rights(role is Role.SUPERUSER, FIXED[role], {}, str(role.label))
    if own is None:
        return Rights(False, May.NONE, {}, str(role.label))
    levels = {name: level_named(level) for name, level in own.levels.items()}
    return Rights(False, level_named(own.otherwise), levels, own.name)


def level_named(name: str) -> May:
    """The level of that name; none for a name that is not known."""
    return May.__members__.get(name.upper(), May.NONE)
