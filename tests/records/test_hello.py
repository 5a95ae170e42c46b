"""FM6, FM21, FM22, G7: what a hello answers and keeps, and which of two histories go on from each other."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from samsyn.protocol import VERSION
from samsyn.protocol.messages import Chunks, Hello, HelloAnswer
from samsyn.records.errors import (
    BackupTooOld,
    Fenced,
    LinkOld,
    LinkUnknown,
    ProtocolUnsupported,
    StateDiverged,
)
from samsyn.records.hello import hello, record_counts
from samsyn.records.tenant import Tenant, writing
from tests.records.office import AT, CATALOG, Office, create, edit, loaded
from tests.records.restores import connection

LATER = "2026-11-23T11:00:00.000Z"


@pytest.fixture
def neighbour(office: Office) -> Office:
    """Another company's office, which has said hello under the same links; nothing of it changes."""
    other = Office.paired(Tenant("bbbbbbbbbbbb"))
    other.hello()
    return other


def links(office: Office) -> dict[str, tuple[object, ...]]:
    """What the store has of each link: where both stood when it was made, and when it was left."""
    rows = office.tenant.rows(
        "SELECT link, cursor, batch, at, epoch, left_cursor, left_batch, left_chunk"
        " FROM records_link WHERE company_id = %(company)s AND connection = %(connection)s",
        connection=office.caller.connection,
    )
    return {link: tuple(rest) for link, *rest in rows}


def says(office: Office, next_link: str, at: str = AT, **other: object) -> HelloAnswer:
    """A hello of what the office is, but for what is given."""
    told = structs.replace(office.hello_message(next_link), **other)
    return hello(office.caller, told, at)


def test_the_answer_tells_what_the_service_knows(office: Office) -> None:
    office.push(office.new(1, name="Berg"))
    office.load(loaded(2), last=True)
    create(office.tenant, 3, name="Alm")
    with writing():
        office.tenant.execute(
            "UPDATE records_company SET trimmed_online = 1 WHERE company_id = %(company)s"
        )
    assert office.hello() == HelloAnswer(
        company=office.tenant.company,
        company_name="Nordlund & Söner AB",
        online_head=3,
        batch=1,
        batch_hash=office.hash,
        loaded=("customer",),
        holds=("customer",),
        trimmed=1,
    )


def test_of_each_type_it_is_told_whether_there_are_records(office: Office) -> None:
    assert office.hello().holds == ()
    office.push(office.new(1), office.new(2))
    office.push(office.delete(1), office.delete(2))
    assert office.hello().holds == ("customer",), "of the deleted ones, too"
    assert record_counts(office.tenant) == {"customer": 2}


def test_who_speaks_is_kept_and_of_no_other_company_g9(office: Office, neighbour: Office) -> None:
    kept = ("link", "previous_link", "fence", "computer", "fingerprint", "last_seen")
    before, first = connection(neighbour, *kept), office.link
    says(office, "link-x", LATER, fence=7, computer="TILL-2")
    assert connection(office, *kept) == (
        "link-x", first, 7, "TILL-2", CATALOG.fingerprint, LATER
    )  # fmt: skip
    assert connection(neighbour, *kept) == before


def test_a_link_tells_where_both_stood_and_how_far_it_was_left_fm21(
    office: Office, neighbour: Office
) -> None:
    """Another company may have made the same link: it keeps its own."""
    first = str(office.link)
    theirs = links(neighbour)
    office.push(office.new(1, name="Berg"))
    edit(office.tenant, 1, name="Alm")
    office.pull()
    office.claimed = 2
    says(office, "link-x", LATER, chunks=Chunks(5, 0))
    assert links(office) == {
        first: (0, 0, AT, 0, 2, 2, 5),
        "link-x": (2, 1, LATER, 0, None, None, None),
    }
    office.link = "link-x"
    says(office, "link-y", LATER)
    assert links(office)["link-x"] == (2, 1, LATER, 0, 2, 2, None)
    assert links(neighbour) == theirs


def test_a_hello_that_is_repeated_moves_nothing_fm6(office: Office) -> None:
    """Its answer was lost; the same database says it again, or says where it goes on from now."""
    said = office.hello_message("link-x")
    hello(office.caller, said, AT)
    before = links(office), connection(office, "link", "previous_link")
    hello(office.caller, said, LATER)
    hello(office.caller, structs.replace(said, link="link-x"), LATER)
    assert (links(office), connection(office, "link", "previous_link")) == before
    assert connection(office, "last_seen") == (LATER,)


def worked(office: Office) -> None:
    """Batches 1 and 2, online numbers up to 5, of which the office has told to have 4."""
    office.push(office.new(1, name="Berg"), office.new(2))
    office.push(office.put(1, name="Ek"))
    edit(office.tenant, 1, phone="1")
    edit(office.tenant, 2, phone="2")
    office.pull(limit=1)
    office.pull(limit=1)
    office.cursor, office.mark = 4, ""
    office.peek()


@pytest.mark.parametrize(
    ("told", "what", "words"),
    [
        ({"cursor": 3}, "cursor", (3, 4)),
        ({"cursor": 6}, "cursor", (6, 5)),
        ({"batch": 1, "claimed": 1}, "batch", (1, 2)),
        ({"batch": 3, "claimed": 3}, "batch", (3, 2)),
        ({"batch_hash": "another"}, "batch_hash", ("another", "its own")),
        ({"mark": "another"}, "mark", None),
    ],
)
def test_which_histories_do_not_go_on_from_each_other_fm21_fm22_g7(
    office: Office, told: dict[str, Any], what: str, words: tuple[object, object] | None
) -> None:
    worked(office)
    known = office.hash
    with pytest.raises(StateDiverged) as raised:
        says(office, "link-x", **told)
    assert raised.value.facts["what"] == what
    if words is not None:
        online = known if words[1] == "its own" else words[1]
        assert (raised.value.facts["office"], raised.value.facts["online"]) == (words[0], online)


@pytest.mark.parametrize(
    "told", [{}, {"cursor": 5}, {"batch": 1, "batch_hash": "of one"}, {"claimed": 3}]
)
def test_which_histories_go_on_from_each_other(office: Office, told: dict[str, Any]) -> None:
    """What the office took or sent last may not have been heard of, here or there."""
    worked(office)
    assert says(office, "link-x", **told).batch == 2


def test_an_older_computer_is_refused_and_changes_nothing_fm8(office: Office) -> None:
    says(office, "link-x", fence=7)
    office.link = "link-x"
    before = links(office), connection(office, "link", "fence")
    with pytest.raises(Fenced):
        says(office, "link-y", fence=6)
    assert (links(office), connection(office, "link", "fence")) == before
    says(office, "link-y", fence=7)


def test_another_protocol_is_told_which_one_is_spoken(office: Office) -> None:
    with pytest.raises(ProtocolUnsupported) as raised:
        says(office, "link-x", protocol=VERSION + 1)
    assert raised.value.facts == {"spoken": VERSION + 1, "supported": VERSION}


# --- which link --------------------------------------------------------------------------


def earlier(office: Office) -> Hello:
    """As the database was two hellos ago; batches and online work have come since."""
    told = office.hello_message("link-x")
    worked(office)
    says(office, "link-2")
    office.link = "link-2"
    says(office, "link-3", LATER)
    return told


def test_an_older_link_tells_where_it_was_fm21_g7(office: Office) -> None:
    was = earlier(office)
    with pytest.raises(LinkOld) as raised:
        hello(office.caller, was, AT)
    assert raised.value.facts == {"cursor": 0, "batch": 0, "at": AT}
    with pytest.raises(LinkOld) as raised:
        hello(office.caller, structs.replace(was, next_link="link-3"), AT)
    with pytest.raises(LinkOld) as raised:
        hello(office.caller, structs.replace(was, link="link-2"), AT)
    assert raised.value.facts == {"cursor": 4, "batch": 2, "at": AT}


def test_a_link_of_another_company_or_connection_is_unknown_fm22_g9(
    office: Office, neighbour: Office
) -> None:
    says(neighbour, "link-other")
    second = Office.paired(office.tenant)
    second.hello("link-second")
    for link in ("link-other", "link-second", None):
        with pytest.raises(LinkUnknown):
            says(office, "link-x", link=link)


def trimmed(office: Office, batch: int, cursor: int) -> None:
    """Retention has let go of links of up to here."""
    with writing():
        office.tenant.execute(
            "UPDATE records_connection SET trimmed_link_at = %(at)s, trimmed_link_batch = %(batch)s,"
            " trimmed_link_cursor = %(cursor)s WHERE company_id = %(company)s",
            at=AT,
            batch=batch,
            cursor=cursor,
        )


@pytest.mark.parametrize(
    ("link", "batch", "cursor", "raised"),
    [
        ("let go of", 1, 3, BackupTooOld),
        ("let go of", 1, 4, BackupTooOld),
        ("let go of", 2, 3, LinkUnknown),
        ("let go of", 1, 5, LinkUnknown),
        (None, 1, 3, LinkUnknown),
    ],
)
def test_an_unknown_link_may_be_one_that_retention_let_go_of_fm21_g7(
    office: Office, link: str | None, batch: int, cursor: int, raised: type[Exception]
) -> None:
    """Not one of a database that has come further, or that never said hello."""
    worked(office)
    trimmed(office, batch=1, cursor=4)
    with pytest.raises(raised):
        says(office, "link-x", link=link, batch=batch, cursor=cursor)


def test_the_first_hello_of_a_connection_needs_no_link(tenant: Tenant) -> None:
    new = Office.paired(tenant)
    assert says(new, "link-1").batch == 0
    assert links(new) == {"link-1": (0, 0, AT, 0, None, None, None)}
