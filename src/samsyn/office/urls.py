"""Where each page of the office program is found, with the right that opens it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from samsyn.office import pages
from samsyn.office.access import ANYONE, SUPERUSER, USER, USER_AT_ONCE, page, setting
from samsyn.office.backup import pages as backups
from samsyn.office.companies import attach_pages as attaching
from samsyn.office.companies import details_pages as details
from samsyn.office.companies import pages as companies
from samsyn.office.companies import taking_out
from samsyn.office.online_urls import online_pages
from samsyn.office.people import own_pages as own
from samsyn.office.people import pages as people
from samsyn.office.people import profile_pages as profiles
from samsyn.office.people import signing
from samsyn.office.people.rights import Area
from samsyn.office.people.rights_file import export_rights
from samsyn.webkit.desktop.pages import desktop, desktop_pages
from samsyn.webkit.help.pages import help_pages
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
    page("me", own.own_settings, USER, "own_settings"),
    page("", pages.start, USER, "start"),
]
SEE, CHANGE = setting(Area.PEOPLE, May.READ), setting(Area.PEOPLE, May.WRITE)
people_pages: Pages = [
    page("users", people.users, SEE, "users"),
    page("users/new", people.new_user, CHANGE, "new_user"),
    page("users/rights-file", export_rights, SUPERUSER, "export_rights"),
    page("users/<user>", people.user, CHANGE, "user"),
    page("users/<user>/rights", profiles.user_profile, CHANGE, "user_profile"),
    page("users/<user>/password", people.give_password, CHANGE, "give_password"),
    page("users/<user>/sign-out", people.sign_out_user, CHANGE, "sign_out_user"),
    page("users/<user>/remove", people.remove_user, setting(Area.PEOPLE, May.FULL), "remove_user"),
    page("templates", profiles.templates, SEE, "templates"),
    page("templates/new", profiles.new_template, CHANGE, "new_template"),
    page("templates/<template>", profiles.template, CHANGE, "template"),
    page(
        "templates/<template>/remove",
        profiles.remove_template,
        setting(Area.PEOPLE, May.FULL),
        "remove_template",
    ),
    page("signed-in", people.signed_in, SEE, "signed_in"),
]
company_databases: Pages = [
    page("companies", companies.choose, USER, "choose_company"),
    page("companies/add", companies.add, setting(Area.DATABASES, May.WRITE), "add_company"),
    page(
        "companies/attach", attaching.which, setting(Area.DATABASES, May.WRITE), "attach_database"
    ),
    page(
        "companies/attach/plan", attaching.plan, setting(Area.DATABASES, May.WRITE), "attach_plan"
    ),
    page("companies/backup", backups.bring_in, setting(Area.DATABASES, May.FULL), "bring_in"),
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
    page("c/<company>/settings/me", own.own_employee, CHANGE, "own_employee"),
    page("c/<company>", desktop, USER, "company"),
    page(
        "c/<company>/settings/company",
        details.details,
        setting(Area.COMPANY, May.READ),
        "company_details",
    ),
    page(
        "c/<company>/settings/company/registers",
        attaching.again,
        setting(Area.DATABASES, May.WRITE),
        "choose_registers",
    ),
    page(
        "c/<company>/settings/company/take-out",
        taking_out.take_out,
        setting(Area.DATABASES, May.FULL),
        "take_out_company",
    ),
    *desktop_pages("c/<company>", lambda route, view, name: page(route, view, USER, name)),
]
BACKUPS = "c/<company>/settings/backup"
MAKES, RESTORES = setting(Area.BACKUP, May.WRITE), setting(Area.BACKUP, May.FULL)
backup: Pages = [
    page(BACKUPS, backups.listed, MAKES, "backups"),
    page(f"{BACKUPS}/file", backups.restore_file, RESTORES, "restore_file"),
    page(f"{BACKUPS}/<file>", backups.take_along, RESTORES, "backup_file"),
    page(f"{BACKUPS}/<file>/restore", backups.restore, RESTORES, "restore_backup"),
    page(f"{BACKUPS}/<file>/remove", backups.remove, RESTORES, "remove_backup"),
]
helping = help_pages(lambda route, view, name: page(route, view, ANYONE, name))
registers = register_pages("c/<company>/r", lambda route, view, name: page(route, view, USER, name))
"""Each register has its own level beside: see `registers/book.py`."""
urlpatterns = [
    *helping,
    *backup,
    *entrance,
    *people_pages,
    *company_databases,
    *company,
    *online_pages,
    *registers,
]
handler400 = "samsyn.office.refusals.bad_request"
handler404 = "samsyn.office.refusals.not_found"
handler500 = "samsyn.office.refusals.failed"
