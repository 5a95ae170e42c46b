"""What an edit of another program costs the database: few statements, and on PostgreSQL ones that are planned once."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.online.api.writing import Edit, writer
from samsyn.online.companies.models import Member
from samsyn.online.companies.scopes import EVERYTHING
from samsyn.online.companies.tokens import Wanted, access_of, issue
from samsyn.online.grants import Access
from samsyn.records import prepared
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import NOW

STATEMENTS = 7
"""The company's lock, the record, what was written there before, record, log and counter; and where a transaction begins and ends."""


def of_a_program(firm: Firm) -> Access:
    """What a new token of the owner opens, asked as each request asks."""
    member = Member.objects.select_related("company", "person").get(person__email=OWNER)
    token = issue(member, Wanted(EVERYTHING), NOW)
    with CaptureQueriesContext(connection) as told:
        access = access_of(token, NOW)
    assert access is not None
    asked = [q["sql"] for q in told if "set_config" not in q["sql"]]
    assert len(asked) == 1, asked
    return access


def edited(access: Access, number: int) -> int:
    with writer(access, lambda _: None) as one:
        return one.edit(Edit("contacts", rid(1), {"phone": f"08-{number}"})).version


def test_an_edit_takes_few_statements_that_are_planned_once(service_on_both: None) -> None:
    firm = Firm()
    firm.put("contacts", (1, {"name": "Ett"}))
    access = of_a_program(firm)
    edited(access, 0)
    with CaptureQueriesContext(connection) as told:
        edited(access, 1)
    own = [q["sql"] for q in told if q["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    assert len(own) <= STATEMENTS, own
    if connection.vendor != "postgresql":
        return
    for number in range(2, 4 + 2 * prepared.AFTER):
        edited(access, number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE generic_plans > 0")
        kept = " ".join(row[0] for row in cursor.fetchall())
    for table in ("records_record AS r", "records_change", "records_company", "FOR UPDATE"):
        assert table in kept, table


def test_a_statement_that_is_kept_stays_behind_the_wall(service_on_both: None) -> None:
    """A plan that was made for one company shows another its own rows."""
    one, two = Firm(owner=OWNER), Firm(owner="bo@example.com")
    one.put("contacts", (1, {"name": "Ett"}))
    two.put("contacts", (1, {"name": "Två"}))
    for _ in range(2 + 2 * prepared.AFTER):
        for firm, name in ((one, "Ett"), (two, "Två")):
            (found,) = firm.tenant.rows_often(
                "SELECT fields FROM records_record WHERE company_id = %(company)s AND id = %(id)s",
                id=rid(1),
            )
            assert name in found[0] or name.encode("unicode_escape").decode() in found[0]
