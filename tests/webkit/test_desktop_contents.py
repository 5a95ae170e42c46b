"""What panels show: at most two hundred lines, and charts whose lengths are whole numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal

import pytest

from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType, Reference
from samsyn.webkit.desktop.contents import ITEMS, Ranked, Row, days, ranking, rows, share
from samsyn.webkit.desktop.meaning import employees_in, plain, trade_in, work_in
from samsyn.webkit.registers.book import May, Register

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    import django
    from django.utils import translation

    django.setup()
    with translation.override("sv"):
        yield


def register(name: str, *fields: Field) -> Register:
    return Register(RecordType(name, 1, name, ("id",), KeyGiver.OFFICE, fields), May.READ)


def refers(name: str, to: str) -> Field:
    return Field(name, Kind.REFERENCE, "INTEGER", reference=Reference(to, "id"))


EMPLOYEES = register("Employees", Field("e-mail", Kind.TEXT, "TEXT"))
CUSTOMERS = register("dbo.Kunder", Field("namn", Kind.TEXT, "TEXT"))
PRODUCTS = register("artiklar", Field("namn", Kind.TEXT, "TEXT"))
ORDERS = register(
    "ordrar",
    refers("kund", "dbo.Kunder"),
    Field("Datum", Kind.DATE, "DATE"),
    Field("belopp", Kind.DECIMAL, "NUMERIC"),
    Field("valuta", Kind.TEXT, "TEXT"),
)
LINES = register(
    "rader",
    refers("order", "ordrar"),
    refers("artikel", "artiklar"),
    Field("summa", Kind.DECIMAL, "NUMERIC"),
)
TASKS = register(
    "Tasks",
    refers("who", "Employees"),
    Field("due_date", Kind.DATE, "DATE"),
    Field("done", Kind.BOOLEAN, "BOOLEAN"),
)


def test_registers_are_known_by_names_in_both_languages_and_by_what_refers_to_what() -> None:
    trade = trade_in([ORDERS, LINES, CUSTOMERS, PRODUCTS])
    assert trade is not None
    assert (trade.customer.name, trade.date.name, trade.amount.name) == ("kund", "Datum", "belopp")
    assert trade.lines is not None
    assert trade.lines.register is LINES
    work = work_in([TASKS, EMPLOYEES])
    assert work is not None
    assert work.done is not None
    found = employees_in([EMPLOYEES])
    assert found is not None
    assert found[1].name == "e-mail"


def test_what_is_not_there_is_no_panel() -> None:
    assert trade_in([ORDERS, PRODUCTS]) is None
    assert work_in([TASKS]) is None
    without_lines = trade_in([ORDERS, CUSTOMERS])
    assert without_lines is not None
    assert without_lines.lines is None


def test_no_panel_shows_more_than_two_hundred_lines() -> None:
    content = rows((Row(str(n)) for n in range(500)), "none")
    assert len(content.values["rows"]) == ITEMS == 200
    ranked = ranking([Ranked(str(n), Decimal(n)) for n in range(500)], "none")
    assert len(ranked.values["ranked"]) == 200
    assert ranked.values["ranked"][0]["title"] == "499"


@pytest.mark.parametrize(
    ("value", "most", "length"),
    [("0", "0", 0), ("0", "5", 0), ("5", "5", 100), ("0.001", "5", 1), ("2.5", "5", 50)],
)
def test_a_bar_is_a_whole_number_and_something_is_never_nothing(
    value: str, most: str, length: int
) -> None:
    assert share(Decimal(value), Decimal(most), 100) == length


def test_days_without_anything_draw_no_columns() -> None:
    assert days([], []).values["any"] is False


def test_a_name_is_read_without_schema_case_and_signs() -> None:
    assert plain("dbo.E-Post_Adress") == "epostadress"
