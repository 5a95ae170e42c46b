"""The log of what operators do: in a table that nobody changes, and in the service's own log."""

from __future__ import annotations

import datetime
import enum
import getpass
import logging
from collections.abc import Iterable

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.models import Company
from samsyn.online.operating.models import Act
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

BY_ITSELF = "samsyn"
log = logging.getLogger("samsyn.operator")


class What(enum.Enum):
    """What was done."""

    RENAMED = "renamed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    KEEPS = "keeps"
    EXPORTED = "exported"
    TO_BE_DELETED = "to_be_deleted"
    NOT_DELETED = "not_deleted"
    DELETED = "deleted"
    CONNECTION_ENDED = "connection_ended"
    GRANTED = "granted"
    REVOKED = "revoked"
    UNLOCKED = "unlocked"
    SIGNED_OUT = "signed_out"
    CLOSED = "closed"
    OPENED = "opened"


WORDS: dict[What, str | Promise] = {
    What.RENAMED: _("Company renamed"),
    What.SUSPENDED: _("Company suspended"),
    What.RESUMED: _("Company resumed"),
    What.KEEPS: _("Period of keeping changed"),
    What.EXPORTED: _("Company exported"),
    What.TO_BE_DELETED: _("Deletion decided"),
    What.NOT_DELETED: _("Deletion cancelled"),
    What.DELETED: _("Company deleted"),
    What.CONNECTION_ENDED: _("Connection ended"),
    What.GRANTED: _("Operator appointed"),
    What.REVOKED: _("Operator dismissed"),
    What.UNLOCKED: _("Sign-in unlocked"),
    What.SIGNED_OUT: _("Sessions ended"),
    What.CLOSED: _("Samsyn ID closed"),
    What.OPENED: _("Samsyn ID opened"),
}


class Told(msgspec.Struct, frozen=True):
    """An act as a page shows it."""

    at: datetime.datetime
    by: str
    words: str
    about: str
    name: str
    detail: str


def told(acts: Iterable[Act]) -> list[Told]:
    """Acts in words."""
    words = {what.value: text for what, text in WORDS.items()}
    return [
        Told(a.at, a.by, str(words.get(a.what, a.what)), a.about, a.name, a.detail) for a in acts
    ]


def note(
    what: What,
    by: str,
    now: datetime.datetime,
    company: Company | None = None,
    *,
    person: str = "",
    detail: str = "",
) -> None:
    """Log an act; in the table together with the act itself."""
    about = company.pk if company else ""
    name = company.name if company else person
    Act.objects.create(
        at=now, by=by[:254], what=what.value, about=about, name=name[:254], detail=detail[:500]
    )
    facts = {"by": by, "company": about, "person": person, "detail": detail}
    transaction.on_commit(lambda: log.info("%s", what.value, extra={"facts": facts}))
    deed = {"what": what.value, "by": by, "company": about, "person": person, "detail": detail}
    transaction.on_commit(lambda: security_log.told(Event.OPERATOR_DEED, **deed))


def on_the_command_line() -> str:
    """Who runs a command, as the log has it."""
    try:
        return f"{getpass.getuser()} (samsyn online)"
    except (KeyError, OSError):  # a container may give its user no name
        return "samsyn online"
