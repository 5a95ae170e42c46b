"""How fresh the registers are, in words: how the office stands to the service, and what waits for it."""

from __future__ import annotations

import datetime

import msgspec
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.records import clock
from samsyn.records.contact import BACKLOG_MS, NOT_HEARD, STALLED, TAKES_NOTHING, Contact, contact
from samsyn.records.tenant import Tenant
from samsyn.webkit.shell import SyncState

LEAST_MS = 100
"""The shortest time that is told."""


class Standing(msgspec.Struct, frozen=True):
    """A company's office as its pages tell of it."""

    contact: Contact
    state: SyncState
    troubles: tuple[str, ...]
    """What does not get on, each with what to do."""


def standing(tenant: Tenant, url: str = "", live_url: str = "") -> Standing:
    """How the company's office stands now; the addresses are for whoever wants to know more."""
    found = contact(tenant, clock.now())
    kind, words = _told(found)
    return Standing(found, SyncState(kind, words, url, live_url), tuple(_troubles(found)))


def _told(found: Contact) -> tuple[str, str]:
    if not found.connected:
        return "none", _("No office is connected")
    if not found.heard:
        return "stopped", _not_heard(found)
    if found.alarms:
        return "stopped", _("The office does not take changes")
    if found.paused is not None:
        return "waiting", _paused(found, found.paused)
    if found.waiting:
        words = ngettext(
            "%(count)s change is on its way to the office",
            "%(count)s changes are on their way to the office",
            found.waiting,
        )
        return "waiting", words % {"count": formats.number_format(found.waiting)}
    if found.behind_ms is None:
        return "good", _("The same as the office")
    if found.behind_ms < LEAST_MS:
        return "good", _("Less than %(time)s behind the office") % {"time": duration(LEAST_MS)}
    kind = "good" if found.behind_ms < BACKLOG_MS else "waiting"
    return kind, _("%(time)s behind the office") % {"time": duration(found.behind_ms)}


def duration(ms: int) -> str:
    """A time in its largest unit, with a tenth where it is below ten seconds."""
    if ms < 10_000:
        return _("%(n)s s") % {"n": formats.number_format(ms / 1000, 1)}
    for unit_ms, below, words in (
        (1_000, 100, _("%(n)s s")),
        (60_000, 100, _("%(n)s min")),
        (3_600_000, 72, _("%(n)s h")),
    ):
        if (n := ms // unit_ms) < below:
            return words % {"n": n}
    return _("%(n)s days") % {"n": ms // 86_400_000}


def _not_heard(found: Contact) -> str:
    if found.last_heard is None:
        return _("The office has never been heard from")
    words = _("The office has not been heard from since %(at)s") % {"at": _at(found.last_heard)}
    return _with_what_waits(words, found)


def _paused(found: Contact, since: str) -> str:
    words = _("The sync has been paused at the office since %(at)s") % {"at": _at(since)}
    return _with_what_waits(words, found)


def _with_what_waits(words: str, found: Contact) -> str:
    if not found.waiting:
        return words
    waiting = ngettext("%(count)s change waits", "%(count)s changes wait", found.waiting)
    return f"{words}, {waiting % {'count': formats.number_format(found.waiting)}}"


def _troubles(found: Contact) -> list[str]:
    told = []
    for alarm in found.alarms:
        at = {"at": _at(alarm.since), "computer": found.computer or "\N{EN DASH}"}
        match alarm.code:
            case code if code == NOT_HEARD:
                told.append(
                    _(
                        "Changes have waited since %(at)s. Is the computer %(computer)s on, and does it"
                        " reach the internet?"
                    )
                    % at
                )
            case code if code == TAKES_NOTHING:
                told.append(
                    _(
                        "The office is heard, and has taken no change since %(at)s. Look at the sync on"
                        " %(computer)s."
                    )
                    % at
                )
            case code if code == STALLED:
                told.append(
                    _(
                        "The sync on %(computer)s says that something has not got on since %(at)s."
                        " `samsyn status` there tells the reason."
                    )
                    % at
                )
    return told


def _at(moment: str) -> str:
    """The clock for today, the date with it for other days."""
    local = timezone.localtime(datetime.datetime.fromisoformat(moment))
    today = local.date() == timezone.localdate()
    return formats.date_format(local, "TIME_FORMAT" if today else "SHORT_DATETIME_FORMAT")
