"""Every page of the office program says who may open it, and opens for nobody else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from samsyn.webkit.registers.book import May
from tests.office.connecting import BERG
from tests.office.people import KINDS, add_user, kinds, signed_in
from tests.office.routes import Route, routes
from tests.office.running import Fields, Office, Person

ROUTES = routes()
PAGES = [one for one in ROUTES if "/r/" not in one.route and not one.route.endswith("/r")]
REGISTERS = [one for one in ROUTES if one not in PAGES]
AREAS: Mapping[str, Mapping[str, May]] = {
    "administrator": dict.fromkeys(
        ["company", "online", "backup", "databases", "people"], May.FULL
    ),
    "standard": {"company": May.READ, "online": May.READ},
    "reader": {"company": May.READ, "online": May.READ},
    "own": {"people": May.READ},
}
CONTACTS = {
    "superuser": May.FULL,
    "administrator": May.NONE,
    "standard": May.FULL,
    "reader": May.READ,
    "own": May.WRITE,
}
NEEDS_WRITE = {"new_record", "edit_record", "switch_record", "import_register", "import_preview"}
NEEDS_FULL = {"delete_record"}
PART = {"register": "contacts", "record": "contacts.10001", "field": "notes", "company": "sample"}


@pytest.fixture(scope="session")
def people(office: Office) -> dict[str, Person]:
    """Somebody of every kind, signed in; as long as the office, which a process may come back to."""
    return kinds(office)


def test_every_page_names_its_right() -> None:
    assert [one.route for one in ROUTES if not one.who] == []
    assert len(ROUTES) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.name)
def test_a_page_answers_each_kind_of_user_as_its_right_says(
    people: dict[str, Person], page: Route
) -> None:
    for kind in KINDS:
        if page.name == "sign_out":
            continue
        answer = people[kind].get(filled(page.route))
        told = (kind, answer.status, answer.to)
        if kind == "nobody" and page.who != "anyone":
            assert answer.to.startswith("/sign-in?next="), told
        elif opens(page, kind):
            assert answer.status in (200, 302, 404, 405), told
            assert not answer.to.startswith("/sign-in?"), told
        else:
            assert answer.status == 403, told
            assert people[kind].post(filled(page.route)).status == 403, told


@pytest.mark.parametrize("page", REGISTERS, ids=lambda one: one.name)
def test_a_register_answers_each_kind_of_user_as_his_level_says(
    people: dict[str, Person], page: Route
) -> None:
    path = filled(page.route)
    assert people["nobody"].get(path).to.startswith("/sign-in?next=")
    for kind, level in CONTACTS.items():
        answer = people[kind].get(path)
        told = (kind, path, answer.status)
        if "<str:register>" not in page.route:
            assert answer.status == 200, told
        elif level is May.NONE:
            assert {answer.status, people[kind].post(path).status} <= {404, 405}, told
        elif level < needed(page):
            assert answer.status in (403, 405), told
            assert people[kind].post(path).status == 403, told
        else:
            assert answer.status in (200, 302, 404, 405), told


OF_A_COMPANY = [one for one in ROUTES if one.route.startswith("c/<company>")]


@pytest.fixture(scope="session")
def outsider(office: Office, people: dict[str, Person]) -> Person:
    """Somebody with every right of the settings, who is kept out of the only company that he is asked about."""
    anna = people["superuser"]
    anna.post("/companies/new", **BERG | {"name": "Granne AB"})
    key, password = add_user(anna, "outsider", "administrator")
    shown = anna.open(f"/users/{key}").text
    named = re.findall(r'name="companies" value="(\w+)"[^>]*>\s*([^<]+?)\s*</label>', shown)
    others = [one for one, name in named if name != "Sample company"]
    sent: Fields = {**anna.form(f"/users/{key}"), "companies": others}
    assert anna.post(f"/users/{key}", **sent).to == "/users"
    return signed_in(office, "outsider", password)


@pytest.mark.parametrize("page", OF_A_COMPANY, ids=lambda one: one.name)
def test_a_page_of_a_company_is_not_there_for_who_is_kept_out_of_it(
    outsider: Person, page: Route
) -> None:
    path = filled(page.route)
    assert (outsider.get(path).status, outsider.post(path).status) == (404, 404)


def opens(page: Route, kind: str) -> bool:
    """Whether the page's right opens it for a user of the kind."""
    if page.who == "anyone" or kind == "superuser":
        return True
    if page.who == "superuser":
        return False
    if not page.area:
        return True
    return AREAS.get(kind, {}).get(page.area, May.NONE) >= May[page.level]


def needed(page: Route) -> May:
    """The level in the register that a page needs."""
    if page.name in NEEDS_FULL:
        return May.FULL
    return May.WRITE if page.name in NEEDS_WRITE else May.READ


def filled(route: str) -> str:
    """The address of a pattern."""
    parts = []
    for part in route.split("/"):
        name = part.partition("<")[2].rpartition(">")[0].rpartition(":")[2]
        parts.append(PART.get(name, "x") if name else part)
    return "/" + "/".join(parts)
