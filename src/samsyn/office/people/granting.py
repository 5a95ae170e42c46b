"""The rights of users, from their access; also as the service is told of them."""

from __future__ import annotations

from django.db import connections

from samsyn.office.people.admitting import kept_out
from samsyn.office.people.models import User
from samsyn.office.people.rights import FIXED, NOTHING, Access, Rights, rights_in
from samsyn.protocol.people import MAX_USERS, Level, OfficeUser
from samsyn.webkit.registers.book import May

LEVELS: dict[May, Level] = {
    May.NONE: "none",
    May.READ: "read",
    May.WRITE: "write",
    May.FULL: "full",
}


def rights_of(user: User) -> Rights:
    """The user's rights; none for one who may not sign in."""
    access = Access(user.access)
    if not user.is_active:
        return NOTHING
    if access in FIXED:
        return FIXED[access]
    kept = user.template.profile if access is Access.TEMPLATE and user.template else user.profile
    return rights_in(kept)


def users_told(company: str) -> tuple[OfficeUser, ...]:
    """Everybody who may open the company, with a level for each register; no passwords, and no more than the service takes."""
    out = [user for user, companies in kept_out().items() if company in companies]
    active = User.objects.filter(is_active=True).exclude(pk__in=out)
    active = active.select_related("template").order_by("key")
    try:
        return tuple(_told(user) for user in active[:MAX_USERS])
    finally:
        connections.close_all()  # an agent's thread asks, and seldom


def _told(user: User) -> OfficeUser:
    rights = rights_of(user)
    levels = {name: LEVELS[may] for name, may in rights.registers.items()}
    return OfficeUser(str(user), user.email, rights.superuser, levels, LEVELS[rights.otherwise])
