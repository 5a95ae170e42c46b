"""The registers over a company's own tables, alike on both engines."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import django
import pytest

from samsyn.companydb import attach
from samsyn.companydb.bookkeeping import book_name
from samsyn.companydb.row_ids import packed, read_row_id, row_id, unpacked
from samsyn.companydb.urls import CompanyUrl, parse
from samsyn.core.cells import Cell, RawText
from samsyn.core.listing import Condition, Op, Order, Query
from samsyn.demo.postgres import write_postgres
from samsyn.demo.sqlite import write_sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
django.setup()

from samsyn.office.people.rights import Rights  # noqa: E402  # Django must be set up
from samsyn.office.registers.book import OfficeBook  # noqa: E402  # as above
from samsyn.office.registers.opened import Opened  # noqa: E402  # as above
from samsyn.webkit.registers.book import (  # noqa: E402  # as above
    BadList,
    ChangedMeanwhile,
    May,
    NoRecord,
    NotAllowed,
    OneRefused,
    Through,
    Whose,
    Write,
    WrongValues,
)

TODAY = dt.date(2026, 11, 23)
ALL = Rights(False, {}, May.FULL, {})
NewBook = Callable[[Rights], OfficeBook]


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company, attached; to be copied."""
    path = tmp_path_factory.mktemp("book") / "demo.sqlite"
    write_sqlite(path, today=TODAY, contacts=60)
    attach.attach(attach.plan(parse(str(path))))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_file: Path) -> CompanyUrl:
    """A demo company of sixty contacts on each engine, attached."""
    if request.param == "sqlite":
        copied = tmp_path / "demo.sqlite"
        shutil.copy(sqlite_file, copied)
        return parse(str(copied))
    told: str = request.getfixturevalue("pg_url")
    write_postgres(told, today=TODAY, contacts=60)
    found = parse(told)
    attach.attach(attach.plan(found))
    return found


@pytest.fixture
def new_book(url: CompanyUrl) -> Iterator[NewBook]:
    """Opens the company for somebody with these rights."""
    opened: list[Opened] = []

    def new(rights: Rights = ALL) -> OfficeBook:
        opened.append(Opened(url))
        return OfficeBook(opened[-1], Whose("c", "p"), "Anna Berg", rights, "demo")

    yield new
    for one in opened:
        one.close()


@pytest.fixture
def book(new_book: NewBook) -> OfficeBook:
    """The company, open for somebody who may do everything."""
    return new_book(ALL)


def always(_field: str, _cell: Cell) -> bool:
    return True


def test_pages_along_the_keys_hold_every_record_once(book: OfficeBook) -> None:
    for sort in ((), (Order("city"),), (Order("discount_percent", descending=True), Order("name"))):
        seen: list[str] = []
        cursor = None
        while True:
            page = book.page("contacts", Query(sort=sort, cursor=cursor, limit=7))
            seen += [kept.id for kept in page.records]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 60, sort


def test_a_list_is_sorted_as_people_sort_and_what_is_empty_comes_last(book: OfficeBook) -> None:
    for n, name in enumerate(["Öst", "zebra", "Ärla", "Åre", None]):
        values = {"name": f"S{n}", "city": name}
        book.create("contacts", values)
    condition = Condition("name", Op.STARTS, "S")
    rows = book.page("contacts", Query(filter=(condition,), sort=(Order("city"),), limit=500))
    cities = [kept.fields["city"] for kept in rows.records if len(str(kept.fields["name"])) == 2]
    assert cities[-1] is None
    if book.register("contacts").type.schema is None:  # PostgreSQL sorts as its own database does
        assert cities == ["zebra", "Åre", "Ärla", "Öst", None]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (Condition("contact_no", Op.LE, "10003"), 3),
        (Condition("contact_no", Op.EQ, 10002), 1),
        (Condition("contact_no", Op.NE, 10002), 59),
        (Condition("blocked", Op.EQ, "false"), None),
        (Condition("customer_since", Op.GE, "1900-01-01"), 60),
        (Condition("our_reference", Op.EQ, "employees.1"), None),
        (Condition("notes", Op.NULL, False), None),
        (Condition("name", Op.CONTAINS, "ÅÄÖ%_"), 0),
        (Condition("status_code", Op.EQ, "contact_statuses.NY"), None),
    ],
)
def test_filters_ask_the_companys_own_columns(
    book: OfficeBook, condition: Condition, count: int | None
) -> None:
    found = book.page("contacts", Query(filter=(condition,), limit=500)).records
    if count is not None:
        assert len(found) == count
    for kept in found:
        if condition.op is Op.EQ and isinstance(condition.value, str) and "." in condition.value:
            assert kept.fields[condition.field] == condition.value


def test_a_search_finds_letters_of_any_case_beyond_ascii_too(book: OfficeBook) -> None:
    made = book.create("contacts", {"name": "Ängelholms Åkeri", "email": "A_B@x.example"})
    for words in ("ÄNGEL", "åkeri", "a_b@", "RI", "åkeri a_b@", "x.example Änge"):
        found = book.page("contacts", Query(search=words, limit=500)).records
        assert made in [kept.id for kept in found], words
    assert made not in [k.id for k in book.page("contacts", Query(search="aXb")).records]


@pytest.mark.parametrize(
    "query",
    [
        Query(filter=(Condition("nothing", Op.EQ, "1"),)),
        Query(filter=(Condition("contact_no", Op.EQ, "ten"),)),
        Query(filter=(Condition("our_reference", Op.EQ, "x"),)),
        Query(cursor="~x"),
        Query(cursor="1.2.3"),
        Query(sort=(Order("nothing"),)),
    ],
)
def test_a_list_that_cannot_be_read_is_told_so(book: OfficeBook, query: Query) -> None:
    with pytest.raises(BadList):
        book.page("contacts", query)


def test_a_reference_is_the_address_of_its_row_and_leads_there(book: OfficeBook) -> None:
    order = book.page("orders", Query(limit=1)).records[0]
    told = str(order.fields["contact_no"])
    (kept,) = book.records([told]).values()
    assert kept.id == told
    assert kept.type == "contacts"
    assert book.record("contacts", told).key == kept.key


def test_a_new_record_gets_its_number_from_the_database_and_a_note_of_its_maker(
    book: OfficeBook,
) -> None:
    made = book.create("contacts", {"name": "Ny kund", "our_reference": "employees.2"})
    kept = book.record("contacts", made)
    assert made == f"contacts.{kept.fields['contact_no']}"
    assert kept.fields["country"] == "SE"
    (event,) = book.events("contacts", made, None, 10)
    assert (event.action, event.by, event.source) == ("insert", "Anna Berg", "office")
    assert event.fields["our_reference"] == (None, "employees.2")


def test_an_edit_writes_what_changed_and_tells_what_the_databases_rules_made_of_it(
    book: OfficeBook,
) -> None:
    line = book.page("order_lines", Query(limit=1)).records[0]
    order = str(line.fields["order_no"])
    book.edit("order_lines", line.id, {"quantity": 41}, always)
    (event, *_) = book.events("order_lines", line.id, None, 10)
    assert event.fields.keys() == {"quantity", "amount"}
    assert event.fields["quantity"][1] == 41
    assert book.record("orders", order).fields["net_amount"] != 0


def test_a_field_that_somebody_changed_meanwhile_is_shown_and_not_written_over(
    book: OfficeBook, new_book: NewBook
) -> None:
    shown = book.record("contacts", "contacts.10001").fields["phone"]
    new_book(ALL).edit("contacts", "contacts.10001", {"phone": "08-11 11 11"}, always)
    with pytest.raises(ChangedMeanwhile) as told:
        book.edit("contacts", "contacts.10001", {"phone": "08-2"}, lambda _f, cell: cell == shown)
    assert told.value.now == {"phone": "08-11 11 11"}
    book.edit("contacts", "contacts.10001", {"city": "Kiruna"}, lambda _f, _c: True)
    assert book.record("contacts", "contacts.10001").fields["phone"] == "08-11 11 11"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": "X", "payment_days": 500}, None, "CHECK_FAILED"),
        ({"name": None}, "name", "NOT_NULL"),
        ({"city": "X"}, "name", "REQUIRED"),
        ({"name": "X", "contact_no": 5}, "contact_no", "READ_ONLY"),
        ({"name": "X", "our_reference": "employees.999"}, "our_reference", "UNKNOWN_REFERENCE"),
        ({"name": "X", "our_reference": "contacts.10001"}, "our_reference", "UNKNOWN_REFERENCE"),
        ({"name": "X" * 200}, "name", "TOO_LONG"),
        ({"name": "X", "no_such": 1}, "no_such", "UNKNOWN_FIELD"),
    ],
)
def test_what_cannot_be_stored_is_told_beside_its_field(
    book: OfficeBook, values: dict[str, object], field: str | None, code: str
) -> None:
    before = len(book.page("contacts", Query(limit=500)).records)
    with pytest.raises(WrongValues) as told:
        book.create("contacts", values)
    assert code in {error.code for error in told.value.errors.values()}
    if field is not None:
        assert field in told.value.errors
    assert len(book.page("contacts", Query(limit=500)).records) == before


def test_a_value_that_another_record_has_is_refused_by_the_database(book: OfficeBook) -> None:
    taken = book.record("employees", "employees.1").fields["email"]
    with pytest.raises(WrongValues) as told:
        book.edit("employees", "employees.2", {"email": taken}, always)
    assert told.value.errors["email"].code == "UNIQUE_TAKEN"


def test_what_others_refer_to_is_not_deleted_and_nothing_is_noted(book: OfficeBook) -> None:
    order = book.page("orders", Query(limit=1)).records[0]
    contact = str(order.fields["contact_no"])
    with pytest.raises(WrongValues) as told:
        book.delete("contacts", contact)
    assert {error.code for error in told.value.errors.values()} == {"REFERENCE_MISSING"}
    assert book.events("contacts", contact, None, 10) == []
    book.delete("orders", order.id)
    with pytest.raises(NoRecord):
        book.record("orders", order.id)


def test_writes_together_are_all_done_or_none(book: OfficeBook) -> None:
    writes = [
        Write("contacts", None, {"name": "Ett"}),
        Write("contacts", "contacts.10001", {"city": "Två"}),
        Write("contacts", None, {"city": "utan namn"}),
    ]
    refusals = book.rehearse(writes)
    assert [type(one).__name__ for one in refusals] == ["NoneType", "NoneType", "WrongValues"]
    with pytest.raises(OneRefused) as told:
        book.write(writes, Through.IMPORT)
    assert told.value.at == 2
    assert book.record("contacts", "contacts.10001").fields["city"] != "Två"
    made, same = book.write(writes[:2], Through.IMPORT)
    assert book.record("contacts", made).fields["name"] == "Ett"
    assert same == "contacts.10001"


def test_a_register_is_as_open_as_its_level(new_book: NewBook) -> None:
    reader = new_book(Rights(False, {"contacts": May.READ}, May.NONE, {}))
    assert [register.type.name for register in reader.registers()] == ["contacts"]
    with pytest.raises(NotAllowed):
        reader.edit("contacts", "contacts.10001", {"city": "X"}, always)
    assert reader.records(["employees.1"]) == {}
    writer = new_book(Rights(False, {"contacts": May.WRITE}, May.NONE, {}))
    writer.edit("contacts", "contacts.10001", {"city": "X"}, always)
    with pytest.raises(NotAllowed):
        writer.delete("contacts", "contacts.10001")


def test_records_are_found_by_what_a_field_holds(book: OfficeBook) -> None:
    found = book.holding("contacts", "contact_no", ["10002", "10004", "77"])
    assert [kept.id for kept in found] == ["contacts.10002", "contacts.10004"]


def test_records_are_found_by_what_they_refer_to(book: OfficeBook) -> None:
    line = book.page("order_lines", Query(limit=1)).records[0]
    order = str(line.fields["order_no"])
    found = book.holding("order_lines", "order_no", [order, "orders.77", "no id"])
    assert line.id in [kept.id for kept in found]
    assert {kept.fields["order_no"] for kept in found} == {order}


def test_a_database_of_an_older_version_gets_the_tables_that_came_since(
    url: CompanyUrl, new_book: NewBook
) -> None:
    first = Opened(url)
    for table in ("note", "author"):
        first.db.run(f"DROP TABLE {book_name(first.db.engine, table)}")
    first.close()
    new_book(ALL).edit("contacts", "contacts.10001", {"city": "X"}, always)


@pytest.mark.parametrize(
    "key",
    [
        (10001,), (-5,), ("10001",), ("",), ("a.b/~c%",), ("åäö", 3), (1.5,), (b"\x00\xff",),
        (RawText(b"\xff\xfe"),), ("-0",), ("007",), ("new",), (2**62,), ("~t5",),
    ],
)  # fmt: skip
def test_any_key_is_told_apart_in_an_address(key: tuple[object, ...]) -> None:
    text = row_id("sqlite", "Order rader.å", key)
    assert text.isascii()
    assert not set(text) & set("/?#%:&+ ")
    assert read_row_id("sqlite", text) == ("Order rader.å", key)
    assert unpacked(packed((None, *key))) == (None, *key)


@pytest.mark.parametrize(
    "text", ["", "x", "x.~", "x.~zz", "x.~fxx", "x.~b0", "a" * 3000 + ".1", "x.~C3"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_row_id("sqlite", text) is None


def test_a_text_that_is_no_text_in_a_list_is_shown_all_the_same(
    sqlite_file: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "broken.sqlite"
    shutil.copy(sqlite_file, copied)
    with apsw.Connection(str(copied)) as connection:
        connection.execute(
            "UPDATE contacts SET city = CAST(x'ff41' AS TEXT) WHERE contact_no = 10001"
        )
    connection.close()
    opened = Opened(parse(str(copied)))
    book = OfficeBook(opened, Whose("c", "p"), "Anna", ALL, "demo")
    for query in (Query(), Query(sort=(Order("city"),)), Query(search="é")):
        book.page("contacts", query)
    assert isinstance(book.record("contacts", "contacts.10001").fields["city"], dict)
    opened.close()


def test_what_is_of_a_day_or_later_comes_newest_first_and_bounded(
    book: OfficeBook,
) -> None:
    dates = [
        one.fields["order_date"] for one in book.since("orders", "order_date", "2000-01-01", 900)
    ]
    assert len(dates) > 2
    assert dates == sorted(dates, key=str, reverse=True)
    day = str(dates[1])
    found = book.since("orders", "order_date", day, 900)
    assert [one.fields["order_date"] for one in found] == [d for d in dates if str(d) >= day]
    assert len(book.since("orders", "order_date", "2000-01-01", 2)) == 2
    assert book.since("orders", "order_date", "2999-01-01", 9) == []
