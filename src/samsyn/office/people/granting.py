"""The rights of a user, from his access."""

from __future__ import annotations

from samsyn.office.people.models import User
from samsyn.office.people.rights import FIXED, NOTHING, Access, Rights, rights_in


def rights_of(user: User) -> Rights:
    """The user's rights; none for one who may not sign in."""
    access = Access(user.access)
    if not user.is_active:
        return NOTHING
    if access in FIXED:
        return FIXED[access]
    kept = user.template.profile if access is Access.TEMPLATE and user.template else user.profile
    return rights_in(kept)
