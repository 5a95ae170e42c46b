"""Parameters of an address that an endpoint does not know: refused, for a filter that is misspelt would answer with everything."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from django.http import HttpRequest
from ninja import NinjaAPI

from samsyn.online.api.errors import UnknownParameter

LONGEST = 50
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def check_known(request: HttpRequest, api: NinjaAPI) -> None:
    """UnknownParameter for the first that the endpoint asked for does not have."""
    if not request.GET or request.resolver_match is None:
        return
    route = "/" + _PLACE.sub(r"{\1}", request.resolver_match.route)
    known = _of_endpoints(api).get((route, (request.method or "GET").lower()), ())
    for name in request.GET:
        if name not in known:
            told = ", ".join(known) or "none"
            raise UnknownParameter(parameter=name[:LONGEST], known=told)


@functools.cache
def _of_endpoints(api: NinjaAPI) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """For each path and method of the description, the names of its parameters."""
    paths = api.get_openapi_schema()["paths"]
    return {
        (path, method): tuple(
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        )
        for path, item in paths.items()
        for method, operation in item.items()
    }
