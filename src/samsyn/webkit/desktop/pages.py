"""The desktop as pages: all panels, one panel anew, and its arrangement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samsyn.webkit import choices
from samsyn.webkit.desktop import arranging
from samsyn.webkit.desktop.arranging import Keys
from samsyn.webkit.desktop.desk import Content, Desk, Panel, desk_of
from samsyn.webkit.fragments import page

CHOICE = "desktop"
MAX_ORDER = 2_000
"""Characters of an order that a page sends."""


class Chosen(msgspec.Struct, frozen=True):
    """What a person has chosen: the keys of the panels; None before there was a choice."""

    panels: Keys | None = None


Page = Callable[[str, Any, str], URLPattern]  # Any: a view


def desktop_pages(prefix: str, page: Page) -> list[URLPattern]:
    """The addresses below a prefix (no slash at its end) beside the desktop's own, for the program's rights."""
    return [
        page(f"{prefix}/panels", arrange, "arrange_panels"),
        page(f"{prefix}/panels/<slug:panel>", one_panel, "panel"),
    ]


@require_GET
def desktop(request: HttpRequest) -> HttpResponseBase:
    """The panels that the person has, and those that can be added."""
    desk = desk_of(request)
    panels = {panel.key: panel for panel in desk.panels()}
    shown = _shown(desk, list(panels.values()))
    touched, later = request.GET.get("moved", ""), request.GET.get("all") != "yes"
    context = {
        "desk": desk,
        "panels": [_told(desk, panels[key], key == touched, later) for key in shown],
        "others": [panel for panel in panels.values() if panel.key not in shown],
        "said": _said(panels, shown, touched),
    }
    return page(request, "desktop/desktop.html", context, block="panels")


@require_GET
def one_panel(request: HttpRequest, panel: str) -> HttpResponseBase:
    """What a panel shows now; without htmx, the way back to all."""
    desk = desk_of(request)
    found = next((one for one in desk.panels() if one.key == panel), None)
    if found is None:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect(desk.url)
    return render(request, "desktop/content.html", {"panel": _told(desk, found, touched=False)})


@require_POST
def arrange(request: HttpRequest) -> HttpResponseBase:
    """Adds, removes or moves a panel, or puts all as they were at first."""
    desk = desk_of(request)
    known = list(desk.panels())
    key, shown = request.POST.get("panel", ""), _shown(desk, known)
    match request.POST.get("do", ""):
        case "add" if any(one.key == key for one in known):
            shown = arranging.added(shown, key)
        case "remove":
            shown = arranging.removed(shown, key)
        case "earlier":
            shown = arranging.moved(shown, key, -1)
        case "later":
            shown = arranging.moved(shown, key, 1)
        case "order":
            wanted = request.POST.get("order", "")[:MAX_ORDER].split()
            shown = arranging.ordered(shown, wanted)
        case "reset":
            choices.forget(desk.whose, CHOICE)
            return redirect(desk.url)
        case _:
            raise Http404
    choices.choose(desk.whose, CHOICE, Chosen(shown))
    return redirect(f"{desk.url}?moved={key}" if key in shown else desk.url)


def _shown(desk: Desk, known: Sequence[Panel]) -> Keys:
    kept = choices.chosen(desk.whose, CHOICE, Chosen, Chosen())
    first = [panel.key for panel in known if panel.from_start]
    return arranging.arranged(kept.panels, [panel.key for panel in known], first)


def _told(
    desk: Desk, panel: Panel, touched: bool, later: bool = False
) -> dict[str, Any]:  # Any: for the template
    later = later and not panel.ready()
    return {
        "key": panel.key,
        "title": panel.title,
        "icon": panel.icon,
        "content": Content("desktop/later.html", {"url": f"{desk.url}?all=yes"})
        if later
        else panel.make(),
        "later": later,
        "url": f"{desk.url}/panels/{panel.key}",
        "every_s": panel.every_s,
        "touched": touched,
    }


def _said(panels: dict[str, Panel], shown: Keys, touched: str) -> str:
    """What has happened, for those who do not see where the panel went."""
    if touched not in shown:
        return ""
    told = {"panel": panels[touched].title, "place": shown.index(touched) + 1, "of": len(shown)}
    return _("%(panel)s is now panel %(place)s of %(of)s.") % told
