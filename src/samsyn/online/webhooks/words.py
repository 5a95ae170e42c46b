"""What webhooks' events, states and failures are called, for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.online.webhooks.events import CHOSEN, TEST, TRIMMED

EVENTS: dict[str, str | Promise] = {
    "record.created": gettext_lazy("A record is made"),
    "record.changed": gettext_lazy("A record is changed"),
    "record.deleted": gettext_lazy("A record is deleted"),
    "conflict.recorded": gettext_lazy("A conflict is decided"),
    "quarantine.added": gettext_lazy("Something comes into quarantine"),
    "quarantine.settled": gettext_lazy("Something leaves quarantine"),
    "sync.changed": gettext_lazy("The state of the sync changes"),
}
assert tuple(EVENTS) == CHOSEN


def event_words(event: str) -> str:
    """An event, of the log too."""
    if event == TEST:
        return _("A test")
    if event == TRIMMED:
        return _("Changes are gone that were not sent")
    return str(EVENTS.get(event, event))


def why_words(why: str) -> str:
    """Why a message was not taken."""
    if why.startswith("HTTP_3"):
        return _("The receiver sends on to another address, which is not followed.")
    if why.startswith("HTTP_"):
        return _("The receiver answered %(status)s.") % {"status": why.removeprefix("HTTP_")}
    return {
        "UNKNOWN_HOST": _("The name of the receiver is not known."),
        "PRIVATE_ADDRESS": _("The receiver lies in a private network, where nothing is sent."),
        "TLS_FAILED": _("The receiver's certificate cannot be trusted."),
        "TIMEOUT": _("The receiver did not answer in 15 seconds."),
        "REFUSED": _("Nobody takes calls at the receiver's address."),
        "BROKEN_OFF": _("The receiver broke the connection off."),
    }.get(why, why)


def address_words(why: str) -> str:
    """What is wrong with an address that somebody typed."""
    return {
        "HTTPS_NEEDED": _("The address must begin with https://."),
        "PRIVATE_ADDRESS": _("Nothing is sent to private networks. Choose a public address."),
        "NO_PASSWORD_IN_IT": _(
            "An address holds no user name, password or #. The signature protects it."
        ),
    }.get(why, _("This is no address of the web. It looks like https://example.com/samsyn."))
