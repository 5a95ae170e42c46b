"""Statements that are sent together, and those that are kept: they fail and are undone as any others."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from samsyn.records import prepared
from samsyn.records.tenant import Tenant, writing

INSERT = (
    "INSERT INTO records_reference (company_id, target, record_id)"
    " VALUES (%(company)s, %(target)s, %(record)s)"
)
COUNT = "SELECT count(*) FROM records_reference WHERE company_id = %(company)s"


def counted(tenant: Tenant) -> int:
    (row,) = tenant.rows_often(COUNT)
    return int(row[0])


def put(tenant: Tenant, *records: str) -> None:
    """Rows in one go."""
    with writing(), prepared.together():
        for one in records:
            tenant.execute_often(INSERT, target="a", record=one)


def test_what_is_sent_together_is_done_in_its_order(tenant: Tenant) -> None:
    with writing(), prepared.together():
        for number in range(2 * prepared.AFTER):
            tenant.execute_often(INSERT, target="a", record=str(number))
        assert counted(tenant) == 2 * prepared.AFTER, "a question in between has its answer"
        tenant.execute("DELETE FROM records_reference WHERE company_id = %(company)s")
    assert counted(tenant) == 0


def test_one_that_fails_undoes_all_and_is_told_as_ever(tenant: Tenant) -> None:
    with pytest.raises(IntegrityError):
        put(tenant, "1", "1", "2")
    assert counted(tenant) == 0
    with transaction.atomic():
        tenant.execute_often(INSERT, target="a", record="1")
    assert counted(tenant) == 1, "the connection goes on"
