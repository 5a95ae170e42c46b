"""What befell somebody's work, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.online.notices.inbox import Notice
from samsyn.records.befalling import Fate


def fate_words(notice: Notice) -> str:
    """What befell, in a sentence."""
    return {
        Fate.OVERRIDDEN: _("The office overrode your edit."),
        Fate.DELETED: _("The office deleted the record that you had edited."),
        Fate.REFUSED: _("The office does not take your edit."),
        Fate.CAME_BACK: _("A record that you had deleted came back."),
    }[notice.fate]


def beyond_words(notice: Notice) -> str:
    """That there is more of the same sync; empty where there is not."""
    if not notice.beyond:
        return ""
    words = ngettext(
        "And %(count)s more from the same sync: see the lists of conflicts and of the quarantine.",
        "And %(count)s more from the same sync: see the lists of conflicts and of the quarantine.",
        notice.beyond,
    )
    return words % {"count": notice.beyond}
