"""The start page: panels filled with what the reader may see, and arranged by each as he likes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone

from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType, Reference
from samsyn.core.cells import Cell
from samsyn.core.record import Record
from samsyn.online.companies.models import Company, OwnRole, Role
from samsyn.records.catalogs import complete, store_catalog
from samsyn.records.store import put_records
from samsyn.records.tenant import Tenant, writing
from samsyn.webkit.desktop.contents import rows
from samsyn.webkit.desktop.desk import Panel
from samsyn.webkit.registers.book import Whose
from tests.pages.people import NOW, new_company, new_member, signed_in


def text(name: str, kind: Kind = Kind.TEXT) -> Field:
    return Field(name, kind, "TEXT")


def refers(name: str, to: str) -> Field:
    return Field(name, Kind.REFERENCE, "INTEGER", reference=Reference(to, "id"))


def made(name: str, no: int, *fields: Field) -> RecordType:
    return RecordType(name, no, name, ("id",), KeyGiver.OFFICE, fields, title=fields[0].name)


CATALOG = Catalog(
    "sqlite",
    (
        made("employees", 1, text("name"), text("email")),
        made("contacts", 2, text("name")),
        made("products", 3, text("name")),
        made(
            "orders", 4, text("no"), refers("contact", "contacts"), text("order_date", Kind.DATE),
            text("amount", Kind.DECIMAL), text("currency"), text("status"),
        ),
        made(
            "lines", 5, text("what"), refers("order", "orders"), refers("product", "products"),
            text("amount", Kind.DECIMAL),
        ),
        made(
            "activities", 6, text("subject"), refers("employee", "employees"),
            text("starts_at", Kind.DATETIME), text("done", Kind.BOOLEAN),
        ),
    ),
)  # fmt: skip


def rid(number: int) -> str:
    return f"{number:032x}"


def ago(days: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=days)).isoformat()


def order(
    number: int, contact: int, amount: str, **other: Cell
) -> tuple[int, str, dict[str, Cell]]:
    fields: dict[str, Cell] = {
        "no": f"O{number}", "contact": rid(contact), "order_date": ago(3), "amount": amount,
        "currency": "SEK", "status": "Order", **other,
    }  # fmt: skip
    return number, "orders", fields


RECORDS: list[tuple[int, str, dict[str, Cell]]] = [
    (1, "employees", {"name": "Anna Ek", "email": "Owner@example.com"}),
    (2, "employees", {"name": "Bo Ek", "email": "not-owner@example.com"}),
    (11, "contacts", {"name": "Stora Kunden"}),
    (12, "contacts", {"name": "Lilla Kunden"}),
    (13, "contacts", {"name": "Gamla Kunden"}),
    (21, "products", {"name": "Skruv"}),
    (22, "products", {"name": "Hammare"}),
    order(31, 11, "1000.50"),
    order(32, 12, "300"),
    order(33, 12, "200.25"),
    order(34, 13, "9999", order_date=ago(40)),
    order(35, 13, "8888", status="Makulerad"),
    order(36, 13, "7777", currency="NOK"),
    (41, "lines", {"what": "a", "order": rid(31), "product": rid(21), "amount": "400.50"}),
    (42, "lines", {"what": "b", "order": rid(31), "product": rid(22), "amount": "600"}),
    (43, "lines", {"what": "c", "order": rid(32), "product": rid(21), "amount": "300"}),
    (44, "lines", {"what": "d", "order": rid(34), "product": rid(22), "amount": "9000"}),
    (51, "activities", {"subject": "Ring kunden", "employee": rid(1), "starts_at": "2020-01-02T08:00:00Z", "done": False}),
    (52, "activities", {"subject": "Redan gjort", "employee": rid(1), "starts_at": "2020-01-02T08:00:00Z", "done": True}),
    (53, "activities", {"subject": "Någon annans", "employee": rid(2), "starts_at": "2020-01-02T08:00:00Z", "done": False}),
]  # fmt: skip


@pytest.fixture
def company(service_on_both: None) -> Company:
    company = new_company("Ett AB", "owner@example.com")
    fill(company, {rid(n): (kind, fields) for n, kind, fields in RECORDS})
    return company


def fill(company: Company, records: Mapping[str, tuple[str, dict[str, Cell]]]) -> None:
    tenant = Tenant(company.pk)
    with writing():
        store_catalog(tenant, CATALOG, NOW.isoformat())
        for one in CATALOG.types:
            complete(tenant, one.name)
        put_records(
            tenant,
            [
                (None, Record(i, kind, fields, (n,), n))
                for n, (i, (kind, fields)) in enumerate(records.items(), 1)
            ],
        )


def panel(client: Client, company: Company, key: str) -> str:
    answer = client.get(f"/c/{company.pk}/panels/{key}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, company: Company) -> list[str]:
    page = client.get(f"/c/{company.pk}").content.decode()
    return [part.partition('"')[0] for part in page.split('data-panel="')[1:]]


def test_the_best_of_30_days_are_reckoned_from_what_was_sold_in_one_currency(
    company: Company,
) -> None:
    client = signed_in("owner@example.com")
    told = panel(client, company, "customers")
    assert told.index("Stora Kunden") < told.index("1,000.50 SEK") < told.index("Lilla Kunden")
    assert "500.25 SEK" in told
    assert "Gamla Kunden" not in told
    assert "Orders in other currencies are not counted." in told
    assert 'width="100"' in told
    assert 'width="50"' in told
    told = panel(client, company, "products")
    assert told.index("Skruv") < told.index("700.50 SEK") < told.index("Hammare")
    assert "600.00 SEK" in told


def test_my_activities_are_those_of_the_employee_with_my_address_that_are_not_done(
    company: Company,
) -> None:
    told = panel(signed_in("owner@example.com"), company, "activities")
    assert "Ring kunden" in told
    assert "overdue" in told
    assert "Redan gjort" not in told
    assert "Någon annans" not in told
    new_member(company, "guest@example.com", Role.STANDARD)
    told = panel(signed_in("guest@example.com"), company, "activities")
    assert "No employee has your e-mail address" in told


def test_a_panel_of_registers_that_the_reader_does_not_see_is_not_there(company: Company) -> None:
    own = OwnRole.objects.create(
        company=company, name="R", levels={"contacts": "read"}, created=timezone.now()
    )
    new_member(company, "own@example.com", Role.OWN, own.id)
    client = signed_in("own@example.com")
    assert not {"customers", "products", "activities"} & set(shown(client, company))
    address = f"/c/{company.pk}/panels/customers"
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 404


def test_each_person_arranges_his_own_panels(company: Company) -> None:
    new_member(company, "other@example.com", Role.STANDARD)
    mine, theirs = signed_in("owner@example.com"), signed_in("other@example.com")
    first = shown(mine, company)
    arrange = f"/c/{company.pk}/panels"
    mine.post(arrange, {"do": "remove", "panel": "changes"})
    mine.post(arrange, {"do": "later", "panel": "office"})
    assert shown(mine, company)[:2] == ["notices", "office"]
    assert "changes" not in shown(mine, company)
    assert shown(theirs, company) == first
    answer = mine.post(arrange, {"do": "add", "panel": "changes"}, follow=True)
    assert "Latest changes is now panel 1 of" in answer.content.decode()
    mine.post(arrange, {"do": "order", "order": "traffic nothing office"})
    assert shown(mine, company)[:2] == ["traffic", "office"]
    assert mine.post(arrange, {"do": "add", "panel": "nothing"}).status_code == 404
    assert mine.post(arrange, {"do": "burn"}).status_code == 404
    mine.post(arrange, {"do": "reset"})
    assert shown(mine, company) == first


def test_all_panels_can_be_taken_away(company: Company) -> None:
    client = signed_in("owner@example.com")
    for key in shown(client, company):
        client.post(f"/c/{company.pk}/panels", {"do": "remove", "panel": key})
    page = client.get(f"/c/{company.pk}").content.decode()
    assert "No panels" in page


def test_records_that_were_opened_are_listed_the_newest_first(company: Company) -> None:
    client = signed_in("owner@example.com")
    for number in (11, 12, 11):
        assert client.get(f"/c/{company.pk}/r/contacts/{rid(number)}").status_code == 200
    client.get(f"/c/{company.pk}/r/contacts/{rid(99)}")
    told = panel(client, company, "viewed")
    assert told.index("Stora Kunden") < told.index("Lilla Kunden")
    assert told.count("<li>") == 2


def test_a_panel_without_htmx_leads_back_to_all(company: Company) -> None:
    client = signed_in("owner@example.com")
    answer = client.get(f"/c/{company.pk}/panels/office")
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{company.pk}")


class SlowDesk:
    """A desktop with a panel that takes long."""

    def __init__(self, request: HttpRequest) -> None:
        self.whose, self.title, self.url = Whose("c", "p"), "Slow", "/slow"

    def panels(self) -> list[Panel]:
        """One panel that is not at hand."""
        return [Panel("slow", "Slow", "star", lambda: rows([], "made"), ready=lambda: False)]


def test_what_takes_long_comes_when_the_page_stands(company: Company) -> None:
    client = signed_in("owner@example.com")
    with override_settings(WEBKIT_DESK="tests.pages.test_desktop.SlowDesk"):
        page = client.get(f"/c/{company.pk}").content.decode()
        assert "being reckoned" in page
        assert 'hx-get="/slow/panels/slow" hx-trigger="load, every 15s"' in page
        assert 'href="/slow?all=yes"' in page, "for who has no JavaScript"
        assert "made" in client.get(f"/c/{company.pk}?all=yes").content.decode()
        assert "made" in panel(client, company, "slow")
