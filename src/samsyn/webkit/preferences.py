"""The reader's language, colours and time zone: as set, else as the cookie says, else as the browser asks."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from samsyn.webkit.cookies import named

LANGUAGE_COOKIE = "samsyn_language"
THEME_COOKIE = "samsyn_theme"
THEMES = ("", "light", "dark")
YEAR_S = 365 * 24 * 3600


class Preferences:
    """Activates language and time zone for a request; what a person has set wins.

    A person's model may have `language` and `time_zone`; empty means unset.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the reader's language."""
        with translation.override(language_of(request)), timezone.override(_zone(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_of(request: HttpRequest) -> str:
    """The language to answer in."""
    known = dict(settings.LANGUAGES)
    user = getattr(request, "user", None)
    for told in (getattr(user, "language", ""), _cookie(request, LANGUAGE_COOKIE)):
        if told in known:
            return told
    asked = translation.get_language_from_request(request)
    return asked if asked in known else settings.LANGUAGE_CODE


def theme_of(request: HttpRequest) -> str:
    """light, dark, or empty where the machine decides."""
    told = getattr(getattr(request, "user", None), "theme", "")
    told = told or _cookie(request, THEME_COOKIE)
    return told if told in THEMES else ""


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Have this browser remember the language."""
    response.set_cookie(
        named(LANGUAGE_COOKIE, secure=settings.SESSION_COOKIE_SECURE),
        language,
        max_age=YEAR_S,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(named(name, secure=settings.SESSION_COOKIE_SECURE), "")


def back_to(request: HttpRequest, fallback: str = "/") -> str:
    """Where the form or the address says to go on, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return fallback


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """Take the language of the form, for this browser and for the person who is signed in."""
    response = HttpResponseRedirect(back_to(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        if request.user.is_authenticated:
            get_user_model().objects.filter(pk=request.user.pk).update(language=language)
    return response


def _zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    told = getattr(getattr(request, "user", None), "time_zone", "") or settings.WEBKIT_TIME_ZONE
    try:
        return zoneinfo.ZoneInfo(told)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo("UTC")
