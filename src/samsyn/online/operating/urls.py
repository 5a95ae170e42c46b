"""The addresses of the operator's pages, and of a company's data."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from samsyn.online.access import Right, page
from samsyn.online.operating import company_pages as companies
from samsyn.online.operating import data_pages as data
from samsyn.online.operating import health_pages as service
from samsyn.online.operating import people_pages as people

COMPANY = "operator/companies/<of>"
PERSON = "operator/people/<who>"

Pages = list[URLPattern | URLResolver]
for_operators: Pages = [
    page("operator", companies.companies, Right.OPERATOR, "operator"),
    page(COMPANY, companies.company, Right.OPERATOR, "operator_company"),
    page(f"{COMPANY}/rename", companies.rename, Right.OPERATOR, "operator_rename"),
    page(f"{COMPANY}/suspend", companies.suspend, Right.OPERATOR, "operator_suspend"),
    page(f"{COMPANY}/resume", companies.resume, Right.OPERATOR, "operator_resume"),
    page(f"{COMPANY}/keep", companies.keep, Right.OPERATOR, "operator_keep"),
    page(f"{COMPANY}/end", companies.end, Right.OPERATOR, "operator_end", lately=True),
    page(f"{COMPANY}/stay", companies.stay, Right.OPERATOR, "operator_stay"),
    page(f"{COMPANY}/measure", companies.measure, Right.OPERATOR, "operator_measure"),
    page(f"{COMPANY}/export/<kind>", companies.export, Right.OPERATOR, "operator_export"),
    page(
        f"{COMPANY}/connections/<connection>/end",
        companies.end_connection,
        Right.OPERATOR,
        "operator_end_connection",
    ),
    page("operator/people", people.people, Right.OPERATOR, "operator_people"),
    page(PERSON, people.someone, Right.OPERATOR, "operator_person"),
    page(f"{PERSON}/unlock", people.unlock, Right.OPERATOR, "operator_unlock"),
    page(f"{PERSON}/sign-out", people.sign_out, Right.OPERATOR, "operator_sign_out"),
    page(f"{PERSON}/close", people.close, Right.OPERATOR, "operator_close"),
    page("operator/health", service.health, Right.OPERATOR, "operator_health"),
    page("operator/log", service.log, Right.OPERATOR, "operator_log"),
]
of_data: Pages = [
    page("c/<company>/data", data.data, Right.SUPERUSER, "company_data", suspended_too=True),
    page(
        "c/<company>/data/export/<kind>",
        data.export,
        Right.SUPERUSER,
        "company_export",
        suspended_too=True,
    ),
    page(
        "c/<company>/data/end",
        data.end,
        Right.SUPERUSER,
        "company_end",
        lately=True,
        suspended_too=True,
    ),
    page("c/<company>/data/stay", data.stay, Right.SUPERUSER, "company_stay", suspended_too=True),
]
