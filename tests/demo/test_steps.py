"""The demo company's office goes on working: every edit is real, told truly and leaves all in order."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from samsyn.demo.desk import Desk, SqliteDesk
from samsyn.demo.schema import table
from samsyn.demo.sqlite import write_sqlite
from samsyn.demo.steps import Step, steps
from samsyn.demo.telling import Happening, amount
from tests.demo.databases import LINE_SUMS_THAT_DIFFER, NOW, TODAY, Office, number


def play(desk: Desk, count: int, first: int = 0, seed: int = 7) -> list[Happening]:
    return [step.take(desk, NOW) for step in islice(steps(seed, first), count)]


def test_three_hundred_steps_leave_sums_and_references_in_order(office: Office) -> None:
    told = play(office.desk, 300)
    assert {h.table for h in told} == {
        "activities",
        "contact_persons",
        "contacts",
        "order_lines",
        "orders",
        "products",
        "projects",
        "time_sheets",
    }
    assert list(office.dangling()) == []
    assert number(office.desk, LINE_SUMS_THAT_DIFFER) == 0


def test_every_step_changes_the_record_it_tells_of(office: Office) -> None:
    for step in islice(steps(seed=11), 40):
        before = office.dump()
        told = step.take(office.desk, NOW)
        after = office.dump()
        changed = {row for row in after[told.table] if row not in before[told.table]}
        key = 0 if told.table != "products" else table("products").columns.index("product_no")
        assert told.key in {row[key] for row in changed}, told
        assert told.english
        assert told.swedish
        assert "None" not in told.english + told.swedish


def test_an_order_is_told_with_its_lines_and_sum(office: Office) -> None:
    told = next(
        happening
        for step in steps(seed=3)
        if (happening := step.take(office.desk, NOW)).table == "orders"
        and "line" in happening.english
    )
    order = office.desk.row(
        "SELECT c.name, o.total_amount, o.currency, o.order_date,"
        " (SELECT count(*) FROM order_lines l WHERE l.order_no = o.order_no)"
        " FROM orders o JOIN contacts c ON c.contact_no = o.contact_no WHERE o.order_no = ?",
        told.key,
    )
    assert order is not None
    name, total, currency, day, lines = order
    english, swedish = amount(total, str(currency))
    assert str(day) == "2026-11-23"
    noun = "line" if lines == 1 else "lines"
    assert told.english == f"Order {told.key} for {name}: {lines} {noun}, {english}"
    rader = "rad" if lines == 1 else "rader"
    assert told.swedish == f"Order {told.key} till {name}: {lines} {rader}, {swedish}"


def test_the_sequence_can_go_on_where_it_was_left() -> None:
    assert list(islice(steps(5, first=3), 4)) == list(islice(steps(5), 7))[3:]
    assert next(steps(5, first=9)) == Step(5, 9)


def test_the_same_steps_on_the_same_company_tell_the_same(tmp_path: Path) -> None:
    told = []
    for name in ("one.db", "two.db"):
        write_sqlite(tmp_path / name, today=TODAY, contacts=60)
        desk = SqliteDesk(tmp_path / name)
        told.append(play(desk, 60))
        desk.close()
    assert told[0] == told[1]


def test_an_office_without_orders_and_activities_enters_a_contact_instead(office: Office) -> None:
    for name in ("time_sheets", "activities", "order_lines", "orders", "project_members"):
        office.desk.write(f"DELETE FROM {name}")
    for name in ("products", "projects", "contacts"):
        office.desk.write(f"DELETE FROM {name}")
    told = play(office.desk, 30)
    assert {h.table for h in told} >= {"contacts"}
    assert number(office.desk, "SELECT count(*) FROM contacts") > 0
    assert list(office.dangling()) == []


def test_a_step_that_fails_leaves_nothing_behind(office: Office) -> None:
    before = office.dump()
    with pytest.raises(KeyError):
        _fail_after_entering(office.desk)
    assert office.dump() == before


def _fail_after_entering(desk: Desk) -> None:
    with desk.transaction():
        desk.enter("contacts", {"name": "Halv AB"})
        raise KeyError


@pytest.mark.parametrize(
    ("value", "currency", "english", "swedish"),
    [
        (12400, "SEK", "12 400 kr", "12 400 kr"),
        ("1234567.5", "NOK", "1 234 567.50 NOK", "1 234 567,50 NOK"),
        (0.3, "EUR", "0.30 EUR", "0,30 EUR"),
    ],
)
def test_amounts_are_written_as_each_reader_writes_them(
    value: object, currency: str, english: str, swedish: str
) -> None:
    told = tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in amount(value, currency))
    assert told == (english, swedish)
