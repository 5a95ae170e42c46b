"""What the desktop asks of a program: which panels there are, and what each shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from samsyn.webkit.registers.book import Whose

LIVE_S, OFTEN_S, SELDOM_S = 5, 15, 300


class Content(msgspec.Struct, frozen=True):
    """What a panel shows now: a template with its values, and the page that tells more.

    `webkit.desktop.contents` makes those that both programs show.
    """

    template: str
    values: dict[str, Any]  # Any: whatever the template shows
    more_url: str = ""
    more_words: str = ""


class Panel(msgspec.Struct, frozen=True):
    """A panel that a person may have, with its words in the reader's language.

    `make` is called when the panel is shown, each `every_s` seconds anew.
    """

    key: str
    """Letters and dashes: it stands in addresses, and in what the person has chosen."""
    title: str
    icon: str
    make: Callable[[], Content]
    from_start: bool = True
    """Whether it is there until the person chooses otherwise."""
    every_s: int = OFTEN_S
    ready: Callable[[], bool] = lambda: True
    """Whether it is made at once; what takes long comes when the rest of the page stands."""


class Desk(Protocol):
    """The desktop of one person in one company."""

    whose: Whose
    title: str
    """The heading of the page."""
    url: str
    """The address of the page, without a slash at its end."""

    def panels(self) -> Sequence[Panel]:
        """All that the person may have, in the order in which they stand at first."""


def desk_of(request: HttpRequest) -> Desk:
    """The visitor's desktop, as the program makes it (settings.WEBKIT_DESK)."""
    make: Any = import_string(settings.WEBKIT_DESK)  # Any: import_string gives an object
    desk: Desk = make(request)
    return desk
