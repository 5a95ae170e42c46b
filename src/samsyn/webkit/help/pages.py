"""The pages of help, and which topic a page of the program leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from samsyn.webkit.fragments import page
from samsyn.webkit.help.topics import find, topics

MAX_ASKED = 100
SHARED = Path(__file__).parent / "topics"
"""What is the same in both programs."""
OF_REGISTERS = {
    "registers": "registers",
    "search_registers": "registers",
    "register": "registers",
    "record": "registers",
    "new_record": "registers",
    "edit_record": "registers",
    "delete_record": "registers",
    "record_history": "history-of-a-record",
    "drafts": "drafts",
    "calendar": "calendar",
    "record_lines": "orders",
    "import_register": "import-and-export",
    "import_preview": "import-and-export",
    "export_register": "import-and-export",
}
"""The topics of the pages that both programs share."""


class Help(msgspec.Struct, frozen=True):
    """A program's help: where its topics are, and for the names of pages the topic that is about them."""

    folders: tuple[Path, ...]
    places: Mapping[str, str]


def program_help() -> Help:
    """The help of the program that runs (setting WEBKIT_HELP)."""
    told: Any = import_string(settings.WEBKIT_HELP)  # Any: import_string gives an object
    found: Help = told
    return found


def help_url(request: HttpRequest) -> str:
    """Where the help about the page of a request is; the list of all topics where none is about it."""
    name = request.resolver_match.url_name if request.resolver_match else None
    slug = program_help().places.get(name or "")
    return reverse("help_topic", args=[slug]) if slug else reverse("help")


def help_pages(
    add: Callable[[str, Callable[..., HttpResponseBase], str], URLPattern],
) -> list[URLPattern]:
    """The addresses, each made by `add(route, view, name)`, which gives it its right."""
    return [add("help", index, "help"), add("help/<slug:topic>", topic, "help_topic")]


def index(request: HttpRequest) -> HttpResponseBase:
    """All topics, or those that have the words that are asked for."""
    asked = request.GET.get("q", "").strip()[:MAX_ASKED]
    folders, language = program_help().folders, _language()
    told = {
        "asked": asked,
        "hits": find(folders, language, asked),
        "topics": topics(folders, language),
    }
    return page(request, "help/index.html", told, block="found")


def topic(request: HttpRequest, topic: str) -> HttpResponseBase:
    """One topic, with the others beside it."""
    listed = topics(program_help().folders, _language())
    found = next((one for one in listed if one.slug == topic), None)
    if found is None:
        raise Http404
    return page(request, "help/topic.html", {"topic": found, "topics": listed}, block="main")


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
