"""Where each page of the office program is found, with the right that opens it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from samsyn.office import pages
from samsyn.office.access import ANYONE, USER, USER_AT_ONCE, page, setting
from samsyn.office.companies import pages as companies
from samsyn.office.people import signing
from samsyn.office.people.rights import Area
from samsyn.webkit.desktop.pages import desktop, desktop_pages
from samsyn.webkit.preferences import choose_language
from samsyn.webkit.registers.book import May
from samsyn.webkit.registers.urls import register_pages

Pages = list[URLPattern | URLResolver]
entrance: Pages = [
    page("welcome", signing.first_user, ANYONE, "first_user"),
    page("sign-in", signing.sign_in, ANYONE, "sign_in"),
    page("sign-out", signing.sign_out, USER_AT_ONCE, "sign_out"),
    page("language", choose_language, ANYONE, "choose_language"),
    page("me/password", signing.own_password, USER_AT_ONCE, "own_password"),
    page("", pages.start, USER, "start"),
]
company_databases: Pages = [
    page("companies", companies.choose, USER, "choose_company"),
    page("companies/add", companies.add, setting(Area.DATABASES, May.WRITE), "add_company"),
    page("companies/new", companies.create, setting(Area.DATABASES, May.WRITE), "create_company"),
    page(
        "companies/sample", companies.sample, setting(Area.DATABASES, May.WRITE), "sample_company"
    ),
    page(
        "registration",
        companies.register_installation,
        setting(Area.DATABASES, May.WRITE),
        "registration",
    ),
]
company: Pages = [
    page("c/<company>", desktop, USER, "company"),
    *desktop_pages("c/<company>", lambda route, view, name: page(route, view, USER, name)),
]
registers = register_pages("c/<company>/r", lambda route, view, name: page(route, view, USER, name))
"""Each register has its own level beside: see `registers/book.py`."""
urlpatterns = [*entrance, *company_databases, *company, *registers]
handler400 = "samsyn.office.refusals.bad_request"
handler404 = "samsyn.office.refusals.not_found"
handler500 = "samsyn.office.refusals.failed"
