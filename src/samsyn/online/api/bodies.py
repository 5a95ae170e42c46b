"""Reads a request's JSON body: exact numbers, and clear refusals."""

from __future__ import annotations

import json
import re

from django.http import HttpRequest

from samsyn.core.given import Literal
from samsyn.online.api.errors import BadJson, BodyTooLarge, WrongContentType
from samsyn.records.worker import in_reader

LARGEST_BYTES = 64 * 1024 * 1024
"""With blobs."""
ORDINARY_BYTES = 16 * 1024 * 1024
AT_ONCE_BYTES = 100_000
"""Parsed on the spot; more would keep other requests waiting."""
_JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


async def json_body(request: HttpRequest) -> object:
    """The body's value; BadJson, WrongContentType, BodyTooLarge."""
    said = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if said and not _JSON_TYPE.fullmatch(said):
        raise WrongContentType(content_type=said[:100])
    if request.headers.get("Content-Encoding", "identity") not in ("", "identity"):
        raise WrongContentType(content_type=request.headers["Content-Encoding"][:100])
    body = request.body
    if len(body) > LARGEST_BYTES:
        raise BodyTooLarge(bytes=len(body), limit=LARGEST_BYTES)
    if len(body) <= AT_ONCE_BYTES:
        return parsed(body)
    return await in_reader(parsed, body)


def parsed(body: bytes) -> object:
    """The value of JSON text; numbers with a fraction or exponent as `Literal`s."""
    try:
        value: object = json.loads(
            body.decode(), parse_float=Literal, parse_constant=_refuse_constant
        )
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadJson(reason="a lone surrogate") from error
    except UnicodeDecodeError as error:
        raise BadJson(reason="not UTF-8", position=error.start) from error
    except json.JSONDecodeError as error:
        raise BadJson(reason=error.msg, position=error.pos) from error
    except RecursionError as error:
        raise BadJson(reason="nested too deep") from error
    except ValueError as error:
        raise BadJson(reason="a number with too many digits, or none at all") from error
    return value


def check_size(request: HttpRequest, with_blobs: bool) -> None:
    """BodyTooLarge for a large body where nothing in it can be a blob."""
    size = len(request.body)
    if size > ORDINARY_BYTES and not with_blobs:
        raise BodyTooLarge(bytes=size, limit=ORDINARY_BYTES)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
