"""The office program as an ASGI application: pages alone."""

from __future__ import annotations

from samsyn.webkit.handlers import ForPeople, without_housekeeping
from samsyn.webkit.limits import Limits
from samsyn.webkit.static_files import StaticFiles


def build() -> Limits:
    """The application; Django must have been set up."""
    without_housekeeping()
    return Limits(StaticFiles(ForPeople()))
