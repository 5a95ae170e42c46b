"""Between a visitor and a view: the company's book, and refusals as pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from samsyn.webkit.fragments import page
from samsyn.webkit.registers.book import (
    BadList,
    Book,
    NoRecord,
    NoRegister,
    NotAllowed,
    book_of,
)

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


def of_book(view: Callable[Concatenate[HttpRequest, Book, P], HttpResponseBase]) -> View:
    """The view gets the company's book; what is not there, or not this person's, is not found."""

    @functools.wraps(view)
    def made(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, book_of(request), *args, **kwargs)
        except (NoRegister, NoRecord, BadList) as error:
            raise Http404(error.code) from error
        except NotAllowed:
            return page(request, "registers/not_allowed.html", {}, status=403)

    return made
