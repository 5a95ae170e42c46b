"""Who asks: the bearer token of a request, and whether it opens the company that is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import HttpBearer

from samsyn.online.api.errors import Unauthorized
from samsyn.online.api.limiting import take_of_stranger, take_of_token
from samsyn.online.api.parameters import check_known
from samsyn.online.companies.tokens import access_of, note_use
from samsyn.online.errors import UnknownCompany
from samsyn.online.grants import Access
from samsyn.records.worker import in_reader, in_worker


class ApiTokenBearer(HttpBearer):
    """`Authorization: Bearer TOKEN`, a token of a member."""

    openapi_description = "A token, made on the page API tokens or by `samsyn online create-token`."

    def __init__(self, api: Callable[[], NinjaAPI]) -> None:
        """Of the API that has it, which is made after it."""
        super().__init__()
        self._api = api

    async def authenticate(self, request: HttpRequest, token: str) -> Access:
        """What the token opens; Unauthorized, UnknownParameter."""
        now = datetime.datetime.now(datetime.UTC)
        access = await in_reader(access_of, token, now)
        if access is None:
            take_of_stranger(request)
            raise Unauthorized()
        take_of_token(request, access)
        check_known(request, self._api())
        if access.stale:
            await in_worker(note_use, access, now)
        return access


def reader(request: HttpRequest, company: str) -> Access:
    """The access to a company; UnknownCompany for any other, whether there is one or not."""
    access: Access = request.auth  # type: ignore[attr-defined]  # put there by ninja
    if access.company != company:
        raise UnknownCompany(company=company[:50])
    return access


def writer(request: HttpRequest, company: str) -> Access:
    """The access to a company for writing; ReadOnlyToken."""
    access = reader(request, company)
    access.need_writing()
    return access
