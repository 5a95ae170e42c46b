"""Where each interface of the service is found; each page with the right that opens it."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from samsyn.online import health, pages
from samsyn.online.access import Right, page
from samsyn.online.api.endpoints import api
from samsyn.protocol import PATH
from samsyn.webkit.preferences import choose_language
from samsyn.webkit.registers.urls import register_pages

for_programs: list[URLPattern | URLResolver] = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/v1/", api.urls),
    path(f"{PATH.strip('/')}/", include("samsyn.records.urls")),
]
first: list[URLPattern | URLResolver] = [
    page("", pages.start, Right.ANYONE, "start"),
    page("language", choose_language, Right.ANYONE, "choose_language"),
    page("companies", pages.choose_company, Right.PERSON, "choose_company"),
    page("c/<company>", pages.company, Right.MEMBER, "company"),
]
samsyn_id: list[URLPattern | URLResolver] = [
    page("id/sign-in", account.login, Right.ANYONE, "account_login"),
    page("id/sign-out", account.logout, Right.ANYONE, "account_logout"),
    page("id/sign-up", account.signup, Right.ANYONE, "account_signup"),
    page("id/password/forgotten", account.password_reset, Right.ANYONE, "account_reset_password"),
]
registers = register_pages(
    "c/<company>/r", lambda route, view, name: page(route, view, Right.MEMBER, name)
)
urlpatterns = [*for_programs, *first, *samsyn_id, *registers]
handler400 = "samsyn.online.refusals.bad_request"
handler404 = "samsyn.online.refusals.not_found"
handler500 = "samsyn.online.refusals.failed"
