"""Sessions end by themselves, at the server, whatever the browser keeps."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.webkit.session_ends import BEGAN, IDLE_S, LONGEST_S, USED
from tests.pages.people import PASSWORD, new_person, signed_in

pytestmark = pytest.mark.usefixtures("service")
DAY_S = 24 * 3600


def aged(client: Client, key: str, seconds: int) -> None:
    """Make the session older than it is."""
    session = client.session
    session[key] -= seconds
    session.save()


def opens(client: Client) -> bool:
    return client.get("/companies").status_code == 200


def test_a_session_ends_after_thirty_days_however_it_is_used() -> None:
    new_person("anna@example.com")
    client = signed_in("anna@example.com")
    aged(client, BEGAN, LONGEST_S - 60)
    assert opens(client)
    aged(client, BEGAN, 120)
    kept = client.cookies["samsyn_session"].value
    assert not opens(client)
    other = Client()
    other.cookies["samsyn_session"] = kept
    assert not opens(other)


def test_an_unused_session_ends_after_half_a_day_or_two_weeks_as_chosen() -> None:
    new_person("anna@example.com")
    client = signed_in("anna@example.com")
    aged(client, USED, IDLE_S - 60)
    assert opens(client)
    aged(client, USED, IDLE_S + 60)
    assert not opens(client)
    kept = Client()
    told = {"login": "anna@example.com", "password": PASSWORD, "remember": "on"}
    assert kept.post("/id/sign-in", told).status_code == 302
    aged(kept, USED, 13 * DAY_S)
    assert opens(kept)
    aged(kept, USED, 14 * DAY_S)
    assert not opens(kept)
