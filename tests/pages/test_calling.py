"""People are called by first and last name wherever a record names them, and so a table may name them too."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType, Reference
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import signed_in
from tests.pages.test_importing import Importer, counts

EMPLOYEES = RecordType(
    "employees", 1, "employees", ("id",), KeyGiver.OFFICE,
    (
        Field("id", Kind.INTEGER, "INTEGER", read_only=True, has_default=True),
        Field("Last_Name", Kind.TEXT, "TEXT"),
        Field("first_name", Kind.TEXT, "TEXT"),
        Field("phone", Kind.TEXT, "TEXT"),
    ),
    title="Last_Name",
)  # fmt: skip
ORDERS = RecordType(
    "orders", 2, "orders", ("order_no",), KeyGiver.OFFICE,
    (
        Field("order_no", Kind.INTEGER, "INTEGER", read_only=True, has_default=True),
        Field("text", Kind.TEXT, "TEXT"),
        Field("seller", Kind.REFERENCE, "INTEGER", reference=Reference("employees", "id")),
    ),
)  # fmt: skip


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm((EMPLOYEES, ORDERS))
    made.put(
        "employees",
        (1, {"first_name": "Karl", "Last_Name": "von Öström", "phone": "08-1"}),
        (2, {"first_name": "Eva", "Last_Name": "von Öström", "phone": "08-2"}),
        (3, {"first_name": None, "Last_Name": "Ek", "phone": "08-3"}),
    )
    made.put("orders", (1005, {"text": "Skruv", "seller": rid(1)}))
    return made


@pytest.fixture
def anna(firm: Firm) -> Client:
    return signed_in(OWNER)


def shown(anna: Client, path: str) -> str:
    """The page of an address."""
    return anna.get(path).content.decode()


def test_people_have_both_names_and_who_has_one_has_that(firm: Firm, anna: Client) -> None:
    assert "<h1>Karl von Öström</h1>" in shown(anna, f"{firm.root('employees')}/{rid(1)}")
    assert "<h1>Ek</h1>" in shown(anna, f"{firm.root('employees')}/{rid(3)}")
    assert ">Karl von Öström</a>" in shown(anna, firm.root("orders"))
    found = shown(anna, f"{firm.root('search')}?q=karl")
    assert ">Karl von Öström</a>" in found
    assert "Karl ·" not in found, "the name is not told once more beside it"


def test_a_table_may_name_people_as_its_export_does(firm: Firm) -> None:
    anna = Importer(firm, "orders")
    preview = anna.send("text,seller\nMutter,Eva von Öström\nBult,von Öström\n")
    assert counts(preview) == {"new": 1, "refused": 1}, "two people have the family name"
    anna.say_yes()
    assert {"text": "Mutter", "seller": rid(2)}.items() <= firm.all("orders")[-1].items()


def test_what_only_has_a_number_is_told_with_what_it_is(firm: Firm, anna: Client) -> None:
    shown(anna, f"{firm.root('orders')}/{rid(1005)}")
    panels = shown(anna, f"/c/{firm.company.pk}")
    assert ">Order 1005</a>" in panels
