"""G4, G9, FM8: what a connection's credential opens, and how far an office is known to have come."""

from __future__ import annotations

import pytest

from samsyn.records import connections
from samsyn.records.connections import Caller, ConnectionView, Position, authenticate
from samsyn.records.errors import CompanySuspended, ConnectionRevoked, NotConnected
from samsyn.records.tenant import Tenant, writing
from tests.records.office import AT, Office, create, edit

LATER = "2026-11-23T11:00:00.000Z"


def opened(tenant: Tenant, computer: str = "DESK-1", at: str = AT) -> str:
    """A connection's secret."""
    with writing():
        return connections.open_connection(tenant, computer, "nordlund.db", "sqlite", at)


def position(caller: Caller) -> tuple[int, int, str | None]:
    """Cursor and floor, and when the office was last heard."""
    now = connections.state(caller)
    (seen,) = [one.last_seen for one in connections.connections(caller.tenant) if one.id == now.id]
    return now.cursor, now.floor, seen


def heard(office: Office, cursor: int, floor: int, fence: int = 1, at: str = LATER) -> None:
    """An agent tells how far the office has come."""
    with writing():
        now = connections.state(office.caller)
        connections.heard(office.caller, now, Position(cursor, floor, fence), at)


# --- credentials -------------------------------------------------------------------------


def test_an_id_is_short_and_easy_to_say() -> None:
    ids = {connections.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {len(one) for one in ids} == {12}
    assert set("".join(ids)) == set("abcdefghijklmnopqrstuvwxyz234567")


def test_a_secret_opens_its_own_connection_alone_g9(office: Office) -> None:
    one, two = opened(office.tenant), opened(office.tenant, "DESK-2")
    assert authenticate(two) == Caller(office.tenant, connections.id_of(two), "DESK-2")
    company, connection, secret = one.split(".")
    for wrong in (
        f"{company}.{connection}.x{secret[1:]}x",
        f"{company}.{connections.id_of(two)}.{secret}",
        f"bbbbbbbbbbbb.{connection}.{secret}",
        f"no company.{connection}.{secret}",
        f"{company}.{connection}",
        "",
    ):
        with pytest.raises(NotConnected):
            authenticate(wrong)


def test_a_connection_that_was_ended_says_when_and_opens_nothing_fm8(office: Office) -> None:
    one, two = opened(office.tenant), opened(office.tenant, "DESK-2")
    caller = authenticate(one)
    for at in (AT, LATER):
        with writing():
            connections.revoke(office.tenant, connections.id_of(one), at)
    for asked in (lambda: authenticate(one), lambda: connections.state(caller)):
        with pytest.raises(ConnectionRevoked) as ended:
            asked()
        assert ended.value.facts == {"at": AT}
    assert authenticate(two).computer == "DESK-2"
    office.hello()


def test_a_suspended_company_says_since_when_and_when_to_ask_again(office: Office) -> None:
    secret = opened(office.tenant)
    with writing():
        office.tenant.execute(
            "UPDATE records_company SET suspended = %(at)s WHERE company_id = %(company)s", at=AT
        )
    with pytest.raises(CompanySuspended) as refused:
        authenticate(secret)
    assert refused.value.facts == {
        "since": AT,
        "retry_after_s": connections.RETRY_SUSPENDED_S,
    }


def test_a_connection_that_is_not_there_is_none(office: Office) -> None:
    with pytest.raises(NotConnected):
        connections.state(Caller(office.tenant, "gone", "DESK-1"))


def test_people_see_the_newest_connection_first(tenant: Tenant) -> None:
    first, second = opened(tenant, "DESK-1"), opened(tenant, "DESK-2", LATER)
    ids = [connections.id_of(secret) for secret in (second, first)]
    assert connections.connections(tenant) == [
        ConnectionView(ids[0], "DESK-2", "nordlund.db", "sqlite", LATER, None, None),
        ConnectionView(ids[1], "DESK-1", "nordlund.db", "sqlite", AT, None, None),
    ]


# --- how far the office has come -----------------------------------------------------------


def test_a_new_connection_begins_with_what_the_office_had_taken_through_another_g4(
    office: Office,
) -> None:
    create(office.tenant, 1)
    create(office.tenant, 2)
    heard(office, 2, 1)
    other = Tenant("bbbbbbbbbbbb")
    begins = [(office.tenant, 1), (other, 0)]
    for tenant, floor in begins:
        Office.paired(tenant)
        now = connections.state(authenticate(opened(tenant)))
        assert (now.cursor, now.floor, now.batch) == (0, floor, 0)


@pytest.mark.parametrize(
    ("rule", "cursor", "floor", "fence", "known"),
    [
        ("both are news", 3, 2, 1, (3, 2, LATER)),
        ("so is the cursor alone", 3, 1, 1, (3, 1, LATER)),
        ("so is the floor alone", 2, 2, 1, (2, 2, LATER)),
        ("what is known already is none", 2, 1, 1, (2, 1, AT)),
        ("what came late lowers nothing", 1, 0, 1, (2, 1, AT)),
        ("nor does the other one then", 3, 0, 1, (3, 1, LATER)),
        ("nor the cursor", 1, 2, 1, (2, 2, LATER)),
        ("an older fence is another database's", 3, 2, 0, (2, 1, AT)),
        ("a newer one has not said hello yet", 3, 2, 2, (3, 2, LATER)),
    ],
)
def test_how_far_an_office_is_known_to_have_come_fm8_g4(
    office: Office, rule: str, cursor: int, floor: int, fence: int, known: tuple[int, int, str]
) -> None:
    other = Office.paired(office.tenant)
    other.hello()
    before = position(other.caller)
    for number in (1, 2, 3):
        create(office.tenant, number)
    heard(office, 2, 1, at=AT)
    heard(office, cursor, floor, fence)
    assert position(office.caller) == known, rule
    assert position(other.caller) == before, "another connection has not been heard"


@pytest.mark.parametrize(
    ("rule", "columns", "known"),
    [
        ("who has come further has", "cursor = 3, floor = 3", (3, 3)),
        ("a newer agent has said hello", "fence = 2", (2, 1)),
    ],
)
def test_what_another_says_meanwhile_stands_fm8(
    office: Office, rule: str, columns: str, known: tuple[int, int]
) -> None:
    """It is written under the condition that it was read under."""
    for number in (1, 2, 3):
        create(office.tenant, number)
    heard(office, 2, 1)
    now = connections.state(office.caller)
    with writing():
        office.tenant.execute(
            f"UPDATE records_connection SET {columns} WHERE company_id = %(company)s"
        )
        connections.heard(office.caller, now, Position(3, 3, 1), LATER)
    assert position(office.caller)[:2] == known, rule
    taken = "SELECT upto FROM records_taken WHERE company_id = %(company)s ORDER BY upto"
    assert office.tenant.rows(taken) == [(2,)]


def test_what_the_office_has_taken_is_counted_once_g3(office: Office) -> None:
    create(office.tenant, 1)
    edit(office.tenant, 1, name="Berg")
    create(office.tenant, 2)
    for cursor in (2, 2, 3):
        heard(office, cursor, 0)
    rows = office.tenant.rows(
        "SELECT upto, at FROM records_taken WHERE company_id = %(company)s ORDER BY upto"
    )
    assert rows == [(2, LATER), (3, LATER)]


def test_the_highest_chunk_is_known_fm21_g7(office: Office) -> None:
    other = Office.paired(office.tenant)
    for told, known in ((5, 5), (3, 5), (7, 7)):
        with writing():
            connections.has_taken(office.caller, connections.state(office.caller), told)
        assert connections.state(office.caller).chunk == known
        assert connections.state(other.caller).chunk == 0
