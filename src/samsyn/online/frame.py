"""What stands around the service's pages."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.online.access import Here, here_or_none, person
from samsyn.online.companies.models import Member
from samsyn.online.freshness import standing
from samsyn.online.notices.pages import mark_of
from samsyn.online.operating.care import care_of
from samsyn.online.operating.operators import is_operator
from samsyn.online.registers.book import book
from samsyn.webkit.help.pages import help_url
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
            help_url=help_url(request),
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
        inbox=mark_of(request) if at and not at.suspended else None,
        warning=_warning(request, at) if at else None,
        person=str(person(request)),
        menu=_menu(request),
        sign_out_url=reverse("account_logout"),
        language_url=language_url,
        help_url=help_url(request),
        theme=theme,
    )


def _sync(at: Here) -> SyncState:
    if at.suspended:
        return SyncState("stopped", _("Suspended"))
    address = [at.company.pk]
    office, live = reverse("office", args=address), reverse("office_state", args=address)
    return standing(at.tenant, office, live).state


def _warning(request: HttpRequest, at: Here) -> Link | None:
    """That the company is to be deleted, and when; its own page tells more of it."""
    care, own = care_of(at.company.pk), reverse("company_data", args=[at.company.pk])
    if care.delete_at is None or request.path == own:
        return None
    date = formats.date_format(timezone.localtime(care.delete_at), "j F Y")
    words = _("The company will be deleted on %(date)s.") % {"date": date}
    return Link(words, own if at.superuser else "")


def whose(request: HttpRequest) -> dict[str, Here | None]:
    """The context processor: `here`, the company of the page and the reader's rights in it."""
    return {"here": here_or_none(request)}


def _has_several(request: HttpRequest) -> bool:
    return Member.objects.filter(person_id=person(request).pk)[:2].count() > 1


def _menu(request: HttpRequest) -> tuple[Link, ...]:
    links = (
        Link(_("My companies"), reverse("choose_company"), "company"),
        Link(_("My Samsyn ID"), reverse("account"), "person"),
        Link(_("Second factor"), reverse("mfa_index"), "shield"),
    )
    if not is_operator(person(request)):
        return links
    return (*links, Link(_("Operating the service"), reverse("operator"), "settings"))


OWN_PAGES, OPERATOR_PAGES = "id", "operator"
"""The first part of the addresses of a person's own pages, and of the operator's."""


def _navigation(request: HttpRequest, at: Here | None) -> tuple[Group, ...]:
    """The company's pages, or on a person's own pages or the operator's those; nothing elsewhere."""
    if at is not None:
        return _company_pages(request, at)
    match request.path.split("/")[1]:
        case part if part == OWN_PAGES:
            return (Group(tuple(_own_pages(request))),)
        case part if part == OPERATOR_PAGES and is_operator(person(request)):
            return (Group(tuple(_operator_pages(request)), _("Operating the service")),)
    return ()


def _company_pages(request: HttpRequest, at: Here) -> tuple[Group, ...]:
    if at.suspended:
        data = [("company_data", _("The company's data"), "download")] if at.superuser else []
        return (Group(tuple(_links(request, data, at.company.pk))),)
    first = [
        ("company", _("Start"), "home"),
        ("notices", _("Notices"), "bell"),
        ("conflicts", _("Conflicts"), "warning"),
        ("quarantine", _("Quarantine"), "error"),
    ]
    administration = [("members", _("Members"), "people"), ("roles", _("Roles"), "shield")]
    administration.append(("company_data", _("The company's data"), "download"))
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


def _operator_pages(request: HttpRequest) -> list[Link]:
    pages = [
        ("operator", _("Companies"), "company"),
        ("operator_people", _("People"), "people"),
        ("operator_health", pgettext("of the service", "Health"), "info"),
        ("operator_log", _("Operators' log"), "history"),
    ]
    below = {"operator": "/operator/companies/", "operator_people": "/operator/people/"}
    return [
        msgspec.structs.replace(link, current=link.current or request.path.startswith(below[name]))
        if name in below
        else link
        for (name, _label, _icon), link in zip(pages, _links(request, pages), strict=True)
    ]


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
