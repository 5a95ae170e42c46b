"""What a user may do: a level for each register and for each part of the settings."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.webkit.registers.book import May


class Access(models.TextChoices):
    """Where a user's rights come from."""

    SUPERUSER = "superuser", _("Superuser")
    ADMINISTRATOR = "administrator", _("System administrator")
    STANDARD = "standard", _("Standard")
    READER = "reader", _("Read only")
    TEMPLATE = "template", _("Access template")
    """One that the company has made: `template` names it."""
    OWN = "own", _("User-defined")
    """The user's own profile: `profile` holds it."""


class Area(enum.Enum):
    """A part of the settings that has rights of its own."""

    COMPANY = "company"
    """A company's name, address and number."""
    ONLINE = "online"
    """Samsyn Online: the connection and the synchronisation."""
    BACKUP = "backup"
    """Backup and restore."""
    DATABASES = "databases"
    """The installation's company databases, and its registration."""
    PEOPLE = "people"
    """Users, access templates, who is signed in."""


AREA_WORDS = {
    Area.COMPANY: _("Company details"),
    Area.ONLINE: _("Samsyn Online"),
    Area.BACKUP: _("Backup and restore"),
    Area.DATABASES: _("Company databases and registration"),
    Area.PEOPLE: _("Users and access"),
}


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A set of rights, as it is kept: levels by name, and for what is not named."""

    registers: dict[str, str] = {}
    registers_otherwise: str = "none"
    areas: dict[str, str] = {}


class Rights(msgspec.Struct, frozen=True):
    """A user's rights."""

    superuser: bool
    registers: Mapping[str, May]
    otherwise: May
    areas: Mapping[Area, May]

    def register(self, record_type: str) -> May:
        """What may be done in a register."""
        return self.registers.get(record_type, self.otherwise)

    def area(self, area: Area) -> May:
        """What may be done in a part of the settings."""
        return May.FULL if self.superuser else self.areas.get(area, May.NONE)


EVERYWHERE = dict.fromkeys(Area, May.FULL)
FIXED = {
    Access.SUPERUSER: Rights(True, {}, May.FULL, EVERYWHERE),
    Access.ADMINISTRATOR: Rights(False, {}, May.NONE, EVERYWHERE),
    Access.STANDARD: Rights(False, {}, May.FULL, {Area.ONLINE: May.READ, Area.COMPANY: May.READ}),
    Access.READER: Rights(False, {}, May.READ, {Area.ONLINE: May.READ, Area.COMPANY: May.READ}),
}
NOTHING = Rights(False, {}, May.NONE, {})


def rights_in(kept: object) -> Rights:
    """The rights of a profile as it is kept; none where it cannot be read."""
    try:
        profile = msgspec.convert(kept, Profile)
    except msgspec.ValidationError:
        return NOTHING
    registers = {name: level_named(level) for name, level in profile.registers.items()}
    areas = {area: level_named(profile.areas.get(area.value, "none")) for area in Area}
    return Rights(False, registers, level_named(profile.registers_otherwise), areas)


def level_named(name: str) -> May:
    """The level of that name; none for a name that is not known."""
    return May.__members__.get(name.upper(), May.NONE)
