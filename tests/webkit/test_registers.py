"""What the register pages read out of addresses and forms, and how they show values."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from samsyn.core.bad_value import BadValue
from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType
from samsyn.core.given import Literal
from samsyn.core.listing import Condition, Op, Order

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")

NAMES = [
    "contacts",
    "public.orders",
    "a/b",
    "a~b~1",
    "search",
    "Order rader.å/ä %2F?",
    "~2search",
    "",
]


@pytest.fixture(autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[None]:
    import django
    from django.utils import translation

    django.setup()
    with translation.override(getattr(request, "param", "en")):
        yield


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_table_survives_an_address(name: str) -> None:
    from urllib.parse import unquote

    from samsyn.webkit.registers.addresses import COMMANDS, name_in, segment

    part = unquote(segment(name))
    assert name_in(part) == name
    assert "/" not in part
    assert part not in COMMANDS


def contact(*fields: Field) -> RecordType:
    return RecordType("contacts", 1, "contacts", ("id",), KeyGiver.OFFICE, fields)


A_TYPE = contact(
    Field("id", Kind.INTEGER, "INTEGER"),
    Field("a:b", Kind.TEXT, "TEXT"),
    Field("a", Kind.DECIMAL, "NUMERIC", scale=2),
    Field("photo", Kind.BLOB, "BLOB"),
    Field("active", Kind.BOOLEAN, "NUMERIC"),
)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("a:b:contains:x:y", Condition("a:b", Op.CONTAINS, "x:y")),
        ("a:ge:1,250.5", Condition("a", Op.GE, "1250.5")),
        ("a:null:false", Condition("a", Op.NULL, False)),
        ("active:eq:true", Condition("active", Op.EQ, True)),
        ("nothing:eq:1", None),
        ("a:like:1", None),
        ("a:ge:", None),
        ("a:b:eq:\0", None),
    ],
)
def test_a_filter_is_read_or_told_to_be_unreadable(told: str, meant: Condition | None) -> None:
    from django.http import QueryDict

    from samsyn.webkit.registers.asking import asked, condition

    assert condition(A_TYPE, told) == meant
    address = QueryDict(mutable=True)
    address["where"] = told
    found = asked(A_TYPE, address)
    assert found.conditions == (() if meant is None else (meant,))
    assert len(found.unread) == (meant is None)


def test_a_list_is_sorted_by_what_can_be_sorted_and_never_by_a_picture() -> None:
    from django.http import QueryDict

    from samsyn.webkit.registers.asking import asked

    assert asked(A_TYPE, QueryDict("sort=-a")).order == Order("a", descending=True)
    assert asked(A_TYPE, QueryDict("sort=photo")).order is None
    assert asked(A_TYPE, QueryDict("sort=nothing")).order is None
    assert "photo" not in asked(A_TYPE, QueryDict("")).columns
    assert asked(A_TYPE, QueryDict("column=photo&column=nothing")).columns == ("photo",)


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("sv", "1 250,50", "1250.50"),
        ("sv", "1250.5", "1250.5"),
        ("sv", "1.250,5", "1250.5"),
        ("en", "1,250.50", "1250.50"),
        ("en", "\N{MINUS SIGN}3", "-3"),
    ],
    indirect=["language"],
)
def test_a_number_is_read_as_the_language_writes_it(written: str, meant: str) -> None:
    from samsyn.webkit.registers.entering import value_of

    assert value_of(Field("n", Kind.DECIMAL, "NUMERIC"), written) == meant


def test_what_a_control_sends_becomes_a_value_or_says_what_is_wrong() -> None:
    from samsyn.webkit.registers.entering import value_of

    whole, real = Field("n", Kind.INTEGER, "INTEGER"), Field("n", Kind.REAL, "REAL")
    assert value_of(whole, "12") == 12
    assert value_of(real, "1.5e3") == Literal("1.5e3")
    assert isinstance(value_of(real, "1"), Literal)
    assert value_of(Field("t", Kind.TEXT, "TEXT"), "") is None
    assert value_of(Field("t", Kind.TEXT, "TEXT", nullable=False), "") == ""
    assert value_of(Field("b", Kind.BOOLEAN, "NUMERIC"), "false") is False
    for field, text in ((whole, "1.5"), (whole, "one"), (real, "much")):
        with pytest.raises(BadValue) as caught:
            value_of(field, text)
        assert caught.value.code == "WRONG_TYPE"


def test_every_fault_of_a_value_has_words() -> None:
    from samsyn.online.api.words import FIELDS
    from samsyn.webkit.registers.faults import error_words

    facts = {"limit": 3, "scale": 2, "expected": "integer", "type": "x"}
    general = error_words(BadValue("NO_SUCH_CODE"))
    without = {code for code in FIELDS if error_words(BadValue(code, **facts)) == general}
    assert without <= {"NOT_AN_INTERVAL", "NOT_A_UUID", "NOT_BASE64", "NOT_TEXT", "NUL_NOT_ALLOWED",
                       "NOT_A_DECIMAL"}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "kind", "cell", "shown"),
    [
        ("sv", Kind.DECIMAL, 1234.5, "1\N{NO-BREAK SPACE}234,50"),
        ("en", Kind.DECIMAL, 1234.5, "1,234.50"),
        ("sv", Kind.INTEGER, 10001, "10001"),
        ("sv", Kind.REAL, 0.5, "0,5"),
        ("sv", Kind.BOOLEAN, 1, "Yes"),
        ("sv", Kind.DATE, "2026-11-24", "2026-11-24"),
        ("sv", Kind.DATE, "no date", "no date"),
        ("sv", Kind.TEXT, 7, "7"),
    ],
    indirect=["language"],
)
def test_a_value_is_shown_as_the_language_writes_it(kind: Kind, cell: object, shown: str) -> None:
    from samsyn.core.cells import from_value
    from samsyn.webkit.registers.showing import plain_value

    field = Field("n", kind, "NUMERIC", scale=2 if kind is Kind.DECIMAL else None)
    told = plain_value(field, from_value(cell)).text
    assert told.replace("Ja", "Yes") == shown


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("anna@example.com", "mailto:anna@example.com"),
        ("https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("javascript:alert(1)", ""),
        ("see https://example.com", ""),
        ('https://example.com/"onclick="x', ""),
    ],
)
def test_a_text_leads_only_to_mail_and_web(text: str, url: str) -> None:
    from samsyn.webkit.registers.showing import plain_value

    assert plain_value(Field("t", Kind.TEXT, "TEXT"), text).url == url


def test_a_picture_is_known_by_its_bytes_and_all_else_is_a_file() -> None:
    from samsyn.webkit.registers.showing import content_type

    assert content_type(b"\x89PNG\r\n\x1a\n...") == "image/png"
    assert content_type(b"RIFF....WEBPVP8 ") == "image/webp"
    assert content_type(b"<svg onload=alert(1)>") == "application/octet-stream"
    assert content_type(b"<html>") == "application/octet-stream"


def test_an_exported_text_is_never_a_formula() -> None:
    from samsyn.webkit.registers.exporting import _safe

    assert _safe("=1+1", "text") == "'=1+1"
    assert _safe("-1,250.00", "number") == "-1250.00"
    assert _safe("Ö & Å", "text") == "Ö & Å"


@pytest.mark.parametrize(
    ("key", "called"),
    [
        (("ALFKI",), "ALFKI"),
        ((1, "06897"), "1 · 06897"),
        (("",), "“”"),
        ((" ",), "“ ”"),
        (None, ""),
    ],
)
def test_a_record_whose_key_is_blank_can_be_seen_too(
    key: tuple[str | int, ...] | None, called: str
) -> None:
    from samsyn.webkit.registers.showing import key_text

    assert key_text(key) == called
