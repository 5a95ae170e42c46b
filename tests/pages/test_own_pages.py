"""A person's own pages: connections, data to take along, another address, preferences."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from samsyn.online.companies.models import Company, FormerAddress, Person, Role
from samsyn.online.companies.scopes import READING
from samsyn.online.companies.tokens import Wanted, create_token
from samsyn.online.mail.models import OutgoingMail
from samsyn.records import clock
from samsyn.records.connections import authenticate, open_connection
from samsyn.records.errors import ConnectionRevoked
from samsyn.records.tenant import Tenant, writing
from tests.pages.people import NOW, PASSWORD, new_company, new_member, new_person, signed_in

pytestmark = pytest.mark.usefixtures("service")


def confirmed(client: Client) -> Client:
    """The same person still."""
    client.post("/id/still-you", {"password": PASSWORD, "next": "/id"})
    return client


def connected(company: Company) -> str:
    """The key of a new connection."""
    with writing():
        return open_connection(Tenant(company.pk), "KONTORET", "firma.db", "sqlite", clock.now())


def test_a_superuser_revokes_a_connection_and_its_key_opens_nothing(service: None) -> None:
    company = new_company("Ett AB", "owner@example.com")
    secret = connected(company)
    client = signed_in("owner@example.com")
    assert b"KONTORET" in client.get("/id/connections").content
    path = f"/c/{company.pk}/connections/{secret.split('.')[1]}/revoke"
    authenticate(secret)
    client.get(path)
    authenticate(secret)  # to look is not to do
    client.post(path)
    with pytest.raises(ConnectionRevoked):
        authenticate(secret)
    assert b"revoked" in client.get("/id/connections").content


def test_g9_a_connection_of_another_company_is_not_found(service: None) -> None:
    mine, theirs = new_company("Ett AB", "a@example.com"), new_company("Två AB", "b@example.com")
    secret = connected(theirs)
    connection = secret.split(".")[1]
    client = signed_in("a@example.com")
    assert client.post(f"/c/{mine.pk}/connections/{connection}/revoke").status_code == 404
    assert client.post(f"/c/{theirs.pk}/connections/{connection}/revoke").status_code == 404
    authenticate(secret)
    assert b"KONTORET" not in client.get("/id/connections").content


def test_a_person_takes_along_what_is_kept_and_no_secret(service: None) -> None:
    company = new_company("Ett AB", "owner@example.com")
    token = create_token(company.pk, "owner@example.com", Wanted(READING), NOW).token
    client = signed_in("owner@example.com")
    assert client.get("/id/data/file").status_code == 302  # is it still you?
    answer = confirmed(client).get("/id/data/file")
    kept = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert kept["samsyn_id"]["email"] == "owner@example.com"
    assert [c["name"] for c in kept["companies"]] == ["Ett AB"]
    assert kept["sessions"][0]["address"] == "127.0.0.1"
    assert kept["tokens"][0]["prefix"] in token
    for secret in (
        token,
        token.rsplit("_", 1)[1],
        "argon2",
        client.cookies["samsyn_session"].value,
    ):
        assert secret not in answer.content.decode()


def test_another_address_counts_when_its_own_letter_has_been_opened(service: None) -> None:
    new_person("old@example.com")
    client = confirmed(signed_in("old@example.com"))
    client.post("/id/email", {"email": "New@example.com", "action_add": "1"})
    assert Person.objects.get().email == "old@example.com"
    letter = OutgoingMail.objects.get(to="new@example.com").text
    link = re.search(r"https://samsyn.example(\S+)", letter)
    assert link
    client.post(link.group(1))
    assert Person.objects.get().email == "new@example.com"
    assert FormerAddress.objects.get().email == "old@example.com"
    assert signed_in("new@example.com").get("/companies").status_code == 200


def test_an_address_of_somebody_else_cannot_be_taken(service: None) -> None:
    new_person("mine@example.com")
    Person.objects.create(email="theirs@example.com")
    client = confirmed(signed_in("mine@example.com"))
    client.post("/id/email", {"email": "theirs@example.com", "action_add": "1"})
    for letter in OutgoingMail.objects.filter(to="theirs@example.com"):
        for link in re.findall(r"https://samsyn.example(/id/confirm/\S+)", letter.text):
            client.post(link)
    assert Person.objects.filter(email="theirs@example.com").count() == 1
    assert Person.objects.filter(email="mine@example.com").count() == 1


def test_preferences_count_from_the_next_page(service: None) -> None:
    company = new_company("Ett AB", "owner@example.com")
    new_member(new_company("Två AB", "b@example.com"), "owner@example.com", Role.STANDARD)
    client = signed_in("owner@example.com")
    told = {
        "name": "Olle",
        "language": "sv",
        "time_zone": "Europe/Helsinki",
        "theme": "dark",
        "default_company": company.pk,
    }
    client.post("/id", told)
    page = client.get("/companies").content.decode()
    assert '<html lang="sv" data-theme="dark">' in page
    assert client.get("/")["Location"] == f"/c/{company.pk}"
    strange = client.post("/id", {**told, "default_company": "a" * 12})
    assert strange.status_code == 200  # not one of the person's companies
    assert Person.objects.get(email="owner@example.com").default_company == company.pk


def test_a_default_company_that_one_has_left_is_no_longer_begun_in(service: None) -> None:
    new_company("Ett AB", "owner@example.com")
    Person.objects.filter(email="owner@example.com").update(default_company="a" * 12)
    one = Company.objects.get()
    assert signed_in("owner@example.com").get("/")["Location"] == f"/c/{one.pk}"
