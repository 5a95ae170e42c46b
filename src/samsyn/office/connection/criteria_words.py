"""The criteria in words: what must be true, and what is wrong where it is not."""

from __future__ import annotations

import msgspec
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samsyn.agent.runlog import Noted
from samsyn.office.connection.criteria import Criterion, Place, State
from samsyn.office.connection.words import code_words


class Shown(msgspec.Struct, frozen=True):
    """A criterion as the page shows it."""

    code: str
    state: str
    icon: str
    title: str
    words: str
    url: str
    """Where it is mended; empty where nothing is to be done, or nothing can be."""
    action: str


ICONS = {State.MET: "check", State.UNMET: "error", State.TOLD: "info"}


def shown(one: Criterion, links: dict[Place, str], back: str) -> Shown:
    """A criterion in words; `links` are where it can be mended, `back` is where one comes from."""
    mended = one.state is State.UNMET
    url = links.get(one.place, "") if mended else ""
    if url:
        url += ("&" if "?" in url else "?") + urlencode({"next": back})
    return Shown(
        one.code,
        one.state.value,
        ICONS[one.state],
        _title(one.code),
        _words(one),
        url,
        _action(one.place) if url else "",
    )


def _title(code: str) -> str:
    return {
        "REGISTERED_USER": _("Registered user"),
        "SUPERUSER": _("Superuser"),
        "LINKED_TO_EMPLOYEE": _("Linked to an employee"),
        "EMPLOYEE_EMAIL": _("The employee's e-mail address"),
        "COMPANY_NAME": _("Company name"),
        "COMPANY_ADDRESS": _("Company address"),
        "COMPANY_PHONE": _("Company telephone"),
        "COMPANY_EMAIL": _("Company e-mail"),
        "COMPANY_ORG_NO": _("Organisation number"),
        "REGISTRATION": _("Registration"),
        "NOT_EVALUATION": _("No evaluation"),
        "NOT_SAMPLE": _("Not the sample company"),
        "ROOM_FOR_ONE_MORE": _("Room for another connection"),
        "DATABASE_FIT": _("The database can be kept the same"),
        "SERVICE_REACHED": _("Samsyn Online answers"),
        "CLOCKS": _("Clocks"),
        "OWN_SQLITE": _("SQLite in this program"),
        "OTHER_SQLITE": _("SQLite in the other program"),
    }[code]


def _words(one: Criterion) -> str:
    if one.state is State.MET:
        return _met(one)
    return _unmet(one)


def _met(one: Criterion) -> str:
    facts = one.facts
    match one.code:
        case "REGISTERED_USER" | "SUPERUSER":
            return facts["user"]
        case "LINKED_TO_EMPLOYEE":
            return facts["employee"]
        case "EMPLOYEE_EMAIL":
            return facts["email"]
        case "SERVICE_REACHED":
            return facts["address"]
        case "OWN_SQLITE" | "OTHER_SQLITE":
            return _("Version %(version)s is safe.") % facts
        case "DATABASE_FIT":
            return _("%(types)s registers can be kept the same.") % facts
        case "ROOM_FOR_ONE_MORE" if facts["others"]:
            return _("Connected beside it: %(others)s") % facts
    return ""


def _unmet(one: Criterion) -> str:
    facts = one.facts
    match one.code:
        case "REGISTERED_USER":
            return _("You are not a user of this installation.")
        case "SUPERUSER":
            return (
                _("%(user)s is no superuser. A superuser connects the company, or makes you one.")
                % facts
            )
        case "LINKED_TO_EMPLOYEE":
            return _("You are not linked to an employee of this company.")
        case "EMPLOYEE_EMAIL" if facts["employee"]:
            return _("The card of %(employee)s has no valid e-mail address.") % facts
        case "EMPLOYEE_EMAIL":
            return _("It is known when you are linked to an employee.")
        case "COMPANY_NAME":
            return _("The company's name is missing.")
        case "COMPANY_ADDRESS":
            return _("Street, postal code or town is missing or not valid.")
        case "COMPANY_PHONE":
            return _("The company's telephone number is missing or not valid.")
        case "COMPANY_EMAIL":
            return _("The company's e-mail address is missing or not valid.")
        case "COMPANY_ORG_NO":
            return _("The organisation number is missing or not valid.")
        case "REGISTRATION":
            return _(
                "The installation is not registered: company, contact person and telephone are missing."
            )
        case "NOT_EVALUATION":
            return _("An installation that is being evaluated cannot connect. Register it.")
        case "NOT_SAMPLE":
            return _(
                "The sample company is for trying things out, and is never connected. Open another company."
            )
        case "ROOM_FOR_ONE_MORE":
            return _("%(allowed)s may be connected at a time. Disconnect first: %(others)s") % facts
        case "DATABASE_FIT" if facts["trouble"]:
            return code_words(Noted(facts["trouble"]))
        case "DATABASE_FIT":
            return _("No register of the database can be kept the same.")
        case "SERVICE_REACHED":
            return code_words(Noted(facts["why"]))
        case "CLOCKS":
            return (
                _(
                    "This computer's clock is %(seconds)s seconds off that of Samsyn Online. Times in lists look wrong; nothing"
                    " is decided by them."
                )
                % facts
            )
        case "OWN_SQLITE":
            return (
                _(
                    "Version %(version)s can lose what several programs write at once. Update Samsyn."
                )
                % facts
            )
        case "OTHER_SQLITE":
            return (
                _(
                    "The file was last written with SQLite %(version)s, which can lose what several programs write at once in WAL"
                    " mode. Update the program that did, or have it use another journal mode."
                )
                % facts
            )
    raise KeyError(one.code)


def _action(place: Place) -> str:
    return {
        Place.USERS: _("To the users"),
        Place.OWN_LINK: _("Choose the employee"),
        Place.EMPLOYEE: _("Open the employee's card"),
        Place.COMPANY: _("To the company details"),
        Place.REGISTRATION: _("Register the installation"),
        Place.DATABASES: _("Open another company"),
        Place.ATTACH: _("To the company databases"),
        Place.SERVICE: _("Write the address"),
        Place.NOWHERE: "",
    }[place]


def links(alias: str, employee: str = "") -> dict[Place, str]:
    """Where each criterion is mended, of those places that there are."""
    return {
        Place.USERS: reverse("users"),
        Place.OWN_LINK: reverse("own_employee", args=[alias]),
        Place.COMPANY: reverse("company_details", args=[alias]),
        Place.REGISTRATION: reverse("registration"),
        Place.DATABASES: reverse("choose_company"),
        Place.ATTACH: reverse("choose_company"),
        Place.SERVICE: reverse("online", args=[alias]) + "#address",
        Place.EMPLOYEE: employee,
    }
