"""Where each interface of the service is found."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from samsyn.protocol import PATH

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{PATH.strip('/')}/", include("samsyn.records.urls")),
]
