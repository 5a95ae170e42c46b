"""Every page says who may open it, and opens for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from samsyn.online import urls
from samsyn.online.access import Right
from samsyn.online.companies.models import OwnRole, Role
from samsyn.online.companies.rights import rights_of
from samsyn.records.catalogs import complete, store_catalog
from samsyn.records.tenant import Tenant, writing
from samsyn.webkit.registers.book import May
from tests.online.office import CATALOG
from tests.pages.people import NOW, new_company, new_member, new_person, signed_in

OF_A_COMPANY = {Right.MEMBER, Right.SUPERUSER}
NAMES = {
    "type": "contacts",
    "token": "x",
    "key": "x",
    "uidb36": "a" * 12,
    "pk": "1",
    "session": "1",
}


def _all(prefix: str, listed: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for one in listed:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _all(route, one.url_patterns)
        else:
            yield route, one


PAGES = list(_all("", [one for one in urls.urlpatterns if one not in urls.for_programs]))


def right_of(pattern: URLPattern) -> Right:
    found: Right = getattr(pattern.callback, "right")  # noqa: B009 - set by page()
    return found


def test_every_page_names_its_right() -> None:
    assert [r for r, p in PAGES if not isinstance(getattr(p.callback, "right", None), Right)] == []
    assert len(PAGES) > 40


def test_a_page_of_a_company_names_the_company_and_a_right_in_it() -> None:
    for route, pattern in PAGES:
        assert ("<company>" in route) == (right_of(pattern) in OF_A_COMPANY), route


KINDS = ("nobody", "stranger", "own", "read_only", "standard", "superuser")
ALLOWED = {
    Right.ANYONE: set(KINDS),
    Right.PERSON: set(KINDS) - {"nobody"},
    Right.MEMBER: {"own", "read_only", "standard", "superuser"},
    Right.SUPERUSER: {"superuser"},
    Right.OPERATOR: set[str](),
}


def test_every_page_answers_each_kind_of_person_as_its_right_says(service: None) -> None:
    company = new_company("Ett AB", "superuser@example.com")
    new_company("Två AB", "stranger@example.com")
    role = OwnRole.objects.create(
        company=company, name="Läsare", levels={"contacts": "read"}, created=timezone.now()
    )
    new_member(company, "own@example.com", Role.OWN, role.id)
    new_member(company, "read_only@example.com", Role.READ_ONLY)
    new_member(company, "standard@example.com", Role.STANDARD)
    clients = {kind: signed_in(f"{kind}@example.com") for kind in KINDS[1:]}
    clients["nobody"] = Client()
    for route, pattern in PAGES:
        path = _address(route, company.pk)
        right = right_of(pattern)
        for kind in KINDS:
            if "sign-out" in path:
                continue
            answer = clients[kind].get(path)
            told = (path, kind, answer.status_code)
            if kind in ALLOWED[right]:
                assert answer.status_code != 403 or "/r/" in path, told
                if right is not Right.ANYONE:
                    assert not _sent_to_sign_in(answer), told
            elif kind == "nobody":
                assert _sent_to_sign_in(answer), told
            elif kind == "stranger" or right is Right.OPERATOR:
                assert answer.status_code == 404, told
            else:
                assert answer.status_code == 403, told


def _address(route: str, company: str) -> str:
    parts = []
    for part in route.split("/"):
        name = part.partition(">")[0].partition("<")[2].rpartition(":")[2]
        parts.append(part if not name else company if name == "company" else NAMES.get(name, "x"))
    return "/" + "/".join(parts)


def _sent_to_sign_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 302 and str(getattr(answer, "url", "")).startswith(
        "/id/sign-in?"
    )


def test_a_company_of_another_is_as_one_that_does_not_exist(service: None) -> None:
    theirs = new_company("Två AB", "other@example.com")
    new_person("stranger@example.com")
    client = signed_in("stranger@example.com")
    there = client.get(f"/c/{theirs.pk}/members")
    none = client.get(f"/c/{'a' * 12}/members")
    assert there.status_code == none.status_code == 404
    assert theirs.name not in there.content.decode()
    assert _body(there.content) == _body(none.content)


def _body(content: bytes) -> str:
    return content.decode().partition("<main")[2]


@pytest.mark.parametrize(
    ("role", "contacts", "orders"),
    [
        (Role.SUPERUSER, May.FULL, May.FULL),
        (Role.STANDARD, May.FULL, May.FULL),
        (Role.READ_ONLY, May.READ, May.READ),
        (Role.OWN, May.WRITE, May.NONE),
    ],
)
def test_a_role_gives_its_level_in_each_register(
    service: None, role: Role, contacts: May, orders: May
) -> None:
    company = new_company("Ett AB", "owner@example.com")
    own = OwnRole.objects.create(
        company=company, name="Säljare", levels={"contacts": "write"}, created=timezone.now()
    )
    person = new_member(company, "x@example.com", role, own.id if role is Role.OWN else "")
    rights = rights_of(company.member_set.get(person=person))
    assert (rights.level("contacts"), rights.level("orders")) == (contacts, orders)


def test_a_role_that_is_gone_gives_nothing(service: None) -> None:
    company = new_company("Ett AB", "owner@example.com")
    person = new_member(company, "x@example.com", Role.OWN, "goneawayrole")
    assert rights_of(company.member_set.get(person=person)).level("contacts") is May.NONE


@pytest.mark.parametrize(
    ("role", "level", "seen", "made"),
    [
        (Role.SUPERUSER, "", 200, 200),
        (Role.STANDARD, "", 200, 200),
        (Role.READ_ONLY, "", 200, 403),
        (Role.OWN, "full", 200, 200),
        (Role.OWN, "write", 200, 200),
        (Role.OWN, "read", 200, 403),
        (Role.OWN, "none", 404, 404),
    ],
)
def test_a_register_opens_as_far_as_the_role_says(
    service: None, role: Role, level: str, seen: int, made: int
) -> None:
    company = new_company("Ett AB", "owner@example.com")
    with writing():
        store_catalog(Tenant(company.pk), CATALOG, NOW.isoformat())
        for one in CATALOG.types:
            complete(Tenant(company.pk), one.name)
    own = OwnRole.objects.create(
        company=company, name="R", levels={"contacts": level}, created=timezone.now()
    )
    new_member(company, "x@example.com", role, own.id if role is Role.OWN else "")
    client = signed_in("x@example.com")
    root = f"/c/{company.pk}/r"
    assert client.get(f"{root}/contacts").status_code == seen
    assert client.get(f"{root}/contacts/new").status_code == made
    assert client.get(f"{root}/products").status_code == (404 if role is Role.OWN else 200)
    assert (b"products" in client.get(f"/c/{company.pk}").content) is (role is not Role.OWN)
