"""Changes who is in a company and with which role: never without a superuser."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from samsyn.online.companies.models import ApiToken, Company, Member, OwnRole, Role
from samsyn.online.errors import LastSuperuser, UnknownMember, UnknownRole
from samsyn.online.notices import inbox
from samsyn.records.tenant import Tenant
from samsyn.webkit import drafts, security_log
from samsyn.webkit.security_log import Event


class Given(msgspec.Struct, frozen=True):
    """A role as it is given: a fixed one, or the company's own by its id."""

    role: Role
    own_role: str = ""

    @property
    def key(self) -> str:
        """One word for both, as forms carry it."""
        return self.own_role or self.role.value


def given(company: Company, key: str) -> Given:
    """The role of that key; UnknownRole for one that the company does not have."""
    if key in (Role.SUPERUSER, Role.STANDARD, Role.READ_ONLY):
        return Given(Role(key))
    if OwnRole.objects.filter(company=company, id=key).exists():
        return Given(Role.OWN, key)
    raise UnknownRole(role=key[:50])


def change_role(company: Company, person_id: str, role: Given) -> None:
    """Give a member another role; LastSuperuser, UnknownMember."""
    with transaction.atomic():
        member = _locked(company, person_id)
        if member.role == Role.SUPERUSER and role.role is not Role.SUPERUSER:
            _check_others(member)
        _rows(member).update(role=role.role, own_role=role.own_role)
    facts = {"company": company.pk, "person": person_id, "role": role.key}
    security_log.told(Event.ACCESS_CHANGED, **facts)


def remove(company: Company, person_id: str) -> None:
    """Take a member out, with his tokens; LastSuperuser, UnknownMember."""
    with transaction.atomic():
        member = _locked(company, person_id)
        if member.role == Role.SUPERUSER:
            _check_others(member)
        ApiToken.objects.filter(company=company, person_id=person_id).delete()
        _rows(member).delete()
        drafts.forget_person(person_id, company.pk)
        inbox.forget(Tenant(company.pk), person_id)
    security_log.told(Event.ACCESS_ENDED, company=company.pk, person=person_id)


def _locked(company: Company, person_id: str) -> Member:
    """The member, with the company's members held until the transaction ends.

    Two superusers who step down at once would each see the other still there.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    try:
        return Member.objects.get(company=company, person_id=person_id)
    except Member.DoesNotExist as error:
        raise UnknownMember() from error


def _rows(member: Member) -> QuerySet[Member]:
    return Member.objects.filter(company_id=member.company_id, person_id=member.person_id)


def _check_others(member: Member) -> None:
    superusers = Member.objects.filter(company_id=member.company_id, role=Role.SUPERUSER)
    if not superusers.exclude(person_id=member.person_id).exists():
        raise LastSuperuser()
