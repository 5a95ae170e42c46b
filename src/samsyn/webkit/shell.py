"""What stands around a page: company, navigation, state of the sync, person and language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string


class Link(msgspec.Struct, frozen=True):
    """A way to another page; `icon` names a symbol of icons.svg."""

    label: str
    url: str
    icon: str = ""
    current: bool = False


class Group(msgspec.Struct, frozen=True):
    """Links of the navigation that belong together; without a label for the first ones."""

    links: tuple[Link, ...]
    label: str = ""


class SyncState(msgspec.Struct, frozen=True):
    """How the office and online stand; `kind` is good, waiting, stopped or none."""

    kind: str
    words: str
    url: str = ""
    """Where more is told."""
    live_url: str = ""
    """Where the state is asked for anew while the page stands open."""

    @property
    def icon(self) -> str:
        """The symbol that says the same as the colour."""
        return {"good": "check", "waiting": "sync", "stopped": "warning"}.get(self.kind, "unlink")


class Inbox(msgspec.Struct, frozen=True):
    """What the person is told about his own work: where it is listed, and how much of it is unread."""

    url: str
    live_url: str = ""
    """Where the number is asked for anew while the page stands open."""
    unread: int = 0
    most: int = 99
    """More are told as more than so many."""

    @property
    def number(self) -> str:
        """The number of unread news; empty where there are none."""
        return f"{self.most}+" if self.unread > self.most else str(self.unread or "")


class Shell(msgspec.Struct, frozen=True):
    """The frame of a page; what is None is not shown."""

    product: str
    home_url: str
    company: str | None = None
    company_url: str = ""
    switch_url: str = ""
    """Where another company is chosen; empty where there is no other."""
    navigation: tuple[Group, ...] = ()
    sync: SyncState | None = None
    inbox: Inbox | None = None
    warning: Link | None = None
    """What everybody in the company is to know, with the way to more of it where there is one."""
    person: str | None = None
    menu: tuple[Link, ...] = ()
    """The person's own pages."""
    sign_in_url: str = ""
    sign_out_url: str = ""
    language_url: str = ""
    help_url: str = ""
    """The help about this page; F1 opens it beside."""
    theme: str = ""
    """light, dark, or empty: as the person's machine is set."""


def frame(request: HttpRequest) -> dict[str, Any]:  # Any: as Django has context processors
    """The context processor: `shell` for the layout, made by the program when it is asked for."""
    make: Callable[[HttpRequest], Shell] = import_string(settings.WEBKIT_SHELL)
    return {"shell": SimpleLazyObject(lambda: make(request))}
