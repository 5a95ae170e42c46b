"""The one place that says who may open a page: every address names its right."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from typing import Any, cast

import msgspec
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.admitting import companies_of
from samsyn.office.people.granting import rights_of
from samsyn.office.people.models import User
from samsyn.office.people.presence import note_presence
from samsyn.office.people.rights import Area, Rights
from samsyn.office.refusals import no_access
from samsyn.webkit.registers.book import May, Whose

View = Callable[..., HttpResponseBase]


class Who(enum.Enum):
    """What somebody must be to open a page."""

    ANYONE = "anyone"
    USER = "user"
    """Signed in."""
    SUPERUSER = "superuser"


class Right(msgspec.Struct, frozen=True):
    """What opens a page: who one is, or a level in a part of the settings.

    A page whose address names a company opens only where that company is.
    Registers have levels of their own beside (`Rights.register`).
    """

    who: Who
    area: Area | None = None
    level: May = May.NONE
    waits: bool = True
    """Whether a password that has to be changed keeps the page closed until then."""

    def opens_to(self, rights: Rights) -> bool:
        """Whether a signed-in user's rights open the page."""
        if self.who is Who.SUPERUSER:
            return rights.superuser
        return self.area is None or rights.area(self.area) >= self.level


ANYONE = Right(Who.ANYONE)
USER = Right(Who.USER)
USER_AT_ONCE = Right(Who.USER, waits=False)
SUPERUSER = Right(Who.SUPERUSER)


def setting(area: Area, level: May) -> Right:
    """A level in a part of the settings."""
    return Right(Who.USER, area, level)


class Here(msgspec.Struct, frozen=True):
    """Whose page it is: the user, what he may do, and the company database of the address."""

    user: User
    rights: Rights
    company: CompanyDatabase | None

    @property
    def opened(self) -> CompanyDatabase:
        """The company database; a page without one does not ask."""
        assert self.company is not None, "the page's address names no company"
        return self.company

    @property
    def whose(self) -> Whose:
        """Under what the user's choices are kept."""
        return Whose(self.opened.pk, self.user.pk)


def page(route: str, view: View, right: Right, name: str) -> URLPattern:
    """An address of the pages; the view runs only for those who have the right.

    A view of a company takes no company: `here(request)` has it. Without being
    signed in one is sent to do so; a company that is not there is not found.
    """
    return path(route, guarded(view, right), name=name)


def guarded(view: View, right: Right) -> View:
    """The view behind its right."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if right.who is Who.ANYONE:
            _note_visitor(request)
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("sign_in"))
        someone = user(request)
        if someone.must_change and right.waits:
            return redirect("own_password")
        found = Here(someone, rights_of(someone), _company(someone, kwargs))
        request.here = found  # type: ignore[attr-defined]  # read by here()
        note_presence(request, found.company)
        if not right.opens_to(found.rights):
            return no_access(request)
        return view(request, *args, **kwargs)

    checked.right = right  # type: ignore[attr-defined]  # read by the test of all addresses
    return checked


def _note_visitor(request: HttpRequest) -> None:
    """On a page for anybody, as the help is, the frame still knows who is signed in."""
    if request.user.is_authenticated and not (someone := user(request)).must_change:
        request.here = Here(someone, rights_of(someone), None)  # type: ignore[attr-defined]  # read by here()


def here(request: HttpRequest) -> Here:
    """The user of the page, and its company, after the check."""
    found: Here = request.here  # type: ignore[attr-defined]  # put there by guarded()
    return found


def here_or_none(request: HttpRequest) -> Here | None:
    """The same, or None where nobody is signed in."""
    return getattr(request, "here", None)


def user(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)  # the check let nobody else in


def _company(
    someone: User, kwargs: dict[str, Any]
) -> CompanyDatabase | None:  # Any: parts of an address
    """The company of the address; who is kept out of it finds none."""
    if "company" not in kwargs:
        return None
    found = companies_of(someone).filter(alias=kwargs.pop("company")).first()
    if found is None:
        raise Http404
    return found
