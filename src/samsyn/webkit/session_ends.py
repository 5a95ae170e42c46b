"""Sessions end by themselves: when nobody has used them for long, and some day however they are used."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samsyn.webkit import security_log
from samsyn.webkit.headers import Sync
from samsyn.webkit.security_log import Event

LONGEST_S = 30 * 24 * 3600
"""A session of the most diligent; then one signs in again."""
IDLE_S = 12 * 3600
"""Unused since yesterday: whoever sits at the computer today shows who it is."""
NOTED_EVERY_S = 600
BEGAN, USED = "began", "used"


class SessionEnds:
    """Signs out whose session is too old. One that is kept beyond the browser's end is idle for two weeks at most."""

    def __init__(self, get_response: Sync) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, to a stranger where the session has ended."""
        if request.user.is_authenticated:
            now = time.time()
            if _over(request, now):
                security_log.told(Event.SESSION_TOO_OLD)
                logout(request)
            elif now - request.session[USED] >= NOTED_EVERY_S:
                request.session[USED] = now
        return self.get_response(request)


def watch() -> None:
    """Note from now on when sessions begin."""
    user_logged_in.connect(_begins, dispatch_uid="samsyn.session_ends")


def _begins(request: HttpRequest, **_: Any) -> None:  # Any: what the signal carries
    request.session[BEGAN] = request.session[USED] = time.time()


def _over(request: HttpRequest, now: float) -> bool:
    session = request.session
    began, used = session.setdefault(BEGAN, now), session.setdefault(USED, now)
    idle = IDLE_S if session.get_expire_at_browser_close() else session.get_expiry_age()
    return bool(now - began >= LONGEST_S or now - used >= idle)
