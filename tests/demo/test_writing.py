"""A demo company database is whole, its references hold, and it goes on as a business program's."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import apsw
import psycopg
import pytest
from psycopg.sql import SQL

from samsyn.demo.company import Sizes
from samsyn.demo.postgres import DemoTablesExist, write_postgres
from samsyn.demo.schema import TABLES
from samsyn.demo.sqlite import DemoFileExists, write_sqlite
from tests.demo.databases import LINE_SUMS_THAT_DIFFER, TODAY, Office, number


def test_every_reference_points_at_a_record(office: Office) -> None:
    assert list(office.dangling()) == []


def test_the_sums_of_all_orders_are_those_of_their_lines(office: Office) -> None:
    assert number(office.desk, "SELECT count(*) FROM orders") == 90
    assert number(office.desk, LINE_SUMS_THAT_DIFFER) == 0


def test_every_table_has_rows(office: Office) -> None:
    assert [name for name, rows in office.dump().items() if not rows] == []


def test_the_database_reckons_an_order_again_when_its_lines_change(office: Office) -> None:
    desk = office.desk
    desk.write("DELETE FROM order_lines WHERE order_no = 1001")
    assert _amounts(office, 1001) == ("0.00", "0.00", "0.00")
    desk.write("UPDATE orders SET vat_percent = 25 WHERE order_no = 1001")
    product = desk.row("SELECT product_no, name FROM products ORDER BY product_no LIMIT 1")
    assert product is not None
    line_id = desk.enter(
        "order_lines",
        {
            "order_no": 1001,
            "line_no": 1,
            "product_no": str(product[0]),
            "text": str(product[1]),
            "quantity": 3,
            "unit_price": "10.20",
            "discount_percent": 5,
        },
    )
    assert _amounts(office, 1001) == ("29.07", "7.27", "36.34")
    desk.write("UPDATE order_lines SET quantity = 1 WHERE line_id = ?", line_id)
    assert _amounts(office, 1001) == ("9.69", "2.42", "12.11")
    desk.write("UPDATE orders SET vat_percent = 0 WHERE order_no = 1001")
    assert _amounts(office, 1001) == ("9.69", "0.00", "9.69")
    desk.write("UPDATE order_lines SET order_no = 1002 WHERE line_id = ?", line_id)
    assert _amounts(office, 1001) == ("0.00", "0.00", "0.00")
    assert number(office.desk, LINE_SUMS_THAT_DIFFER) == 0


def test_half_a_hundredth_of_tax_is_rounded_up_on_both_engines(office: Office) -> None:
    line = office.desk.row("SELECT line_id, order_no FROM order_lines ORDER BY line_id LIMIT 1")
    assert line is not None
    order_no = line[1]
    assert isinstance(order_no, int)
    office.desk.write("UPDATE orders SET vat_percent = 25 WHERE order_no = ?", order_no)
    office.desk.write("DELETE FROM order_lines WHERE order_no = ? AND line_id <> ?", order_no, 1)
    office.desk.write(
        "UPDATE order_lines SET quantity = 1, unit_price = 0.10, discount_percent = 0"
        " WHERE line_id = 1"
    )
    assert _amounts(office, order_no) == ("0.10", "0.03", "0.13")


def test_new_records_get_the_number_after_the_last(office: Office) -> None:
    last = number(office.desk, "SELECT max(contact_no) FROM contacts")
    assert office.desk.enter("contacts", {"name": "Ny Kund AB"}) == last + 1


def test_a_customer_with_orders_cannot_be_deleted(office: Office) -> None:
    ordered = number(office.desk, "SELECT min(contact_no) FROM orders")
    with pytest.raises((apsw.ConstraintError, psycopg.IntegrityError)):
        office.desk.write("DELETE FROM contacts WHERE contact_no = ?", ordered)


def test_the_business_program_refuses_a_value_its_checks_do_not_allow(office: Office) -> None:
    with pytest.raises((apsw.ConstraintError, psycopg.IntegrityError)):
        office.desk.write("UPDATE contacts SET payment_days = -1 WHERE contact_no = 10001")


def test_the_same_company_is_written_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        write_sqlite(tmp_path / name, today=TODAY, contacts=40)
    assert (tmp_path / "one.db").read_bytes() == (tmp_path / "two.db").read_bytes()


def test_both_engines_hold_the_same_company(tmp_path: Path, pg_url: str) -> None:
    write_sqlite(tmp_path / "demo.db", today=TODAY, contacts=40)
    write_postgres(pg_url, today=TODAY, contacts=40)
    with (
        closing(apsw.Connection(str(tmp_path / "demo.db"))) as lite,
        psycopg.connect(pg_url) as post,
    ):
        for table in TABLES:
            columns = ", ".join(
                c for c in table.columns if not c.endswith(("_at", "_on", "_date", "_since"))
            )
            query = f"SELECT {columns} FROM {table.name} ORDER BY 1, 2"
            ours = [[_plain(v) for v in row] for row in lite.execute(query)]
            theirs = [[_plain(v) for v in row] for row in post.execute(SQL(query))]
            assert len(ours) == len(theirs)
            assert sorted(map(repr, ours)) == sorted(map(repr, theirs)), table.name


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    path.write_bytes(b"something else")
    with pytest.raises(DemoFileExists):
        write_sqlite(path, today=TODAY)
    assert path.read_bytes() == b"something else"


def test_tables_are_never_written_beside_others_of_their_names(pg_url: str) -> None:
    with psycopg.connect(pg_url) as db:
        db.execute("CREATE TABLE orders (a integer)")
    with pytest.raises(DemoTablesExist) as caught:
        write_postgres(pg_url, today=TODAY, contacts=5)
    assert caught.value.facts == {"table": "orders"}


def test_a_register_alone_has_contacts_and_what_they_point_at(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    write_sqlite(path, today=TODAY, sizes=Sizes.contacts_only(500))
    with closing(apsw.Connection(str(path))) as db:
        counts = {
            t.name: db.execute(f"SELECT count(*) FROM {t.name}").get
            for t in TABLES
            if t.name in {"contacts", "employees", "contact_persons", "orders", "activities"}
        }
    assert counts == {
        "contacts": 500,
        "employees": 60,
        "contact_persons": 0,
        "orders": 0,
        "activities": 0,
    }


_PEAK_KIB = """
import datetime, resource, sys
from samsyn.demo.company import Sizes
from samsyn.demo.sqlite import write_sqlite
sizes = Sizes(int(sys.argv[2]), 60, 300, orders=4000, activities=4000, time_sheets=4000)
write_sqlite(sys.argv[1], sizes=sizes, today=datetime.date(2026, 11, 23))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_a_hundred_thousand_contacts_need_no_more_memory_than_a_thousand(tmp_path: Path) -> None:
    peaks_kib = [
        int(
            subprocess.run(
                [sys.executable, "-c", _PEAK_KIB, str(tmp_path / f"{contacts}.db"), str(contacts)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for contacts in (1_000, 100_000)
    ]
    assert peaks_kib[1] - peaks_kib[0] < 16 * 1024
    with closing(apsw.Connection(str(tmp_path / "100000.db"))) as db:
        assert db.execute("SELECT count(*) FROM contacts").get == 100_000
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def _amounts(office: Office, order_no: int) -> tuple[str, ...]:
    found = office.desk.row(
        "SELECT net_amount, vat_amount, total_amount FROM orders WHERE order_no = ?", order_no
    )
    assert found is not None
    return tuple(f"{Decimal(str(value)):.2f}" for value in found)


def _plain(value: object) -> object:
    """A value without what differs between the engines' types for the same thing."""
    return float(value) if isinstance(value, Decimal | int) else value
