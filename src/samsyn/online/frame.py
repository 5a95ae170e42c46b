"""What stands around the service's pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here_or_none, person
from samsyn.online.companies.models import Member
from samsyn.online.freshness import standing
from samsyn.online.notices.pages import mark_of
from samsyn.online.registers.book import book
from samsyn.webkit.preferences import theme_of
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.shell import Group, Link, Shell, SyncState

PRODUCT = "Samsyn"


def shell(request: HttpRequest) -> Shell:
    """The frame for this request."""
    theme, language_url = theme_of(request), reverse("choose_language")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Shell(
            PRODUCT,
            reverse("start"),
            sign_in_url=reverse("account_login"),
            language_url=language_url,
            theme=theme,
        )
    at = here_or_none(request)
    return Shell(
        PRODUCT,
        reverse("company", args=[at.company.pk]) if at else reverse("start"),
        company=at.company.name if at else None,
        company_url=reverse("company", args=[at.company.pk]) if at else "",
        switch_url=reverse("choose_company") if at and _has_several(request) else "",
        navigation=_navigation(request, at),
        sync=_sync(at) if at else None,
        inbox=mark_of(request) if at else None,
        person=str(person(request)),
        menu=_menu(request),
        sign_out_url=reverse("account_logout"),
        language_url=language_url,
        theme=theme,
    )


def _sync(at: Here) -> SyncState:
    address = [at.company.pk]
    office, live = reverse("office", args=address), reverse("office_state", args=address)
    return standing(at.tenant, office, live).state


def whose(request: HttpRequest) -> dict[str, Here | None]:
    """The context processor: `here`, the company of the page and the reader's rights in it."""
    return {"here": here_or_none(request)}


def _has_several(request: HttpRequest) -> bool:
    return Member.objects.filter(person_id=person(request).pk)[:2].count() > 1


def _menu(request: HttpRequest) -> tuple[Link, ...]:
    return (
        Link(_("My companies"), reverse("choose_company"), "company"),
        Link(_("My Samsyn ID"), reverse("account"), "person"),
        Link(_("Second factor"), reverse("mfa_index"), "shield"),
    )


OWN_PAGES = "id"
"""The first part of the addresses of a person's own pages."""


def _navigation(request: HttpRequest, at: Here | None) -> tuple[Group, ...]:
    """The company's pages, or on a person's own pages those; nothing elsewhere."""
    if at is not None:
        return _company_pages(request, at)
    if request.path.split("/")[1] == OWN_PAGES:
        return (Group(tuple(_own_pages(request))),)
    return ()


def _company_pages(request: HttpRequest, at: Here) -> tuple[Group, ...]:
    first = [
        ("company", _("Start"), "home"),
        ("notices", _("Notices"), "bell"),
        ("conflicts", _("Conflicts"), "warning"),
        ("quarantine", _("Quarantine"), "error"),
    ]
    administration = [("members", _("Members"), "people"), ("roles", _("Roles"), "shield")]
    programs = [("tokens", _("API tokens"), "key")]
    programs += [("webhooks", _("Webhooks"), "external")] if at.superuser else []
    groups = [Group(tuple(_links(request, first, at.company.pk))), _registers(request)]
    if at.superuser:
        links = tuple(_links(request, administration, at.company.pk))
        groups.append(Group(links, _("Administration")))
    groups.append(Group(tuple(_links(request, programs, at.company.pk)), _("Other programs")))
    return tuple(groups)


def _own_pages(request: HttpRequest) -> list[Link]:
    pages = [
        ("account", _("My Samsyn ID"), "person"),
        ("account_email", _("E-mail address"), "mail"),
        ("account_change_password", _("Password"), "lock"),
        ("mfa_index", _("Second factor"), "shield"),
        ("sessions", _("Sessions"), "computer"),
        ("office_connections", _("Connections"), "link"),
        ("my_data", _("My data"), "download"),
    ]
    return _links(request, pages)


def _links(
    request: HttpRequest, pages: list[tuple[str, str, str]], company: str | None = None
) -> list[Link]:
    shown = request.resolver_match.url_name if request.resolver_match else ""
    arguments = [company] if company else None
    return [
        Link(label, reverse(page, args=arguments), icon, page == shown)
        for page, label, icon in pages
    ]


def _registers(request: HttpRequest) -> Group:
    registers = book(request)
    to, path = Addresses(registers.root), request.get_full_path_info()
    links = [Link(_("Search"), to.search, "search", path.startswith(to.search))]
    for one in registers.registers():
        url = to.list(one.type.name)
        links.append(
            Link(one.label, url, "list", f"{path}/".replace("?", "/").startswith(f"{url}/"))
        )
    return Group(tuple(links), _("Registers"))
