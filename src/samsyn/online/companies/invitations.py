"""Invitations: made, sent again, withdrawn, accepted once, lapsed after fourteen days."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from samsyn.online.companies.accounts import clean_email
from samsyn.online.companies.membership import Given
from samsyn.online.companies.models import ID_LENGTH, Company, Invitation, Member, Person, Role
from samsyn.online.errors import BadInvitation, MemberAlready
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

GOOD_FOR = datetime.timedelta(days=14)
MAX_MESSAGE = 2000


def invite(
    company: Company, email: str, role: Given, message: str, by: str, now: datetime.datetime
) -> tuple[Invitation, str]:
    """An invitation and its token, told once; an open one for the address gives way.

    Errors: BadEmail, MemberAlready.
    """
    clean = clean_email(email)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        if Member.objects.filter(company=company, person__email=clean).exists():
            raise MemberAlready(email=clean)
        open_ones(company).filter(email=clean).update(withdrawn=now)
        made = Invitation.objects.create(
            company=company,
            email=clean,
            role=role.role,
            own_role=role.own_role,
            message=message.strip()[:MAX_MESSAGE],
            invited_by=by,
            hashed=_hashed(secret),
            created=now,
            expires=now + GOOD_FOR,
        )
    security_log.told(Event.INVITED, company=company.pk, role=role.key, invitation=made.id)
    return made, f"{company.pk}_{made.id}_{secret}"


def again(invitation: Invitation, now: datetime.datetime) -> str:
    """A new token in the place of the old one, with fourteen new days."""
    secret = secrets.token_urlsafe(32)
    kept = open_ones(invitation.company).filter(id=invitation.id)
    if not kept.update(hashed=_hashed(secret), expires=now + GOOD_FOR):
        raise BadInvitation(why="used")
    return f"{invitation.company_id}_{invitation.id}_{secret}"


def withdraw(company: Company, invitation_id: str, now: datetime.datetime) -> None:
    """Its link opens nothing from now on; harmless to repeat."""
    open_ones(company).filter(id=invitation_id).update(withdrawn=now)


def open_ones(company: Company) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; some may have lapsed."""
    return Invitation.objects.filter(company=company, accepted=None, withdrawn=None)


def find(token: str, now: datetime.datetime) -> Invitation:
    """The invitation that a token opens; BadInvitation with the reason for one that is no longer good."""
    company_id, _, rest = token.partition("_")
    invitation_id, _, secret = rest.partition("_")
    if not (len(company_id) == len(invitation_id) == ID_LENGTH) or not token.isascii():
        raise BadInvitation(why="unknown")
    found = (
        Invitation.objects.select_related("company")
        .filter(company_id=company_id, id=invitation_id)
        .first()
    )
    if found is None or not secrets.compare_digest(found.hashed, _hashed(secret)):
        raise BadInvitation(why="unknown")
    if found.accepted is not None:
        raise BadInvitation(why="used")
    if found.withdrawn is not None:
        raise BadInvitation(why="withdrawn")
    if found.expires <= now:
        raise BadInvitation(why="lapsed")
    return found


def accept(token: str, person: Person, now: datetime.datetime) -> Company:
    """Make the person a member; the invitation is spent. Of two at once, one gets it.

    A member already keeps the greater of both: an invitation takes nothing away.
    Errors: BadInvitation.
    """
    with transaction.atomic():
        found = find(token, now)
        if found.email != person.email:
            raise BadInvitation(why="other")
        if not open_ones(found.company).filter(id=found.id).update(accepted=now):
            raise BadInvitation(why="used")
        _, new = Member.objects.get_or_create(
            company=found.company,
            person=person,
            defaults={"role": found.role, "own_role": found.own_role, "created": now},
        )
        if not new and found.role == Role.SUPERUSER:
            rows = Member.objects.filter(company=found.company, person=person)
            rows.update(role=Role.SUPERUSER, own_role="")
    return found.company


def send(invitation: Invitation, url: str, by: str, language: str) -> None:
    """The letter with the link."""
    with translation.override(language):
        told = {"invitation": invitation, "company": invitation.company, "url": url, "by": by}
        subject = render_to_string("companies/email/invitation_subject.txt", told).strip()
        text = render_to_string("companies/email/invitation_message.txt", told)
    EmailMessage(" ".join(subject.split()), text, to=[invitation.email]).send()


def _hashed(secret: str) -> str:
    """A plain hash will do: the secret is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()
