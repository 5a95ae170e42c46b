"""The one place that says who may open a page: every address names its right."""

from __future__ import annotations

import enum
import functools
import time
from collections.abc import Callable
from typing import Any, cast

import msgspec
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter

from samsyn.online.companies.demanding import lacks
from samsyn.online.companies.models import ID_LENGTH, ID_LETTERS, Company, Member, Person
from samsyn.online.companies.rights import Rights, rights_of
from samsyn.online.operating.care import care_of
from samsyn.online.operating.operators import is_operator
from samsyn.online.refusals import company_suspended, needs_second_factor, no_access
from samsyn.records import suspension
from samsyn.records.tenant import Tenant

View = Callable[..., HttpResponseBase]


class Right(enum.Enum):
    """What a person must be to open a page."""

    ANYONE = "anyone"
    PERSON = "person"
    """Signed in."""
    MEMBER = "member"
    """A member of the company of the address. Registers have levels of their own beside (`Rights`)."""
    SUPERUSER = "superuser"
    """A superuser of the company of the address."""
    OPERATOR = "operator"
    """An operator of the service, with a second factor. Sees nothing of any company's registers."""


class Here(msgspec.Struct, frozen=True):
    """Whose page it is: the company of the address and what the person may do in it."""

    company: Company
    person: Person
    rights: Rights
    suspended: bool = False
    """Whether the company is closed to everybody, but for the pages that are open all the same."""

    @property
    def superuser(self) -> bool:
        """Whether the person may do everything."""
        return self.rights.superuser

    @property
    def tenant(self) -> Tenant:
        """The company's part of the record store."""
        return Tenant(self.company.pk)


class PersonId:
    """A person's id in an address: what stands before a dash."""

    regex = f"[{ID_LETTERS}]{{{ID_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(PersonId, "person")


def page(
    route: str,
    view: View,
    right: Right,
    name: str,
    *,
    confirmed: bool = False,
    lately: bool = False,
    suspended_too: bool = False,
) -> URLPattern:
    """An address of the pages; the view runs only for those who have the right.

    A view of a company takes no company: `here(request)` has it. Without being
    signed in one is sent to do so; a company that one is not a member of is
    not found, so that nobody learns which there are. A `confirmed` page opens
    to who has shown within some minutes to be the same person still; a `lately` page also
    to who has signed in within them. A company that demands a second factor opens to
    those who have one. A page of a company that is suspended says so, but
    where it is meant to open all the same (`suspended_too`).
    """
    enabled = _long_signed_in if lately else None
    # allauth has no types
    again = cast(View, reauthentication_required(view, enabled=enabled))
    inner = again if confirmed or lately else view
    return path(route, guarded(inner, right, suspended_too=suspended_too), name=name)


def _long_signed_in(request: HttpRequest) -> bool:
    told = get_authentication_records(request, request.user)
    since = max((record["at"] for record in told), default=0.0)
    return bool(time.time() - since >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def guarded(view: View, right: Right, *, suspended_too: bool = False) -> View:
    """The view behind its right."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if right is Right.ANYONE:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if right is Right.PERSON:
            return view(request, *args, **kwargs)
        if right is Right.OPERATOR:
            return _for_operators(request) or view(request, *args, **kwargs)
        found = membership(request.user, kwargs.pop("company"))
        if lacks(found.company, found.person):
            return needs_second_factor(request, found.company.name)
        closed = suspension.suspended(found.tenant) is not None
        found = msgspec.structs.replace(found, suspended=closed)
        request.here = found  # type: ignore[attr-defined]  # read by here()
        if right is Right.SUPERUSER and not found.superuser:
            return no_access(request)
        if closed and not suspended_too:
            return company_suspended(request, care_of(found.company.pk).suspended_why)
        return view(request, *args, **kwargs)

    checked.right = right  # type: ignore[attr-defined]  # read by the test of all addresses
    return checked


def _for_operators(request: HttpRequest) -> HttpResponseBase | None:
    """None for an operator; for others there is no such page, without a second factor there is the way to one."""
    someone = person(request)
    if not is_operator(someone):
        raise Http404
    if not is_mfa_enabled(someone):
        return needs_second_factor(request)
    return None


def here(request: HttpRequest) -> Here:
    """The company of the page and the person's part in it, after the check."""
    found: Here = request.here  # type: ignore[attr-defined]  # put there by guarded()
    return found


def here_or_none(request: HttpRequest) -> Here | None:
    """The same, or None on a page of no company."""
    return getattr(request, "here", None)


def person(request: HttpRequest) -> Person:
    """Who is signed in."""
    return cast(Person, request.user)  # the check let nobody else in


def membership(person: Person, company_id: str) -> Here:
    """A person's part in a company; Http404 where he has none, or there is no such company."""
    member = (
        Member.objects.select_related("company")
        .filter(company_id=company_id, person_id=person.pk)
        .first()
    )
    if member is None:
        raise Http404
    return Here(member.company, person, rights_of(member))
