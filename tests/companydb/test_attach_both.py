"""What attach and detach do alike on both engines."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.companydb.attach import AttachPlan, References, SchemaMoved, attach, detach, plan
from samsyn.companydb.attached import attached_types
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.dump import Dump, schema_dump
from samsyn.companydb.opening import opened
from samsyn.companydb.propose import TableUnknown
from samsyn.companydb.verdicts import Reason
from samsyn.core.catalog import Catalog
from tests.companydb.companies import Company

TRADE = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (no INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, total NUMERIC(10, 2));
CREATE TABLE notes (body TEXT);
CREATE VIEW northern AS SELECT * FROM customers WHERE city = 'Luleå';
"""


def dump(company: Company) -> Dump:
    with opened(company.url, writing=False) as session:
        return schema_dump(session)


def installed(company: Company) -> Catalog:
    with opened(company.url, writing=False) as session:
        return Catalog(session.engine, tuple(attached_types(session).values()))


def journal(company: Company) -> list[tuple[int, int, int]]:
    name = book_name(company.url.engine, "journal")
    return [(t, o, m) for t, o, m in company.rows(f"SELECT tab, op, m0 FROM {name} ORDER BY id")]


def meta(company: Company, name: str) -> object:
    table = book_name(company.url.engine, "meta")
    [(value,)] = company.rows(f"SELECT value FROM {table} WHERE name = '{name}'")
    return msgspec.json.decode(value)


def attached(company: Company, exclude: list[str] | None = None) -> AttachPlan:
    made = plan(company.url, exclude=exclude)
    attach(made)
    return made


def test_a_plan_changes_nothing(company: Company) -> None:
    company.run(TRADE)
    before = dump(company)
    plan(company.url)
    assert dump(company) == before
    with opened(company.url, writing=True) as session:
        assert not session.rows(
            "SELECT name FROM sqlite_master WHERE name LIKE 'samsyn%'"
            if session.engine == "sqlite"
            else "SELECT nspname FROM pg_namespace WHERE nspname = 'samsyn'"
        )


def test_detach_leaves_the_schema_identical(company: Company) -> None:
    company.run(TRADE)
    before = dump(company)
    attached(company)
    company.run("INSERT INTO customers VALUES (1, 'Åsa', 'Luleå')")
    report = detach(company.url)
    assert report.identical
    assert report.changed_meanwhile == ()
    assert report.left == ()
    assert dump(company) == before
    assert company.rows("SELECT * FROM customers") == [(1, "Åsa", "Luleå")]


def test_detach_of_what_was_never_attached_says_identical(company: Company) -> None:
    company.run(TRADE)
    assert detach(company.url).identical


def test_detach_tells_what_others_changed_meanwhile(company: Company) -> None:
    company.run(TRADE)
    attached(company)
    company.run(
        "ALTER TABLE customers ADD COLUMN phone TEXT; CREATE TABLE more (id INTEGER PRIMARY KEY)"
    )
    report = detach(company.url)
    assert report.identical
    assert any("customers" in name for name in report.changed_meanwhile)
    assert any("more" in name for name in report.changed_meanwhile)
    assert not any("orders" in name for name in report.changed_meanwhile)


def test_what_was_attached_is_written_down(company: Company) -> None:
    company.run(TRADE)
    made = attached(company)
    assert installed(company) == made.catalog
    assert meta(company, "engine") == company.url.engine
    assert meta(company, "catalog_fingerprint") == made.catalog.fingerprint
    assert isinstance(meta(company, "schema_before"), dict)


def test_attaching_again_changes_nothing(company: Company) -> None:
    company.run(TRADE)
    first = attached(company)
    company.run("INSERT INTO customers VALUES (1, 'Åsa', 'Luleå')")
    told = journal(company)
    done = attach(plan(company.url))
    assert (done.added, done.removed, done.mended) == ((), (), ())
    assert set(done.kept) == {"customers", "orders"}
    assert done.catalog == first.catalog
    assert journal(company) == told


def test_a_new_table_gets_a_new_number_and_a_dropped_one_is_never_reused(company: Company) -> None:
    company.run(TRADE)
    before = {t.name: t.no for t in attached(company).catalog.types}
    company.run("DROP TABLE orders; CREATE TABLE visits (id INTEGER PRIMARY KEY, day TEXT)")
    done = attach(plan(company.url))
    assert done.added == ("visits",)
    assert done.removed == ("orders",)
    after = {t.name: t.no for t in installed(company).types}
    assert after["customers"] == before["customers"]
    assert after["visits"] > max(before.values())
    company.run("INSERT INTO visits VALUES (1, 'today')")
    assert journal(company)[-1][:2] == (after["visits"], 1)


def test_a_new_column_gets_the_next_bit(company: Company) -> None:
    company.run(TRADE)
    attached(company)
    company.run("INSERT INTO customers VALUES (1, 'Åsa', 'Luleå')")
    company.run("ALTER TABLE customers ADD COLUMN phone TEXT")
    done = attach(plan(company.url))
    assert ("customers" in done.kept, done.mended) == (True, ())
    assert [f.name for f in installed(company).type("customers").fields][-1] == "phone"
    company.run("UPDATE customers SET phone = '1'")
    assert journal(company)[-1][1:] == (2, 0b1000)


def test_pending_journal_rows_keep_their_meaning_when_a_column_goes(company: Company) -> None:
    company.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);")
    company.run("INSERT INTO t VALUES (1, 'a', 'b', 'c')")
    attached(company)
    company.run("UPDATE t SET c = 'x'")
    assert journal(company)[-1][2] == 0b1000
    if company.url.engine == "sqlite":  # as programs remake a table there
        company.run(
            "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT);"
            "INSERT INTO n SELECT id, b, c FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;"
        )
    else:
        company.run("ALTER TABLE t DROP COLUMN a")
    attached(company)
    assert journal(company)[-1][2] == 0b100


def test_the_journal_grows_wider_without_losing_rows(company: Company) -> None:
    company.run(TRADE)
    attached(company)
    company.run("INSERT INTO customers VALUES (1, 'Åsa', 'Luleå')")
    told = journal(company)
    columns = ", ".join(f"c{number} TEXT" for number in range(100))
    company.run(f"CREATE TABLE wide (a INTEGER, b TEXT, {columns}, PRIMARY KEY (a, b))")
    attach(plan(company.url))
    assert journal(company) == told
    company.run("INSERT INTO wide (a, b) VALUES (1, 'x'); UPDATE wide SET c99 = 'y'")
    name = book_name(company.url.engine, "journal")
    [(low, high)] = company.rows(f"SELECT m0, m1 FROM {name} WHERE op = 2")
    assert (low, high) == (0, 1 << (101 - 62))
    assert detach(company.url).identical


def test_missing_capture_is_mended(company: Company) -> None:
    company.run(TRADE)
    attached(company)
    if company.url.engine == "sqlite":
        company.run("DROP TRIGGER samsyn_1_update")
    else:
        company.run("ALTER TABLE customers DISABLE TRIGGER samsyn_1_update")
    assert attach(plan(company.url)).mended == ("customers",)
    company.run(
        "INSERT INTO customers VALUES (1, 'Åsa', 'Luleå'); UPDATE customers SET city = 'Umeå'"
    )
    assert [entry[1] for entry in journal(company)] == [1, 2]


def test_tables_are_chosen_and_excluded_by_name(company: Company) -> None:
    company.run(TRADE)
    assert [t.name for t in plan(company.url, tables=["orders"]).catalog.types] == ["orders"]
    assert [t.name for t in plan(company.url, exclude=["orders"]).catalog.types] == ["customers"]
    verdicts = {v.type: v.reason for v in plan(company.url, exclude=["orders"]).verdicts}
    assert verdicts == {
        "customers": None,
        "orders": Reason.EXCLUDED,
        "notes": Reason.NO_STABLE_KEY,
        "northern": Reason.VIEW,
    }
    with pytest.raises(TableUnknown):
        plan(company.url, exclude=["nothing"])


def test_a_choice_is_remembered(company: Company) -> None:
    company.run(TRADE)
    attached(company, exclude=["orders"])
    assert [t.name for t in plan(company.url).catalog.types] == ["customers"]
    assert len(plan(company.url, exclude=[]).catalog.types) == 2
    company.run("DROP TABLE orders")
    assert [t.name for t in plan(company.url).catalog.types] == ["customers"]


def test_a_plan_for_another_schema_is_refused(company: Company) -> None:
    company.run(TRADE)
    made = plan(company.url)
    company.run("ALTER TABLE customers ADD COLUMN phone TEXT")
    with pytest.raises(SchemaMoved):
        attach(made)
    assert detach(company.url).identical


def test_declared_references_are_taken_and_evident_ones_suggested(company: Company) -> None:
    company.run(
        """CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE lines (id INTEGER PRIMARY KEY, product_id INTEGER, main_product_id INTEGER,
          wrong_product_id INTEGER, declared INTEGER REFERENCES products);
        INSERT INTO products VALUES (10, 'a'), (20, 'b');
        INSERT INTO lines VALUES (1, 10, 20, 5, NULL), (2, NULL, 10, 6, NULL)"""
    )
    made = plan(company.url)
    lines = made.catalog.type("lines")
    assert {f.name for f in lines.fields if f.reference} == {"declared"}
    assert {s.candidate.field for s in made.suggestions} == {"product_id", "main_product_id"}
    lines = plan(company.url, references=References.SUGGESTED).catalog.type("lines")
    found = {f.name: f.reference.declared for f in lines.fields if f.reference}
    assert set(found) == {"declared", "product_id", "main_product_id"}
    assert list(found.values()) == [False, False, True]


def test_the_cost_counts_records_and_triggers(company: Company) -> None:
    company.run(TRADE)
    company.run("INSERT INTO customers VALUES (1, 'Åsa', 'Luleå'), (2, 'Bo', NULL)")
    cost = plan(company.url).cost
    assert cost.records == 2
    assert cost.first_load_bytes > 0
    assert cost.triggers >= 6
