"""The service's schema and queries are fit to be distributed by company (docs/growing.md)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from samsyn.online.operating import chores
from samsyn.records import history, retention
from samsyn.records.clock import text_of
from samsyn.records.compare import Place, digests, identities
from samsyn.records.contact import contact
from samsyn.records.ledger import ledger
from samsyn.records.storage import storage
from samsyn.records.tables import COMPANY, of_companies
from samsyn.records.tenant import Tenant
from samsyn.records.undo import batches
from tests.pages.people import new_company, signed_in
from tests.pages.serving import empty_service
from tests.records.office import Office, create, delete, edit, rid

SHARED = {
    "company": "which companies there are: asked by chores and operators over all",
    "company_care": "whose end has come, over all companies",
    "former_address": "of people",
    "person": "a person is of any number of companies",
    "member": "read by person: which companies is somebody a member of?",
    "own_role": "belongs to members, a few rows",
    "invitation": "found by the secret of the link",
    "api_token": "read by person when a Samsyn ID ends",
    "operator": "belongs to people",
    "operator_act": "the operators' log: outlives companies",
    "chore": "of the service",
    "attempts": "of whoever tries to sign in",
    "outgoing_mail": "to people",
    "records_pairing_code": "the code tells the company",
    "records_approval": "an office that asks has no company yet: its secret finds it",
    "webkit_choice": "of a person",
    "webkit_draft": "of a person",
    "django_session": "of a browser",
    "django_content_type": "Django's own",
    "django_migrations": "Django's own",
    "auth_group": "Django's own",
    "auth_group_permissions": "Django's own",
    "auth_permission": "Django's own",
    "account_emailaddress": "belongs to people",
    "account_emailconfirmation": "belongs to people",
    "mfa_authenticator": "belongs to people",
    "usersessions_usersession": "belongs to people",
}
"""Reference tables: small, whole on every node; each with the reason why it is not split by company."""
TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?"?(\w+)"?')
COMPARED = re.compile(r'\bcompany_id"?\s*(?:=|IN\b)|=\s*(?:"?\w+"?\.)?"?company_id\b')
NOT_QUERIES = ("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config", "SELECT pg_notify")


def distributed() -> set[str]:
    return {model._meta.db_table for model in of_companies()} - SHARED.keys()


@pytest.fixture
def store(pg_store_url: str, tmp_path: Path) -> Iterator[None]:
    with empty_service(pg_store_url, tmp_path):
        yield


class Queries:
    """Keeps the statements that are run."""

    def __init__(self) -> None:
        self.said: set[str] = set()

    def __call__(self, execute: Any, sql: str, values: Any, many: bool, told: Any) -> Any:
        # Any, throughout: as Django has it
        if not sql.startswith(NOT_QUERIES):
            self.said.add(sql)
        return execute(sql, values, many, told)


def rows(sql: str) -> list[tuple[Any, ...]]:  # Any: what columns hold
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.usefixtures("store")
def test_every_table_is_distributed_or_shared_for_a_reason() -> None:
    there = {n for (n,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert there - distributed() == SHARED.keys() & there
    assert SHARED.keys() <= there
    models = {m._meta.db_table for m in apps.get_models()}
    assert distributed() <= models


@pytest.mark.usefixtures("store")
def test_every_key_of_a_distributed_table_begins_with_the_company_and_every_unique_index_holds_it() -> (
    None
):
    found = rows(
        "SELECT t.relname, i.relname, x.indisprimary, array_agg(a.attname ORDER BY k.place)"
        " FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'"
        " CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (number, place)"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number"
        " WHERE x.indisunique GROUP BY 1, 2, 3"
    )
    keys = {table: columns for table, _, primary, columns in found if primary}
    wrong = {t: keys.get(t) for t in distributed() if (keys.get(t) or [""])[0] != COMPANY}
    assert wrong == {}
    lacking = [
        (t, name) for t, name, _, columns in found if t in distributed() and COMPANY not in columns
    ]
    assert lacking == []


@pytest.mark.usefixtures("store")
def test_a_foreign_key_of_a_distributed_table_stays_with_the_company_or_leads_to_a_shared_table() -> (
    None
):
    found = rows(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,"
        " (SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = ANY(c.conkey))"
        " FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace"
    )
    of_ours = distributed()
    wrong = [
        (source, target)
        for source, target, columns in found
        if (source in of_ours and target in of_ours and COMPANY not in columns)
        or (source not in of_ours and target in of_ours)
    ]
    assert wrong == []


def names_its_company(sql: str, tables: set[str]) -> bool:
    """Whether each distributed table that a statement reads or writes is tied to one company.

    That is: it compares the company's column at least as often as it names such
    a table (two tables compared with each other and one with the parameter), or
    puts the column into the rows that it inserts.
    """
    read = [name for name in TABLE.findall(sql) if name in tables]
    written = len(re.findall(r"INSERT INTO \"?\w+\"? \([^)]*\bcompany_id\b", sql))
    return len(COMPARED.findall(sql)) + written >= len(read)


@pytest.mark.usefixtures("store")
def test_every_query_of_a_days_work_names_its_company() -> None:
    queries = Queries()
    company, other = new_company("Ett AB", "a@example.com"), new_company("Två AB", "b@example.com")
    del other
    with connection.execute_wrapper(queries):
        tenant = Tenant(company.pk)
        a_days_work(tenant)
        browser = signed_in("a@example.com")
        for page in (
            "", "/office", "/notices", "/conflicts", "/quarantine", "/members", "/roles", "/data", "/tokens",
            "/webhooks", "/r/customer", "/r/customer?q=berg", f"/r/customer/{rid(1)}",
        ):  # fmt: skip
            answer = browser.get(f"/c/{company.pk}{page}")
            assert answer.status_code == 200, page
        chores.do_due(timezone.now())
    ours = distributed()
    touching = {sql for sql in queries.said if ours & set(re.findall(r"\w+", sql))}
    assert len(touching) > 60
    assert sorted(sql for sql in touching if not names_its_company(sql, ours)) == []
    met = {table for table in ours if any(re.search(rf"\b{table}\b", sql) for sql in touching)}
    assert len(met) > len(ours) / 2


def a_days_work(tenant: Tenant) -> None:
    """What an office and programs do in the store."""
    office = Office.paired(tenant)
    office.hello()
    office.push(office.new(1, name="Berg"), office.new(2, name="Dal"), office.new(3, name="Ek"))
    edit(tenant, 1, name="Online")
    office.push(office.put(1, name="Kontoret"))
    create(tenant, 4, name="Ny")
    delete(tenant, 3)
    office.pull()
    office.push(office.taken(4), office.delete(2))
    now = timezone.now()
    contact(tenant, text_of(now))
    history.changes(tenant, 0, 100)
    history.conflicts(tenant, 100)
    digests(office.caller, "customer")
    identities(office.caller, Place("customer", "", None), 10)
    batches(tenant, text_of(now))
    ledger(tenant)
    storage(tenant)
    retention.trim(tenant, text_of(now + datetime.timedelta(days=1)), text_of(now))


def test_the_check_finds_a_query_that_forgets_its_company() -> None:
    ours = {"records_record", "records_change"}
    assert not names_its_company("SELECT * FROM records_record WHERE id = %s", ours)
    assert names_its_company("SELECT 1 FROM records_record WHERE company_id = %(company)s", ours)
    two = "SELECT 1 FROM records_record r JOIN records_change c ON c.company_id = r.company_id"
    assert not names_its_company(two, ours)
    assert names_its_company(f"{two} WHERE r.company_id = %s", ours)
    joined = "SELECT 1 FROM records_record r JOIN records_change c ON c.record_id = r.id WHERE r.company_id = 'x'"
    assert not names_its_company(joined, ours)
