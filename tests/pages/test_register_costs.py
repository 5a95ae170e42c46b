"""No page of the registers asks the store more often because there is more in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import signed_in

PAGES = (
    "",
    "/search?q=kund",
    "/drafts",
    "/contacts",
    "/contacts?sort=-name",
    "/contacts?q=kund&where=city:contains:l",
    "/persons",
    "/persons?where=contact_no:eq:{one}",
    "/contacts/export",
    "/persons/export?as=xlsx",
    "/contacts/pick?q=kund",
    "/contacts/{one}",
    "/contacts/{one}/related",
    "/contacts/{one}/history",
    "/contacts/{one}/edit",
    "/contacts/{one}/delete",
    "/contacts/{one}/delete",
    "/persons/new",
    "/contacts/import",
)


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    fill(made, range(1, 4))
    return made


def fill(firm: Firm, numbers: range) -> None:
    """Contacts, each with a person of its own and one of the first contact's."""
    firm.put("contacts", *((n, {"name": f"Kund {n}", "city": "Lund"}) for n in numbers))
    firm.put("persons", *((1000 + n, {"name": f"P{n}", "contact_no": rid(n)}) for n in numbers))
    firm.put("persons", *((2000 + n, {"name": f"Q{n}", "contact_no": rid(1)}) for n in numbers))


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
        if answer.streaming:
            list(answer.streaming_content)  # type: ignore[attr-defined]  # streamed
    assert answer.status_code == 200, path
    return len(told)


def test_pages_cost_as_many_queries_for_many_records_as_for_few(firm: Firm) -> None:
    anna = signed_in(OWNER)
    paths = [firm.root() + page.format(one=rid(1)) for page in PAGES]
    for path in paths:
        cost(anna, path)  # so that what is read once is read
    few = {path: cost(anna, path) for path in paths}
    fill(firm, range(4, 150))
    many = {path: cost(anna, path) for path in paths}
    assert {path: (few[path], many[path]) for path in paths if many[path] > few[path]} == {}
