"""Whose work it is: work of one lane is done in its order, and the lanes take turns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NamedTuple


class Lane(NamedTuple):
    """A company, as far as the request says which, and from where it is asked.

    Nobody has checked either yet. Who claims to be of a company that is not
    his takes turns with it, and shares the threads that it may have at once; so
    the company itself keeps half of them.
    """

    company: str = ""
    asker: str = ""


NOBODYS = Lane()
LANE: ContextVar[Lane] = ContextVar("lane", default=NOBODYS)
"""The lane of the request in hand."""

_SECRET = re.compile(rb"Bearer (?:samsyn_)?([a-z2-7]{12})[._]")
_PAGE = re.compile(r"/c/([a-z2-7]{12})(?:/|$)")


def lane_of(path: str, headers: Iterable[tuple[bytes, bytes]], asker: str) -> Lane:
    """The lane of a request: of the company that its secret names, or else its address."""
    for name, value in headers:
        if name == b"authorization" and (told := _SECRET.match(value)):
            return Lane(told[1].decode(), asker)
    page = _PAGE.match(path)
    return Lane(page[1] if page else "", asker)
