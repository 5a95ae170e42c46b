"""What a page of online changes carries beside them, and what the service remembers of who asked."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.core.changes import Operation
from samsyn.protocol.messages import Coming, Cursor, FixOrder, Named, Pull
from samsyn.records import clinic, clinic_list, connections, marks
from samsyn.records.catalogs import store_catalog
from samsyn.records.connections import ConnectionState
from samsyn.records.errors import StateDiverged
from samsyn.records.pull import page_of_type, pull
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, CATALOG, Office, create, create_order, delete, edit, rid

MIB = 2**20


def state(office: Office) -> ConnectionState:
    """What the service remembers of the connection."""
    return connections.state(office.caller)


def of_type(office: Office, type_: str, since: int, upto: int, limit: int = 100) -> Pull:
    """A page of one type that was held back."""
    return page_of_type(
        office.caller, since, marks.marked(office.tenant, upto), office.floor, limit, type_
    )


def numbers(page: Pull) -> list[int]:
    """The records that a page tells of."""
    return [int(change.id, 16) for change in page.changes]


def test_a_page_holds_sixteen_megabytes_and_a_larger_record_alone(
    office: Office, tenant: Tenant
) -> None:
    sizes = (8 * MIB - 1_000, 8 * MIB - 1_000, 8 * MIB, 8 * MIB, 17 * MIB)
    for number, size in enumerate(sizes, start=1):
        create(tenant, number, name="x" * size)
    pages = [office.pull() for _ in range(4)]
    assert [numbers(page) for page in pages] == [[1, 2], [3], [4], [5]]
    assert [page.more for page in pages] == [True, True, True, False]


# --- how far the office has come -------------------------------------------------------------


def test_a_pull_tells_how_far_the_office_has_come(office: Office, tenant: Tenant) -> None:
    for number in (1, 2, 3):
        create(tenant, number, name="a")
    pull(office.caller, Cursor(2), 1, 100, office.fence, AT)
    assert (state(office).cursor, state(office).floor) == (2, 1)
    pull(office.caller, Cursor(2), 2, 100, office.fence, AT)
    assert (state(office).cursor, state(office).floor) == (2, 2), "its floor alone is news too"
    pull(office.caller, Cursor(3), 0, 100, office.fence, AT)
    assert (state(office).cursor, state(office).floor) == (3, 2), "and none goes back"


def test_nobody_has_come_further_than_there_are_changes(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    pull(office.caller, Cursor(9), 9, 100, office.fence, AT)
    assert (state(office).cursor, state(office).floor) == (1, 1)


def test_a_page_from_before_what_was_taken_is_refused_fm21_g7(
    office: Office, tenant: Tenant
) -> None:
    for number in (1, 2, 3):
        create(tenant, number, name="a")
    pull(office.caller, Cursor(2), 0, 100, office.fence, AT)
    with pytest.raises(StateDiverged) as raised:
        pull(office.caller, Cursor(1), 0, 100, office.fence, AT)
    assert raised.value.facts == {"what": "cursor", "office": 1, "online": 2}
    assert pull(office.caller, Cursor(2), 0, 100, office.fence, AT).since == 2


def test_a_page_ends_at_a_change_and_says_which_g7(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    create(tenant, 2, name="b")
    page = office.peek(limit=1)
    assert (page.upto, page.mark) == (1, marks.marked(tenant, 1).mark)
    assert page.mark
    rest = pull(office.caller, Cursor(2, marks.marked(tenant, 2).mark), 0, 100, office.fence, AT)
    assert (rest.since, rest.upto, rest.mark) == (2, 2, marks.marked(tenant, 2).mark)
    with pytest.raises(StateDiverged) as raised:
        pull(office.caller, Cursor(2, "another"), 0, 100, office.fence, AT)
    assert raised.value.facts["what"] == "mark"
    tenant.execute("DELETE FROM records_change WHERE company_id = %(company)s")  # as retention does
    rest = pull(office.caller, Cursor(2, "as it was"), 0, 100, office.fence, AT)
    assert (rest.upto, rest.mark) == (2, "as it was")


def test_what_the_office_holds_is_told_by_its_floor_or_what_was_heard_of_it_before(
    office: Office, tenant: Tenant
) -> None:
    """A field that it has taken is expected there, and not what stood there before."""
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="b")
    taken = office.pull().upto
    office.floor = taken
    office.peek()
    edit(tenant, 1, name="c")
    for floor in (0, taken):  # it may have been forgotten
        page = pull(office.caller, Cursor(taken, office.mark), floor, 100, office.fence, AT)
        (change,) = page.changes
        assert (change.fields, change.expected) == ({"name": "c"}, {"name": "b"})


def test_a_page_is_the_same_whatever_floor_an_office_remembers(
    office: Office, tenant: Tenant
) -> None:
    create(tenant, 1, name="a")
    edit(tenant, 1, name="b")
    pages = [pull(office.caller, Cursor(1), floor, 100, office.fence, AT) for floor in (1, 0)]
    assert pages[0] == pages[1]
    ((operation, fields),) = {(c.operation, str(c.fields)) for page in pages for c in page.changes}
    assert (operation, fields) == (Operation.UPDATE, "{'name': 'b'}")
    types = [of_type(office, "customer", 1, 2), of_type(office, "customer", 1, 2)]
    assert [page.changes for page in types] == [pages[0].changes, pages[0].changes]


# --- what else it tells -----------------------------------------------------------------------


def test_where_there_are_more_pages_it_is_told_how_much_comes_fm25(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(9, name="the office's own"))
    for number in (1, 2):
        create(tenant, number, name="a")
        edit(tenant, number, name="b")
    create_order(tenant, 3, no="A-1")
    delete(tenant, 1)
    first = office.peek(limit=1)
    assert first.more
    assert first.coming == {"customer": Coming(2, 1), "order": Coming(1, 0)}
    office.pull(limit=4)
    assert office.peek(limit=1).coming == {"customer": Coming(1, 1), "order": Coming(1, 0)}
    last = office.pull()
    assert (last.more, last.coming) == (False, {})


def test_what_a_person_wants_to_be_sent_again_is_told_with_its_change_fm12(
    office: Office, tenant: Tenant
) -> None:
    bad = msgspec.structs.replace(office.new(1, name="a"), fields={"name": {"$x": 1}})
    office.push(bad)
    (entry,) = clinic_list.entries(tenant)
    with company_unit(tenant, Source.REST, "Maria", AT) as unit:
        clinic.carry_out(unit, FixOrder(entry.id, "send_again"))
    create(tenant, 2, name="beside")
    assert office.peek(limit=1).send_again == (Named("customer", rid(1)),)
    head = office.peek().upto
    assert of_type(office, "customer", 0, head).send_again == (Named("customer", rid(1)),)
    assert of_type(office, "order", 0, head).send_again == ()
    office.pull(limit=1)
    assert office.peek().send_again == ()


def test_a_field_that_the_office_has_no_longer_is_not_told_fm24(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"), office.new(2, name="b"))
    edit(tenant, 1, name="c", phone="1")
    edit(tenant, 2, phone="2")
    create(tenant, 3, phone="3")
    customer, order = CATALOG.types
    fields = tuple(field for field in customer.fields if field.name != "phone")
    catalog = type(CATALOG)("sqlite", (msgspec.structs.replace(customer, fields=fields), order))
    store_catalog(tenant, catalog, AT)  # alone: what a restore brings back waits there still
    told = {int(c.id, 16): (c.operation, dict(c.fields)) for c in office.pull().changes}
    assert told.keys() == {1, 3}
    assert told[1] == (Operation.UPDATE, {"name": "c"})
    assert told[3] == (Operation.INSERT, dict.fromkeys(field.name for field in fields))


# --- of one type ------------------------------------------------------------------------------


def test_a_type_that_was_held_back_is_told_up_to_the_cursor_of_the_others(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    for number in (2, 3, 4):
        create(tenant, number, name="a")
        create_order(tenant, number + 10, no=f"A-{number}")
    upto = office.pull(limit=4).upto
    whole = of_type(office, "customer", 0, upto)
    assert (whole.since, whole.upto, numbers(whole), whole.more) == (0, upto, [2, 3], False)
    assert whole.online_head == 7
    assert whole.included_batch == 1
    assert whole.coming == {}
    part = of_type(office, "customer", 0, upto, limit=1)
    assert (part.upto, numbers(part), part.more) == (2, [2], True)
    assert part.coming == {"customer": Coming(3, 0), "order": Coming(3, 0)}
    rest = of_type(office, "customer", part.upto, upto)
    assert (rest.since, numbers(rest), rest.more) == (2, [3], False)


def test_a_page_of_a_type_beyond_all_changes_ends_there(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    page = page_of_type(office.caller, 0, Cursor(9), 0, 100, "customer")
    assert (page.upto, page.online_head, numbers(page)) == (1, 1, [1])


def test_a_page_of_a_type_for_another_history_is_refused_g7(office: Office, tenant: Tenant) -> None:
    create(tenant, 1, name="a")
    with pytest.raises(StateDiverged):
        page_of_type(office.caller, 0, Cursor(1, "another"), 0, 100, "customer")
