"""What stands around the office program's pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.core.errors import SamsynError
from samsyn.office.access import Here, here_or_none
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.framed import framed_company
from samsyn.office.people.admitting import companies_of
from samsyn.office.people.rights import Area
from samsyn.office.registers.book import OfficeBook
from samsyn.office.registers.opened import opened_for
from samsyn.office.standing import standing
from samsyn.webkit.help.pages import help_url
from samsyn.webkit.preferences import theme_of
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.registers.book import May, Whose
from samsyn.webkit.shell import Group, Link, Shell, SyncState

PRODUCT = "Samsyn"


def shell(request: HttpRequest) -> Shell:
    """The frame for this request."""
    theme, language_url = theme_of(request), reverse("choose_language")
    at = here_or_none(request)
    if at is None:
        return Shell(
            PRODUCT,
            reverse("start"),
            language_url=language_url,
            help_url=help_url(request),
            theme=theme,
        )
    company = framed_company(request)
    home_url = reverse("company", args=[company.alias]) if company else reverse("start")
    return Shell(
        PRODUCT,
        home_url,
        company=company.name if company else None,
        company_url=home_url if company else "",
        switch_url=reverse("choose_company") if company and _has_several(at) else "",
        navigation=_navigation(request, at, company),
        sync=_sync(request, at, company) if company else None,
        person=str(at.user),
        menu=_menu(),
        sign_out_url=reverse("sign_out"),
        language_url=language_url,
        help_url=help_url(request),
        theme=theme,
    )


def whose(request: HttpRequest) -> dict[str, Here | None]:
    """The context processor: `here`, the user of the page and its company."""
    return {"here": here_or_none(request)}


def _has_several(at: Here) -> bool:
    return companies_of(at.user).count() > 1


def _sync(request: HttpRequest, at: Here, company: CompanyDatabase) -> SyncState:
    may_look = at.rights.area(Area.ONLINE) >= May.READ
    return standing(opened_for(request, company.url), company, may_look=may_look)


def _menu() -> tuple[Link, ...]:
    return (
        Link(_("My settings"), reverse("own_settings"), "settings"),
        Link(_("Password"), reverse("own_password"), "lock"),
    )


def _navigation(
    request: HttpRequest, at: Here, company: CompanyDatabase | None
) -> tuple[Group, ...]:
    groups = []
    if company is not None:
        start = reverse("company", args=[company.alias])
        first = Link(_("Start"), start, "home", request.path == start)
        groups = [Group((first,)), _registers(request, at, company)]
    if settings := _settings(request, at, company):
        groups.append(Group(settings, _("Settings")))
    return tuple(group for group in groups if group.links)


def _settings(request: HttpRequest, at: Here, company: CompanyDatabase | None) -> tuple[Link, ...]:
    """The settings that the user may see: those of the company, then those of the installation."""
    of_company = [
        ("company_details", _("Company details"), "company", Area.COMPANY),
        ("online", _("Samsyn Online"), "sync", Area.ONLINE),
        ("backups", _("Backups"), "download", Area.BACKUP),
    ]
    of_all = [
        ("users", _("Users"), "people", Area.PEOPLE),
        ("templates", _("Access templates"), "key", Area.PEOPLE),
        ("signed_in", _("Signed in now"), "clock", Area.PEOPLE),
        ("choose_company", _("Companies"), "folder", Area.DATABASES),
        ("registration", _("Registration"), "check", Area.DATABASES),
    ]
    pages = [(name, label, icon, area, [company.alias]) for name, label, icon, area in of_company if company]  # fmt: skip
    pages += [(name, label, icon, area, []) for name, label, icon, area in of_all]
    shown = request.resolver_match.url_name if request.resolver_match else ""
    if company is not None and request.path.startswith(reverse("online", args=[company.alias])):
        shown = "online"
    return tuple(
        Link(label, reverse(name, args=arguments), icon, name == shown)
        for name, label, icon, area, arguments in pages
        if at.rights.area(area) >= May.READ
    )


def _registers(request: HttpRequest, at: Here, company: CompanyDatabase) -> Group:
    """The company's registers; none where its database cannot be opened, which its pages tell."""
    root, path = reverse("registers", args=[company.alias]) + "/", request.get_full_path_info()
    opened = opened_for(request, company.url)
    book = OfficeBook(opened, Whose(company.pk, at.user.pk), str(at.user), at.rights, company.alias)
    to = Addresses(root)
    try:
        registers = book.registers()
    except SamsynError:
        return Group(())
    if not registers:
        return Group(())
    links = [Link(_("Search"), to.search, "search", path.startswith(to.search))]
    for one in registers:
        url = to.list(one.type.name)
        current = f"{path}/".replace("?", "/").startswith(f"{url}/")
        links.append(Link(one.label, url, "list", current))
    return Group(tuple(links), _("Registers"))
