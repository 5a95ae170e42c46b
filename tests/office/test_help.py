"""Help at the office: the frame of who is signed in stands around it, and each page leads to its own topic."""

from __future__ import annotations

import re

import pytest

from tests.office.running import Office, Person


def test_help_keeps_the_company_the_menu_and_the_name_of_who_is_signed_in(
    office: Office, anna: Person
) -> None:
    anna.get("/c/sample")
    for page in ("/help", "/help/disconnecting", "/help?q=synk"):
        told = anna.get(page)
        assert told.shows("Anna Berg"), page
        assert 'href="/c/sample/r/contacts"' in told.text, page
    stranger = Person(office.url).get("/help")
    assert stranger.status == 200
    assert "/c/sample" not in stranger.text


@pytest.mark.parametrize(
    ("page", "topic"),
    [
        ("/c/sample", "arranging-the-desktop"),
        ("/c/sample/settings/online", "samsyn-online"),
        ("/c/sample/settings/me", "user-and-employee"),
        ("/me", "user-settings"),
        ("/templates", "access-control"),
        ("/users", "users"),
        ("/companies", "companies"),
        ("/c/sample/r/contacts/contacts.10001/history", "history-of-a-record"),
        ("/c/sample/settings/backup", "backup-and-restore"),
    ],
)
def test_a_page_leads_to_the_help_about_it(anna: Person, page: str, topic: str) -> None:
    found = re.search(r'rel="help" href="([^"]+)"', anna.open(page).text)
    assert found
    assert found[1] == f"/help/{topic}"
    assert anna.get(found[1]).status == 200
