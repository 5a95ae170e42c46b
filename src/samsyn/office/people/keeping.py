"""Keeps users: who may give which access, and that there is always a superuser."""

from __future__ import annotations

from typing import ClassVar

from django.db import transaction

from samsyn.core.errors import SamsynError
from samsyn.office.people.admitting import KeptOutOf, kept_out, may_let_in
from samsyn.office.people.models import EmployeeLink, Template, User
from samsyn.office.people.presence import end_sessions
from samsyn.office.people.rights import FIXED, Access
from samsyn.webkit import security_log
from samsyn.webkit.drafts import forget_person
from samsyn.webkit.security_log import Event

OF_TEMPLATE = "template:"


class NoSuperuserLeft(SamsynError):
    """The installation would be left without a superuser who can sign in."""

    code: ClassVar[str] = "NO_SUPERUSER_LEFT"


class TemplateInUse(SamsynError):
    """Users have the template: `users`."""

    code: ClassVar[str] = "TEMPLATE_IN_USE"


def may_touch(by: User, other: User, out: KeptOutOf | None = None) -> bool:
    """Whether somebody may change a user: superusers are changed by superusers alone.

    And nobody changes one who may open a company that he himself is kept out of.
    """
    if by.access == Access.SUPERUSER:
        return True
    known = kept_out() if out is None else out
    return other.access != Access.SUPERUSER and may_let_in(by, other, known)


def access_choices(by: User) -> list[tuple[str, str]]:
    """The access that somebody may give."""
    fixed = [a for a in FIXED if a is not Access.SUPERUSER or by.access == Access.SUPERUSER]
    own = Template.objects.order_by("name").values_list("id", "name")
    return [
        *((a.value, str(a.label)) for a in fixed),
        *((OF_TEMPLATE + key, name) for key, name in own),
        (Access.OWN.value, str(Access.OWN.label)),
    ]


def access_of(user: User) -> str:
    """The user's access as `access_choices` names it."""
    return f"{OF_TEMPLATE}{user.template_id}" if user.access == Access.TEMPLATE else user.access


def access_words(user: User) -> str:
    """The user's access as people read it."""
    if user.access == Access.TEMPLATE and user.template is not None:
        return user.template.name
    return str(Access(user.access).label)


def give_access(user: User, told: str) -> None:
    """Put an access of `access_choices` on a user, who is not saved here.

    A user-defined profile begins as what the user had before.
    """
    if told.startswith(OF_TEMPLATE):
        user.access, user.template_id = Access.TEMPLATE, told.removeprefix(OF_TEMPLATE)
        return
    if told == Access.OWN and user.access == Access.TEMPLATE and user.template is not None:
        user.profile = user.template.profile
    user.access, user.template = told, None


def keep(user: User) -> None:
    """Save a user; one who may no longer sign in is out at once. Raises NoSuperuserLeft."""
    with transaction.atomic():
        if user.access != Access.SUPERUSER or not user.is_active:
            _check_others(user)
        user.save()
        if not user.is_active:
            end_sessions(user)
    facts = {"person": user.pk, "access": access_of(user), "active": str(user.is_active).lower()}
    security_log.told(Event.ACCESS_CHANGED, **facts)


def remove(user: User) -> None:
    """A user and all that he keeps away. What he has written stays. Raises NoSuperuserLeft."""
    with transaction.atomic():
        _check_others(user)
        end_sessions(user)
        EmployeeLink.objects.filter(user=user).delete()
        forget_person(user.pk)
        ended = user.pk
        user.delete()
    security_log.told(Event.ID_ENDED, person=ended)


def remove_template(template: Template) -> None:
    """A template that nobody has. Raises TemplateInUse."""
    with transaction.atomic():
        users = User.objects.filter(template=template).count()
        if users:
            raise TemplateInUse(users=users)
        template.delete()


def _check_others(user: User) -> None:
    others = User.objects.filter(access=Access.SUPERUSER, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise NoSuperuserLeft()
