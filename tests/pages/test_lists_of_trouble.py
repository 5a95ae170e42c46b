"""Conflicts and the quarantine are searched, filtered and exported, within what the reader may see."""

from __future__ import annotations

import pytest
from django.utils import timezone

from samsyn.core.changes import Operation
from samsyn.online.companies.models import Company, OwnRole, Role
from samsyn.records import history
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from samsyn.records.wanted import Wanted
from tests.pages.people import new_company, new_member, signed_in
from tests.records.office import AT, Office, rid

OWNER, OTHER = "owner@example.com", "other@example.com"
TYPES = ("customer", "order")


@pytest.fixture
def company(service_on_both: None) -> Company:
    """Conflicts of two people; one value is a spreadsheet's formula."""
    company = new_company("Ett AB", OWNER)
    new_member(company, OTHER, Role.STANDARD)
    tenant = Tenant(company.pk)
    office = Office.paired(tenant)
    office.hello()
    office.load(last=True)
    office.push(*(office.new(n, name=f"Kund {n}") for n in (1, 2, 3)))
    for number, by, phone in ((1, OWNER, "=1+1"), (2, OTHER, "ÅÄÖ-2")):
        with company_unit(tenant, Source.WEB, by, AT) as unit:
            unit.edit(rid(number), {"phone": phone})
    office.push(office.put(1, phone="08-1"), office.put(2, phone="08-2"))
    with company_unit(tenant, Source.WEB, OWNER, AT) as unit:
        unit.edit(rid(3), {"limit": "-3"})
    office.pull()
    office.push(office.refused(3, Operation.UPDATE, "limit"))
    return company


def found(company: Company, **wanted: object) -> list[str]:
    told = history.conflicts(
        Tenant(company.pk),
        10,
        None,
        Wanted(TYPES, {"customer": "name"}, **wanted),  # type: ignore[arg-type]  # by name
    )
    return [one.record for one in told]


def test_conflicts_are_found_by_values_people_titles_and_period(company: Company) -> None:
    assert found(company) == [rid(2), rid(1)]
    assert found(company, search="åäö") == [rid(2)]
    assert found(company, search="08-1 KUND") == [rid(1)]
    assert found(company, search="other@") == [rid(2)]
    assert found(company, search="desk-1") == [rid(2), rid(1)]
    assert found(company, search="no such thing") == []
    assert found(company, search="%") == []
    assert found(company, by=OWNER) == [rid(1)]
    assert found(company, since="2026-11-24") == []


def test_types_that_are_not_wanted_are_not_found(company: Company) -> None:
    assert history.conflicts(Tenant(company.pk), 10, None, Wanted(("order",))) == []
    assert history.conflicts(Tenant(company.pk), 10, None, Wanted(())) == []


def exported(email: str, path: str) -> str:
    answer = signed_in(email).get(path)
    assert answer["Content-Type"].startswith("text/csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # of a stream


def test_no_text_of_a_file_becomes_a_formula(company: Company) -> None:
    text = exported(OWNER, f"/c/{company.pk}/conflicts/export?days=all")
    assert "'=1+1" in text
    assert text.count("\r\n") == 3
    assert ",=" not in text


def test_a_file_has_what_the_list_has(company: Company) -> None:
    root = f"/c/{company.pk}"
    assert "08-1" not in exported(OWNER, f"{root}/conflicts/export?days=all&q=åäö")
    assert "08-2" not in exported(OWNER, f"{root}/conflicts/export?days=all&mine=1")
    assert "limit" in exported(OWNER, f"{root}/quarantine/export")
    assert "limit" not in exported(OWNER, f"{root}/quarantine/export?state=settled")
    assert "limit" not in exported(OWNER, f"{root}/quarantine/export?register=order")


def test_who_does_not_see_a_register_gets_nothing_of_it(company: Company) -> None:
    role = OwnRole.objects.create(
        company=company, name="R", levels={"order": "full"}, created=timezone.now()
    )
    new_member(company, "own@example.com", Role.OWN, role.id)
    client = signed_in("own@example.com")
    for name in ("conflicts", "quarantine"):
        for query in ("", "?days=all", "?days=all&register=customer", "?days=all&q=kund"):
            page = client.get(f"/c/{company.pk}/{name}{query}").content.decode()
            assert "08-1" not in page
            assert "Kund" not in page
        assert exported("own@example.com", f"/c/{company.pk}/{name}/export").count("\r\n") == 1


def test_what_cannot_be_read_of_a_filter_is_left_out(company: Company) -> None:
    client = signed_in(OWNER)
    query = "?days=-1&register=%00&mine=x&before=%27&q=" + "x" * 5_000
    assert client.get(f"/c/{company.pk}/conflicts{query}").status_code == 200
    assert client.get(f"/c/{company.pk}/quarantine{query}&after=%27").status_code == 200
