"""What stands around the service's pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here_or_none, person
from samsyn.online.companies.models import Member
from samsyn.online.registers.book import book
from samsyn.webkit.preferences import theme_of
from samsyn.webkit.registers.addresses import Addresses
from samsyn.webkit.shell import Group, Link, Shell

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
        navigation=_navigation(request, at) if at else (),
        person=str(person(request)),
        menu=_menu(request),
        sign_out_url=reverse("account_logout"),
        language_url=language_url,
        theme=theme,
    )


def _has_several(request: HttpRequest) -> bool:
    return Member.objects.filter(person_id=person(request).pk)[:2].count() > 1


def _menu(request: HttpRequest) -> tuple[Link, ...]:
    return (Link(_("My companies"), reverse("choose_company"), "company"),)


def _navigation(request: HttpRequest, at: Here) -> tuple[Group, ...]:
    links = [("company", _("Start"), "home")]
    name = request.resolver_match.url_name if request.resolver_match else ""
    return (
        Group(
            tuple(
                Link(label, reverse(page, args=[at.company.pk]), icon, page == name)
                for page, label, icon in links
            )
        ),
        _registers(request),
    )


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
