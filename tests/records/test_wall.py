"""G9 on PostgreSQL: row-level security stands behind the statements that name their company."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from samsyn.records import wall
from samsyn.records.hello import record_counts
from samsyn.records.store import Loading, insert_loaded
from samsyn.records.tenant import Tenant, writing
from tests.records import stores
from tests.records.office import Office, create, record, rid

OURS, THEIRS = Tenant("aaaaaaaaaaaa"), Tenant("bbbbbbbbbbbb")
OPEN = {
    "records_pairing_code": "the code itself names the company: it is looked up to find it",
    "records_approval": "an office that asks to be connected has no company yet: its secret finds it",
    "member": "read by person: which companies is somebody a member of?",
    "company_care": "asked over all companies: whose end has come?",
    "own_role": "belongs to members",
    "invitation": "looked up by the secret of the link",
    "api_token": "looked up by the secret of the token, which names the company",
    "webkit_choice": "of a person, in both programs: always asked for by company and person",
    "webkit_draft": "the same",
}
"""Tables with a company and no wall, each with the reason."""


@pytest.fixture(autouse=True)
def _both_companies(pg_store_url: str, tmp_path: Path) -> Iterator[None]:
    with stores.opened(pg_store_url, tmp_path):
        for tenant in (OURS, THEIRS):
            Office.paired(tenant).hello()
            create(tenant, 1, name=tenant.company)
        yield


def test_the_role_of_the_service_is_one_that_policies_are_asked_of_g9() -> None:
    assert wall.is_walled()


def test_every_table_of_companies_has_its_wall_or_a_reason_g9() -> None:
    with_company = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "company_id" for field in model._meta.concrete_fields)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
            " AND relnamespace = 'public'::regnamespace"
        )
        walled = {row[0] for row in cursor.fetchall()}
    assert walled <= with_company
    assert with_company - walled == OPEN.keys() & with_company


def test_a_statement_that_forgets_its_company_finds_one_companys_rows_alone_g9() -> None:
    everything = "SELECT DISTINCT company_id FROM records_record WHERE %(company)s <> ''"
    assert OURS.rows(everything) == [(OURS.company,)]
    assert THEIRS.rows(everything) == [(THEIRS.company,)]


def test_a_statement_that_forgets_its_company_changes_nothing_of_another_g9() -> None:
    gone = OURS.execute("DELETE FROM records_record WHERE %(company)s <> ''")
    assert gone == 1
    assert record(THEIRS, 1).fields["name"] == THEIRS.company


def test_a_row_cannot_be_written_into_another_company_g9() -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        OURS.execute(
            "INSERT INTO records_known_catalog (company_id, fingerprint, at)"
            " SELECT %(theirs)s, 'f', 'now' WHERE %(company)s <> ''",
            theirs=THEIRS.company,
        )


def test_whoever_has_entered_no_company_sees_nothing_g9() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record")
        assert cursor.fetchone() == (0,)


def test_a_rollback_takes_nobody_to_another_company_g9() -> None:
    """What was set in a transaction or savepoint is gone with it, and is set again."""
    with writing():
        assert record_counts(OURS) == {"customer": 1}
        with transaction.atomic():
            assert record_counts(THEIRS) == {"customer": 1}
            transaction.set_rollback(True)
        assert record_counts(OURS) == {"customer": 1}
        transaction.set_rollback(True)
    assert record_counts(OURS) == {"customer": 1}
    assert record_counts(THEIRS) == {"customer": 1}


def test_companies_take_turns_within_one_transaction_g9() -> None:
    with writing():
        for tenant in (OURS, THEIRS, OURS):
            assert record(tenant, 1).fields["name"] == tenant.company
    assert record(THEIRS, 1).fields["name"] == THEIRS.company


def test_a_connection_that_was_opened_anew_enters_again_g9() -> None:
    assert record_counts(OURS) == {"customer": 1}
    connection.close()
    assert record_counts(OURS) == {"customer": 1}


def test_records_are_loaded_behind_the_wall_g9() -> None:
    loading = Loading("customer", 10, None, "2026-01-01T00:00:00Z", 0, None, None)
    rows = [(rid(number), f'["k{number}"]', '{"name": "tab\\tand \\\\"}') for number in (7, 8)]
    for _ in range(2):  # a second chunk of the same connection meets the same table beside
        with writing():
            insert_loaded(OURS, loading, rows)
            transaction.set_rollback(True)
    with writing():
        insert_loaded(OURS, loading, rows)
    assert record_counts(OURS) == {"customer": 3}
    assert record(OURS, 8).fields["name"] == "tab\tand \\"
