"""A connection by a person's approval on the service's pages: asked for, and waited for, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import ClassVar

from samsyn.agent.http import HttpService
from samsyn.agent.lease import Computer
from samsyn.agent.pairing import database_name
from samsyn.agent.service import ServiceRefused
from samsyn.companydb import books
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError
from samsyn.protocol import wire
from samsyn.protocol.approval import PAGE, Answer, Ask, Asked, Watch


class NotApproved(SamsynError):
    """The person has said no."""

    code: ClassVar[str] = "NOT_APPROVED"


class ApprovalLapsed(SamsynError):
    """Nobody has answered in time."""

    code: ClassVar[str] = "APPROVAL_LAPSED"


def approved(
    url: CompanyUrl,
    online: str,
    me: Computer,
    show: Callable[[str, str], None],
    known: books.Connection | None = None,
) -> str:
    """A pairing code that a person has approved; `show` tells him address and code. Waits for him.

    Raises NotApproved, ApprovalLapsed, UnsafeAddress, and what the way to the service raises.
    """
    ask = Ask(
        me.name,
        database_name(url),
        url.engine,
        "",
        "",
        "" if known is None else known.company,
        "" if known is None else known.id,
    )
    with closing(HttpService(online)) as service:
        codes = service.ask_approval(ask)
        show(f"{online.rstrip('/')}{PAGE}?code={codes.code}", codes.code)
        while True:
            match _answer(service, codes):
                case Answer.APPROVED:
                    return codes.secret
                case Answer.REFUSED:
                    raise NotApproved()


def _answer(service: HttpService, codes: Asked) -> Answer:
    try:
        return service.watch_approval(Watch(codes.secret, wire.HOLD_S)).answer
    except ServiceRefused as error:
        if error.problem == "BAD_APPROVAL_CODE":
            raise ApprovalLapsed() from error
        raise
