"""Users of every kind in a running office program, signed in."""

from __future__ import annotations

import re

from tests.office.running import OTHER_PASSWORD, Fields, Office, Person, ticked

KINDS = ("nobody", "superuser", "administrator", "standard", "reader", "own")
PROFILE = {"register:contacts": "write", "area:people": "read"}


def add_user(by: Person, name: str, access: str) -> tuple[str, str]:
    """A new user of that name with an access; the user's id and first password."""
    told: Fields = {"name": name, "username": name, "access": access, "is_active": "on"}
    companies = ticked(by.open("/users/new").text, "companies")
    made = by.post("/users/new", **told, companies=companies)
    found = re.search(r'class="secret">([^<]+)<', made.text)
    assert found is not None, made.text
    known = re.search(r'href="/users/([a-z2-7]{12})', made.text)
    assert known is not None, made.text
    return known[1], found[1]


def signed_in(office: Office, name: str, password: str) -> Person:
    """The user at a browser, with a password of his own."""
    someone = Person(office.url)
    assert someone.sign_in(name, password).status == 302
    told = {"now": password, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert someone.post("/me/password", **told).status == 302
    return someone


def kinds(office: Office) -> dict[str, Person]:
    """Somebody of every kind; made by the first who asks."""
    anna = Person(office.url)
    assert anna.sign_in("anna").status == 302
    people = {"nobody": Person(office.url), "superuser": anna}
    for access in KINDS[2:]:
        key, password = add_user(anna, f"kind-{access}", access)
        if access == "own":
            sent = anna.form(f"/users/{key}/rights") | PROFILE
            assert anna.post(f"/users/{key}/rights", **sent).to == "/users"
        people[access] = signed_in(office, f"kind-{access}", password)
    return people
