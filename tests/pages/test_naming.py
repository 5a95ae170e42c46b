"""Registers and fields have names for people, in their language, and stand in the order of daily work."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation

from samsyn.companydb import attach
from samsyn.companydb.urls import parse
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType, Reference
from samsyn.demo.company import DEFAULT_SEED, Sizes
from samsyn.demo.sqlite import write_sqlite
from samsyn.webkit.languages import compile_languages, locale_folder
from samsyn.webkit.registers import naming
from samsyn.webkit.registers.book import May, Register
from samsyn.webkit.registers.naming import in_order, named, one_of
from tests.pages.firm import OWNER, Firm
from tests.pages.people import signed_in
from tests.pages.trade import TYPES


@pytest.fixture(autouse=True)
def _translations(tmp_path: Path) -> Iterator[None]:
    """The translations as they stand, and nothing remembered from without them."""
    compile_languages(tmp_path)
    naming.forget()
    with override_settings(LOCALE_PATHS=[str(locale_folder(tmp_path))]):
        yield
    naming.forget()


def _built_in(folder: Path) -> list[RecordType]:
    path = folder / "company.sqlite"
    sizes = Sizes.contacts_only(2)
    write_sqlite(path, today=datetime.date(2026, 11, 29), seed=DEFAULT_SEED, sizes=sizes)
    return list(attach.plan(parse(str(path))).catalog.types)


def test_the_built_in_company_has_its_swedish_names(tmp_path: Path) -> None:
    types = _built_in(tmp_path)
    with translation.override("sv"):
        swedish = {one.name: named(one) for one in types}
    assert swedish["contacts"].label == "Kontakter"
    labels = {f.name: f.label for f in swedish["orders"].fields}
    assert labels["order_no"] == "Ordernr"
    with translation.override("en"):
        english = {one.name: named(one) for one in types}
    alike = {
        field.label
        for one in swedish.values()
        for field, other in zip(one.fields, english[one.name].fields, strict=True)
        if field.label == other.label
    }
    assert alike == {"Budget", "EAN", "Order", "Person", "Person-ID", "Status", "Text"} & alike
    assert not {one.label for one in swedish.values()} & {one.label for one in english.values()}


def test_a_reference_is_called_what_it_leads_to() -> None:
    fields = (
        Field(
            "contact_no",
            Kind.REFERENCE,
            "INTEGER",
            label="Contact no",
            reference=Reference("c", "n"),
        ),
        Field("line_no", Kind.INTEGER, "INTEGER", label="Line no"),
        Field("id", Kind.REFERENCE, "INTEGER", label="ID", reference=Reference("c", "n")),
    )
    with translation.override("en"):
        told = named(RecordType("lines", 1, "lines", ("line_no",), KeyGiver.OFFICE, fields))
    assert [field.label for field in told.fields] == ["Contact", "Line no", "ID"]


def test_a_word_that_is_not_known_stands_as_it_is() -> None:
    fields = (Field("x", Kind.TEXT, "TEXT", label="Zzz Qqq"), Field("YYY", Kind.TEXT, "TEXT"))
    with translation.override("sv"):
        told = named(RecordType("zq", 1, "zq", ("x",), KeyGiver.PERSON, fields, label="Zq"))
    assert [told.label, *(field.label for field in told.fields)] == ["Zq", "Zzz Qqq", "YYY"]


def test_a_record_that_has_only_a_number_is_called_by_what_one_is(tmp_path: Path) -> None:
    types = {one.name: one for one in _built_in(tmp_path)}
    with translation.override("sv"):
        assert one_of(types["orders"]) == "Order"
        assert one_of(types["order_lines"]) == "Orderrad"
        assert one_of(named(types["contacts"])) == "Kontakter"


def test_daily_work_comes_first_and_short_lists_last(tmp_path: Path) -> None:
    registers = [Register(one, May.READ) for one in _built_in(tmp_path)]
    assert [one.type.name for one in in_order(registers)] == [
        "contacts", "contact_persons", "activities", "products", "orders", "order_lines",
        "projects", "time_sheets", "employees", "project_members", "contact_statuses",
        "product_groups",
    ]  # fmt: skip


@pytest.mark.usefixtures("service")
def test_the_service_lists_them_in_that_order_too() -> None:
    made = Firm(list(reversed(TYPES)))
    told = signed_in(OWNER).get(made.root()).content.decode()
    names = [one.type.name for one in in_order(Register(one, May.READ) for one in TYPES)]
    places = [told.index(f'href="{made.root(name)}"') for name in names]
    assert places == sorted(places)
