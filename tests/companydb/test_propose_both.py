"""Which tables are proposed, as what, and why not the others."""

from __future__ import annotations

import pytest

from samsyn.companydb.churn import churn
from samsyn.companydb.conditions import condition_of
from samsyn.companydb.naming import display_order, label, title_field
from samsyn.companydb.propose import Choice, Proposal, TableId, propose
from samsyn.companydb.schema import (
    Check,
    Column,
    ForeignKey,
    Given,
    KeyPart,
    Schema,
    Table,
    TableKind,
    UniqueKey,
)
from samsyn.companydb.verdicts import LeftOut, Reason, TableFacts
from samsyn.core.catalog import KeyGiver, Kind


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("CustomerID", "Customer ID"),
        ("customer_id", "Customer ID"),
        ("Order Details", "Order details"),
        ("HTMLBody", "HTML body"),
        ("är_aktiv", "Är aktiv"),
        ("ÄrAktivNu", "Är aktiv nu"),
        ("KUNDNUMMER", "Kundnummer"),
        ("ORDER_NO", "Order no"),
        ("address-line2", "Address line2"),
        ("_", "_"),
    ],
)
def test_labels_are_what_people_read(name: str, read: str) -> None:
    assert label(name) == read


def test_the_title_is_the_most_telling_name_and_comes_first() -> None:
    columns = ["id", "created_at", "city", "customer_name", "description"]
    assert title_field(columns, "customers") == "customer_name"
    assert title_field(["id", "phone"], "customers") is None
    assert display_order(columns, "customer_name", ["id"]) == (
        "customer_name",
        "description",
        "id",
        "city",
        "created_at",
    )


def col(name: str, storage: str = "TEXT", *, not_null: bool = False, **more: object) -> Column:
    return Column(name, storage, storage, not_null=not_null, **more)  # type: ignore[arg-type]  # any


def table(name: str, *columns: Column, key: str | None = None, **more: object) -> Table:
    keys = (UniqueKey("", (KeyPart(key),), primary=True),) if key else ()
    return Table(name, columns, **{"keys": keys, **more})  # type: ignore[arg-type]  # any field


def proposal(*tables: Table, choice: Choice | None = None, **facts: TableFacts) -> Proposal:
    known: dict[TableId, TableFacts] = {(None, name): found for name, found in facts.items()}
    return propose(Schema("sqlite", tables), known, choice or Choice())


def reason(found: Proposal, name: str) -> Reason | None:
    return next(v.reason for v in found.verdicts if v.table == name)


def test_a_table_without_a_key_is_refused_and_the_rest_goes_on() -> None:
    found = proposal(table("a", col("x")), table("b", col("id"), key="id"))
    assert reason(found, "a") is Reason.NO_STABLE_KEY
    assert [t.name for t in found.catalog.types] == ["b"]


def test_a_unique_key_serves_only_when_no_part_can_be_null() -> None:
    unique = (UniqueKey("u", (KeyPart("x"), KeyPart("y"))),)
    partial = (UniqueKey("u", (KeyPart("x"), KeyPart("y")), partial=True),)
    full = [col("x", not_null=True), col("y", not_null=True)]
    assert reason(proposal(table("t", *full, keys=unique)), "t") is None
    assert reason(proposal(table("t", *full, keys=partial)), "t") is Reason.NO_STABLE_KEY
    half = [col("x", not_null=True), col("y")]
    assert reason(proposal(table("t", *half, keys=unique)), "t") is Reason.NO_STABLE_KEY


@pytest.mark.parametrize(
    ("name", "columns", "why"),
    [
        ("alembic_version", ["version_num"], Reason.MIGRATIONS),
        ("__EFMigrationsHistory", ["MigrationId"], Reason.MIGRATIONS),
        ("django_session", ["session_key", "session_data", "expire_date"], Reason.SESSION_TABLE),
        ("gnclock", ["Hostname", "PID"], Reason.LOCK_TABLE),
        ("user_locks", ["id", "locked_by"], Reason.LOCK_TABLE),
        ("sessions", ["id", "title", "teacher", "room"], None),
        ("blocks", ["id", "title"], None),
        ("orders", ["id", "expires"], None),
    ],
)
def test_programs_own_tables_are_known_by_name_and_shape(
    name: str, columns: list[str], why: Reason | None
) -> None:
    assert churn(table(name, *map(col, columns))) is why


def test_a_choice_by_name_overrules_advice_but_not_a_missing_key() -> None:
    lock = table("locks", col("id"), col("locked_by"), key="id")
    bare = table("bare", col("x"))
    assert reason(proposal(lock), "locks") is Reason.LOCK_TABLE
    chosen = proposal(lock, bare, choice=Choice(frozenset(["locks", "bare"])))
    assert reason(chosen, "locks") is None
    assert reason(chosen, "bare") is Reason.NO_STABLE_KEY


def test_a_field_that_cannot_go_round_is_left_out_unless_it_is_the_key() -> None:
    out = TableFacts(left_out=(LeftOut("x", Reason.NOT_ROUND_TRIP),))
    made = table("t", col("id"), col("x"), key="id")
    (record_type,) = proposal(made, t=out).catalog.types
    assert [f.name for f in record_type.fields] == ["id"]
    as_key = table("t", col("id"), col("x"), key="x")
    assert reason(proposal(as_key, t=out), "t") is Reason.KEY_NOT_ROUND_TRIP


def test_what_a_look_found_in_the_way_refuses_the_table() -> None:
    made = table("t", col("id"), key="id")
    found = proposal(made, t=TableFacts(obstacle=Reason.KEY_HOLDS_NULL))
    assert reason(found, "t") is Reason.KEY_HOLDS_NULL


def test_shadows_and_the_like_are_refused_by_their_kind() -> None:
    found = proposal(table("t", col("id"), key="id", kind=TableKind.SHADOW))
    assert reason(found, "t") is Reason.SHADOW_TABLE


def test_references_point_at_synced_tables_only() -> None:
    child = table(
        "child",
        col("id"),
        col("a"),
        col("b"),
        key="id",
        foreign_keys=(ForeignKey(("a",), "parent", ("id",)), ForeignKey(("b",), "bare", ("x",))),
    )
    found = proposal(child, table("parent", col("id"), key="id"), table("bare", col("x")))
    fields = {f.name: f for f in found.catalog.type("child").fields}
    assert fields["a"].kind is Kind.REFERENCE
    assert fields["b"].reference is None


def test_a_key_that_is_another_records_key_is_given_by_a_person() -> None:
    given = col("id", "INTEGER", given=Given.ROWID, not_null=True)
    parent = table("parent", given, key="id", rowid_alias="id")
    extra = table("extra", given, key="id", foreign_keys=(ForeignKey(("id",), "parent", ("id",)),))
    catalog = proposal(parent, extra).catalog
    assert catalog.type("parent").key_giver is KeyGiver.OFFICE
    assert catalog.type("parent").field("id").read_only
    assert catalog.type("extra").key_giver is KeyGiver.PERSON
    assert not catalog.type("extra").field("id").read_only
    assert catalog.type("extra").field("id").required


@pytest.mark.parametrize(
    ("declared", "values", "kind"),
    [
        ("DATETIME", ("1996-07-04 00:00:00.000",), Kind.DATETIME),
        ("DATETIME", (836438400,), Kind.INTEGER),
        ("NUMERIC", (14, 9.8), Kind.DECIMAL),
        ("NUMERIC", (b"14",), Kind.BLOB),
        ("NUMERIC", (b"14", 1), Kind.OTHER),
        ("BOOLEAN", (0, 1), Kind.BOOLEAN),
        ("BOOLEAN", ("yes",), Kind.TEXT),
        ("", (1, 2), Kind.INTEGER),
        ("", (), Kind.OTHER),
        ("VARCHAR(5)", ("a",), Kind.TEXT),
    ],
)
def test_a_kind_is_what_the_type_says_unless_the_values_say_otherwise(
    declared: str, values: tuple[object, ...], kind: Kind
) -> None:
    made = table("t", col("id"), Column("x", declared, "NUMERIC"), key="id")
    (record_type,) = proposal(made, t=TableFacts(values={"x": values})).catalog.types
    assert record_type.field("x").kind is kind


@pytest.mark.parametrize(
    ("check", "choices"),
    [
        ("x IN ('a', 'it''s')", ("a", "it's")),
        ("\"X\" in ('a')", ("a",)),
        ("x IN ('a', lower('B'))", ()),
        ("x IN ('a') OR x = 'b'", ()),
        ("y IN ('a')", ()),
    ],
)
def test_choices_come_from_a_plain_check(check: str, choices: tuple[str, ...]) -> None:
    made = table("t", col("id"), col("x"), key="id", checks=(Check(check),))
    assert proposal(made).catalog.types[0].field("x").choices == choices


@pytest.mark.parametrize(
    ("expression", "asked"),
    [
        ("main = 1", 'r."Main" = 1'),
        ('"Main" IS NOT NULL AND (a b)', None),
        ("main IN ('x', 'y') COLLATE nocase", "r.\"Main\" IN ( 'x' , 'y' ) COLLATE nocase"),
        ("lower(main) = 'x'", None),
        ("main LIKE 'x'", None),
        ("t.main = 1", None),
        ('main = "text"', None),
    ],
)
def test_a_condition_is_asked_of_another_row_with_operators_only(
    expression: str, asked: str | None
) -> None:
    found = condition_of(expression, ["Main"], "r")
    assert (found.text if found else None) == asked
