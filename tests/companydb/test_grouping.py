"""Fields that names tell belong together, in three languages, and those that a person gives."""

from __future__ import annotations

import pytest

from samsyn.companydb.grouping import GroupUnknown, evident_groups, given, grouped, still_there
from samsyn.core.catalog import Catalog, Field, KeyGiver, Kind, RecordType

DECIMALS = ("amount", "belopp", "Betrag", "price", "rebate", "total", "vat_total")
DATES = ("valid_from", "valid_to", "från", "till")


def kind_of(name: str) -> Kind:
    """What a field of these tests holds."""
    if name in DECIMALS:
        return Kind.DECIMAL
    return Kind.DATE if name in DATES or name.endswith(("date", "datum", "_on")) else Kind.TEXT


def made(*names: str) -> RecordType:
    """A type of these fields."""
    fields = tuple(Field(name, kind_of(name), "TEXT") for name in ("id", *names))
    return RecordType("t", 1, "t", ("id",), KeyGiver.OFFICE, fields)


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        ("street zip city phone", ["street zip city"]),
        ("Adress1 Adress2 Postnr Ort Land", ["Adress1 Adress2 Postnr Ort Land"]),
        ("strasse plz stadt telefon", ["strasse plz stadt"]),
        (
            "delivery_street delivery_city invoice_street invoice_city",
            ["delivery_street delivery_city", "invoice_street invoice_city"],
        ),
        ("DeliveryAddress DeliveryPostalCode", ["DeliveryAddress DeliveryPostalCode"]),
        ("email_address ip_address city", []),
        ("city country", []),
        ("amount currency", ["amount currency"]),
        ("belopp valuta", ["belopp valuta"]),
        ("price rebate currency", ["price currency"]),
        ("price total currency", []),
        ("start_date end_date note", ["start_date end_date"]),
        ("startdatum slutdatum", ["startdatum slutdatum"]),
        ("starts_on ends_on", ["starts_on ends_on"]),
        ("valid_from valid_to", ["valid_from valid_to"]),
        ("mail_from mail_to", []),
        ("status status_date", ["status status_date"]),
        ("order_status other_status_date", []),
    ],
)
def test_what_names_tell(names: str, groups: list[str]) -> None:
    assert [" ".join(group) for group in evident_groups(made(*names.split()))] == groups


def test_a_persons_own_groups_come_first() -> None:
    catalog = Catalog("sqlite", (made("street", "zip", "city", "phone"),))
    own = given("t:city, phone")
    assert grouped(catalog, [own], evident=True).type("t").groups == (("city", "phone"),)
    assert grouped(catalog, [], evident=False).type("t").groups == ()
    assert still_there([own, given("t:a,b"), given("x:a,b")], catalog) == (own,)


@pytest.mark.parametrize(
    "text", ["t", "t:city", "t:city,city", ":city,zip", "t:city,none", "x:a,b"]
)
def test_what_is_no_group_is_refused(text: str) -> None:
    catalog = Catalog("sqlite", (made("zip", "city"),))
    with pytest.raises(GroupUnknown):
        grouped(catalog, [given(text)], evident=False)


def test_a_field_is_in_one_group() -> None:
    catalog = Catalog("sqlite", (made("zip", "city", "phone"),))
    with pytest.raises(GroupUnknown):
        grouped(catalog, [given("t:zip,city"), given("t:city,phone")], evident=False)


def test_groups_change_no_fingerprint() -> None:
    catalog = Catalog("sqlite", (made("zip", "city"),))
    assert grouped(catalog, [], evident=True).fingerprint == catalog.fingerprint
