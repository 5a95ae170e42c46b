"""A company that disconnects or asks for its end: told with the date, kept until then, deleted wholly by itself."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from samsyn.online.companies.models import Company
from samsyn.online.mail.models import OutgoingMail
from samsyn.online.operating import care, chores, ending
from samsyn.online.operating.acts import BY_ITSELF
from samsyn.online.operating.models import Act, Care, Why
from samsyn.records.clock import text_of
from samsyn.records.connections import connections, open_connection, revoke
from samsyn.records.removal import remove
from samsyn.records.storage import storage
from samsyn.records.tables import of_companies
from samsyn.records.tenant import Tenant
from tests.pages.people import NOW, new_company
from tests.records.office import Office, create

Run = Callable[..., Any]
"""As Django has it for those who stand between it and the driver."""
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("service_on_both")


def connected(name: str, owner: str) -> Company:
    """A company whose office has been connected and has sent something."""
    company = new_company(name, owner)
    tenant = Tenant(company.pk)
    office = Office.paired(tenant)
    office.hello()
    office.push(office.new(1, name="Berg"), office.new(2, name="Dal"))
    create(tenant, 3, name="Online")
    return company


def disconnect(company: Company) -> None:
    tenant = Tenant(company.pk)
    (one,) = connections(tenant)
    revoke(tenant, one.id, "2026-11-24T12:00:00.000Z")


def rows_of(company: Company) -> int:
    return sum(
        int((Tenant(company.pk).row(
            f'SELECT count(*) FROM "{model._meta.db_table}" WHERE company_id = %(company)s'
        ) or (0,))[0])
        for model in of_companies()
    )  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


class KilledAt:
    """Lets so many deletions through."""

    def __init__(self, deletions: int) -> None:
        self.left = deletions

    def __call__(self, execute: Run, sql: str, values: Any, many: bool, told: Any) -> Any:
        if sql.startswith("DELETE"):
            if self.left == 0:
                raise Killed
            self.left -= 1
        return execute(sql, values, many, told)


def letters(company: str) -> list[str]:
    found = OutgoingMail.objects.filter(subject__contains=company).order_by("pk")
    return list(found.values_list("subject", flat=True))


def test_a_company_that_disconnects_is_told_reminded_and_deleted_on_its_date() -> None:
    company, other = connected("Ett AB", "a@example.com"), connected("Två AB", "b@example.com")
    disconnect(company)
    kept = rows_of(other)
    chores.look_to_ends(NOW)
    found = Care.objects.get(pk=company.pk)
    assert (found.why, found.delete_at) == (Why.DISCONNECTED, NOW + 30 * DAY)
    assert letters("Ett AB") == ["Ett AB in Samsyn will be deleted on 24 December 2026"]
    chores.look_to_ends(NOW + 10 * DAY)
    assert len(letters("Ett AB")) == 1
    chores.look_to_ends(NOW + 24 * DAY)
    chores.look_to_ends(NOW + 25 * DAY)
    assert letters("Ett AB")[1:] == [
        "Reminder: Ett AB in Samsyn will be deleted on 24 December 2026"
    ]
    chores.look_to_ends(NOW + 30 * DAY)
    assert not Company.objects.filter(pk=company.pk)
    assert rows_of(company) == 0
    assert letters("Ett AB")[2:] == ["Ett AB is deleted in Samsyn"]
    assert rows_of(other) == kept
    assert letters("Två AB") == []
    acts = Act.objects.filter(about=company.pk).order_by("pk")
    assert list(acts.values_list("what", "by", "name")) == [
        ("to_be_deleted", BY_ITSELF, "Ett AB"),
        ("deleted", BY_ITSELF, "Ett AB"),
    ]


def test_an_office_is_told_beforehand_what_becomes_of_the_copy_online() -> None:
    company, now = connected("Ett AB", "a@example.com"), text_of(NOW)
    tenant = Tenant(company.pk)
    (ours,) = connections(tenant)
    assert ending.end_if_left(company.pk, ours.id, now) == text_of(NOW + 30 * DAY)
    other = open_connection(tenant, "DESK-2", "b.db", "sqlite", now).split(".")[1]
    assert ending.end_if_left(company.pk, ours.id, now) is None
    revoke(tenant, other, now)
    care.decide_deletion(company, NOW + 7 * DAY, "a@example.com", NOW)
    assert ending.end_if_left(company.pk, ours.id, now) == text_of(NOW + 7 * DAY)


def test_an_office_that_comes_back_ends_the_end() -> None:
    company = connected("Ett AB", "a@example.com")
    disconnect(company)
    chores.look_to_ends(NOW)
    Office.paired(Tenant(company.pk)).hello()
    assert ending.delete_due(NOW + 31 * DAY) == []
    chores.look_to_ends(NOW + 31 * DAY)
    assert Care.objects.get(pk=company.pk).delete_at is None
    assert Company.objects.filter(pk=company.pk)


def test_a_company_that_is_to_be_kept_is_not_asked_again_until_it_disconnects_once_more() -> None:
    company = connected("Ett AB", "a@example.com")
    disconnect(company)
    chores.look_to_ends(NOW)
    care.cancel_deletion(company, "a@example.com", NOW)
    chores.look_to_ends(NOW + 60 * DAY)
    assert Company.objects.filter(pk=company.pk)
    again = Office.paired(Tenant(company.pk))
    chores.look_to_ends(NOW + 61 * DAY)
    revoke(Tenant(company.pk), again.caller.connection, "2027-01-24T12:00:00.000Z")
    chores.look_to_ends(NOW + 62 * DAY)
    assert Care.objects.get(pk=company.pk).delete_at == NOW + 92 * DAY


def test_a_decision_that_it_stays_is_told_once_in_the_log() -> None:
    company = connected("Ett AB", "a@example.com")
    care.decide_deletion(company, NOW + 30 * DAY, "op@example.com", NOW)
    care.cancel_deletion(company, "op@example.com", NOW)
    chores.look_to_ends(NOW + DAY)
    assert Act.objects.filter(by=BY_ITSELF).count() == 0
    assert (Care.objects.get(pk=company.pk).delete_at, care.care_of(company.pk).why) == (None, "")


def test_a_company_that_asked_goes_although_it_is_connected() -> None:
    fresh, asked = new_company("Ny AB", "n@example.com"), connected("Ett AB", "a@example.com")
    care.decide_deletion(asked, NOW + 3 * DAY, "a@example.com", NOW)
    chores.look_to_ends(NOW)
    letter = OutgoingMail.objects.get(to="a@example.com").text
    assert "a@example.com has asked for Ett AB to be deleted. On 27 November 2026" in letter
    assert f"https://samsyn.example/c/{asked.pk}/data" in letter
    chores.look_to_ends(NOW + 90 * DAY)
    assert set(Company.objects.values_list("pk", flat=True)) == {fresh.pk}


def test_deleting_goes_on_where_it_was_killed() -> None:
    company = connected("Ett AB", "a@example.com")
    tenant, before = Tenant(company.pk), rows_of(company)
    killed = 0
    while True:
        try:
            with connection.execute_wrapper(KilledAt(killed)):
                remove(tenant, "2026-11-24T12:00:00.000Z", rows=1)
            break
        except Killed:
            killed += 1
    assert before > 10
    assert killed >= len(of_companies()) > 10
    assert rows_of(company) == 0


def test_what_a_company_takes_is_measured() -> None:
    company, other = connected("Ett AB", "a@example.com"), new_company("Två AB", "b@example.com")
    chores.measure(NOW)
    one, two = (Care.objects.get(pk=c.pk) for c in (company, other))
    assert (one.records, one.changes, one.measured) == (3, 3, NOW)
    assert (two.records, two.changes) == (0, 0)
    assert one.bytes > two.bytes
    told = storage(Tenant(company.pk))
    assert told.bytes == sum(told.tables.values())
    assert told.tables.keys() >= {"records_record", "records_change", "records_connection"}


def test_of_several_who_ask_for_a_chore_one_gets_it() -> None:
    every = datetime.timedelta(hours=1)
    assert [chores.due("x", every, NOW) for _ in range(3)] == [True, False, False]
    assert not chores.due("x", every, NOW + every / 2)
    assert [chores.due("x", every, NOW + every) for _ in range(2)] == [True, False]


def test_the_chores_let_go_of_what_is_older_than_each_company_keeps() -> None:
    short, long = connected("Ett AB", "a@example.com"), connected("Två AB", "b@example.com")
    care.keep(long, 400, "test", NOW)
    later = datetime.datetime.now(datetime.UTC) + 200 * DAY
    assert chores.do_due(later) == ["ends", "retention", "storage", "references"]
    assert chores.do_due(later) == []
    counts = {c.name: Care.objects.get(pk=c.pk).changes for c in (short, long)}
    assert counts["Två AB"] == 3
    assert counts["Ett AB"] < 3
