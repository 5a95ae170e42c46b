"""The question to a person with a Samsyn ID: asked, watched, and forgotten when it is answered and used."""

from __future__ import annotations

import datetime
from contextlib import closing

from django.utils import timezone

from samsyn.agent.http import HttpService
from samsyn.agent.lease import this_computer
from samsyn.agent.pairing import database_name
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.connection.address import page_of
from samsyn.office.connection.models import Attempt
from samsyn.office.people.models import User
from samsyn.protocol.approval import PAGE, REDEEMED_WITHIN_S, Answer, Ask, Watch

HOLD_S = 1.0
"""So long a page waits for the answer at a time: others want its thread too."""
LAPSED = "lapsed"
WAITING, APPROVED, REFUSED = (answer.value for answer in Answer)
UNKNOWN = "BAD_APPROVAL_CODE"


def begin(
    company: CompanyDatabase, user: User, online: str, known: books.Connection | None = None
) -> Attempt:
    """Ask for approval of a new connection, or of another credential for the one that is known.

    Raises UnsafeAddress, and what the way to the service raises.
    """
    me = this_computer()
    ask = Ask(
        me.name,
        database_name(company.url),
        company.url.engine,
        company.name,
        str(user),
        "" if known is None else known.company,
        "" if known is None else known.id,
    )
    with closing(HttpService(online)) as service:
        codes = service.ask_approval(ask)
    now = timezone.now()
    made, _ = Attempt.objects.update_or_create(
        company=company,
        defaults={
            "user": user,
            "online": online,
            "renews": known is not None,
            "code": codes.code,
            "secret": codes.secret,
            "asked": now,
            "lapses": now + datetime.timedelta(seconds=codes.lapses_s),
            "answer": WAITING,
            "online_name": "",
            "email": "",
        },
    )
    return made


def current(company: CompanyDatabase, *, renews: bool) -> Attempt | None:
    """The question that is under way, however it stands."""
    found = Attempt.objects.filter(company=company, renews=renews).first()
    if found is not None and found.lapses <= timezone.now() and found.answer != REFUSED:
        found.answer = LAPSED
    return found


def watch(attempt: Attempt, hold_s: float = HOLD_S) -> Attempt:
    """The question with its answer by now. Raises what the way to the service raises."""
    if attempt.answer != WAITING:
        return attempt
    try:
        with closing(HttpService(attempt.online)) as service:
            told = service.watch_approval(Watch(attempt.secret, hold_s))
    except ServiceRefused as error:
        if error.problem != UNKNOWN:
            raise
        attempt.answer = LAPSED
    else:
        attempt.answer = told.answer.value
        if told.answer is Answer.APPROVED:
            attempt.online_name, attempt.email = told.company_name, told.email
            attempt.lapses = timezone.now() + datetime.timedelta(seconds=REDEEMED_WITHIN_S)
    attempt.save()
    return attempt


def answer_url(attempt: Attempt) -> str:
    """The service's page on which the question is answered."""
    return page_of(attempt.online, f"{PAGE}?code={attempt.code}")
