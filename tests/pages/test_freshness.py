"""The header says how fresh the registers are, and never more than is known (FM10)."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from samsyn.online.companies.models import Company
from samsyn.online.freshness import standing
from samsyn.protocol import wire
from samsyn.protocol.messages import PAUSED, HeldReport, OfficeAlarm
from samsyn.records import clock, held
from samsyn.records.connections import Caller, open_connection
from samsyn.records.contact import note_heard
from samsyn.records.push import push
from samsyn.records.tenant import Tenant, writing
from tests.pages.people import new_company, signed_in
from tests.records.office import Office

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def company(service: None) -> Company:
    return new_company("Ett AB", "owner@example.com")


def heard(tenant: Tenant, ago: datetime.timedelta) -> None:
    """An office that was heard so long ago."""
    at = (timezone.now() - ago).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with writing():
        secret = open_connection(tenant, "KONTORET", "firma.db", "sqlite", clock.now())
    note_heard(Caller(tenant, secret.split(".")[1], "KONTORET"), at)


def says(tenant: Tenant, *alarms: OfficeAlarm) -> None:
    """What the office says of itself."""
    [(connection,)] = tenant.rows(
        "SELECT id FROM records_connection WHERE company_id = %(company)s"
    )
    held.store(Caller(tenant, connection, "KONTORET"), HeldReport(1, (), alarms))


def test_without_an_office_it_says_so(company: Company) -> None:
    told = standing(Tenant(company.pk))
    assert (told.state.kind, told.state.words) == ("none", "No office is connected")
    page = signed_in("owner@example.com").get(f"/c/{company.pk}/office").content.decode()
    assert "Make a code for the office" in page


def test_an_office_that_is_heard_and_has_taken_all_is_the_same(company: Company) -> None:
    heard(Tenant(company.pk), datetime.timedelta(seconds=20))
    told = standing(Tenant(company.pk))
    assert (told.state.kind, told.state.words) == ("good", "The same as the office")
    page = signed_in("owner@example.com").get(f"/c/{company.pk}").content.decode()
    assert page.count("The same as the office") == 2  # in the header and on the page


def test_an_office_that_is_not_heard_is_told_with_the_moment(company: Company) -> None:
    heard(Tenant(company.pk), datetime.timedelta(days=3))
    told = standing(Tenant(company.pk))
    assert told.state.kind == "stopped"
    assert told.state.words.startswith("The office has not been heard from since 2")


def test_a_sync_that_is_paused_at_the_office_is_told_with_what_waits(company: Company) -> None:
    tenant = Tenant(company.pk)
    heard(tenant, datetime.timedelta(minutes=2))
    since = clock.now()
    says(tenant, OfficeAlarm("agent", PAUSED, since))
    told = standing(tenant)
    assert told.state.kind == "waiting"
    assert told.state.words.startswith("The sync has been paused at the office since")
    assert (told.contact.paused, told.troubles) == (since, ())


def test_htmx_gets_the_part_and_everybody_else_the_page(company: Company) -> None:
    client = signed_in("owner@example.com")
    part = client.get(f"/c/{company.pk}/office", headers={"HX-Request": "true"})
    assert part.content.strip().startswith(b"<section")
    assert "HX-Request" in part["Vary"]
    line = client.get(f"/c/{company.pk}/office/state").content.decode()
    assert line.startswith('<a class="state')


@pytest.mark.parametrize(
    ("age_ms", "kind", "words"),
    [
        (None, "good", "The same as the office"),
        (0, "good", "Less than 0.1 s behind the office"),
        (1234, "good", "1.2 s behind the office"),
        (4_900, "good", "4.9 s behind the office"),
        (59_000, "waiting", "59 s behind the office"),
        (99_999, "waiting", "99 s behind the office"),
        (600_000, "waiting", "10 min behind the office"),
        (8 * 3_600_000, "waiting", "8 h behind the office"),
        (10**14, "waiting", "11574 days behind the office"),
    ],
)
def test_how_far_behind_the_office_is_told_as_its_last_batch_said(
    company: Company, age_ms: int | None, kind: str, words: str
) -> None:
    office = Office.paired(Tenant(company.pk))
    office.hello()
    push(office.caller, office.batch(office.new(1, name="a")), 1, clock.now(), age_ms=age_ms)
    told = standing(Tenant(company.pk))
    assert (told.state.kind, told.state.words) == (kind, words)


def test_a_backlog_that_has_come_is_behind_no_longer(company: Company) -> None:
    office = Office.paired(Tenant(company.pk))
    office.hello()
    then = (timezone.now() - datetime.timedelta(minutes=3)).isoformat(timespec="milliseconds")
    for number, (age_ms, words) in enumerate(
        [(8 * 3_600_000, "The same as the office"), (1_200, "1.2 s behind the office")], 1
    ):
        body = office.batch(office.new(number, name="a"), number=number)
        push(office.caller, body, 1, then, age_ms=age_ms)
        office.number, office.hash = number, wire.body_hash(body)
        note_heard(office.caller, clock.now())
        assert standing(Tenant(company.pk)).state.words == words
