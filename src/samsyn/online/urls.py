"""Where each interface of the service is found."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from samsyn.online import health, welcome
from samsyn.online.api.endpoints import api
from samsyn.protocol import PATH

urlpatterns: list[URLPattern | URLResolver] = [
    path("", welcome.page),
    path("style.css", welcome.style),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/v1/", api.urls),
    path(f"{PATH.strip('/')}/", include("samsyn.records.urls")),
]
handler400 = "samsyn.online.refusals.bad_request"
handler404 = "samsyn.online.refusals.not_found"
handler500 = "samsyn.online.refusals.failed"
