"""G4, FM6, FM8: a batch takes effect once, in order, from the newest sync computer alone."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.protocol import wire
from samsyn.protocol.messages import BatchAnswer
from samsyn.records.connections import authenticate, revoke
from samsyn.records.errors import (
    BatchDiverged,
    BatchGap,
    CatalogUnknown,
    ConnectionRevoked,
    Fenced,
    LinkOld,
    LinkUnknown,
    NotConnected,
    ProtocolUnsupported,
    RecordsError,
    StateDiverged,
)
from samsyn.records.hello import hello
from samsyn.records.history import changes, conflicts
from samsyn.records.push import push
from samsyn.records.tenant import Tenant
from tests.records.office import AT, CATALOG, Office, edit, record


def head(tenant: Tenant) -> int:
    """The number of the last change."""
    log = changes(tenant, 0, 1000)
    return log[-1].seq if log else 0


def test_a_repeated_batch_gets_the_stored_answer_and_changes_nothing_fm6_g4(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="Berg"))
    edit(tenant, 1, name="online")
    body = office.batch(office.put(1, name="office"))
    first = push(office.caller, body, office.fence, AT)
    edit(tenant, 1, name="later")
    assert push(office.caller, body, office.fence, AT) == first
    assert len(conflicts(tenant, 10)) == 1
    assert record(tenant, 1).fields["name"] == "later"
    assert wire.decode(first, BatchAnswer).outcomes[0].lost[0].online == "online"


def test_a_gap_changes_nothing_g4(office: Office, tenant: Tenant) -> None:
    with pytest.raises(BatchGap) as raised:
        office.send(office.batch(office.new(1, name="Berg"), number=2))
    assert raised.value.facts == {"expected": 1, "number": 2}
    assert head(tenant) == 0


def test_another_batch_under_a_taken_number_changes_nothing_g4(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="Berg"))
    other = office.batch(office.put(1, name="other"), number=1)
    with pytest.raises(BatchDiverged):
        office.send(other)
    assert record(tenant, 1).fields["name"] == "Berg"


def test_a_batch_after_another_history_changes_nothing_g4(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="Berg"))
    office.hash = "0" * 32
    with pytest.raises(BatchDiverged):
        office.push(office.put(1, name="other"))
    assert head(tenant) == 1


def test_a_batch_of_an_unknown_catalog_is_not_taken(office: Office) -> None:
    office.catalog = type(CATALOG)("sqlite", CATALOG.types[:1])
    with pytest.raises(CatalogUnknown):
        office.push(office.new(1, name="Berg"))


def test_a_batch_of_an_earlier_catalog_is_taken(office: Office, tenant: Tenant) -> None:
    """It was claimed before the schema changed, and cannot be made anew."""
    body = office.batch(office.new(1, name="Berg"))
    office.catalog, office.claimed = type(CATALOG)("sqlite", CATALOG.types[:1]), 1
    office.hello()
    office.send(body)
    assert record(tenant, 1).fields["name"] == "Berg"


def test_an_old_sync_computer_that_wakes_up_is_refused_fm8(office: Office, tenant: Tenant) -> None:
    office.fence = 5
    office.push(office.new(1, name="Berg"))
    office.fence = 4
    attempts = (
        lambda: office.push(office.put(1, name="other")),
        office.hello,
        office.load,
    )
    for attempt in attempts:
        with pytest.raises(Fenced) as raised:
            attempt()
        assert raised.value.facts == {"fence": 5, "told": 4}
    assert head(tenant) == 1


def test_a_batch_claimed_by_the_computer_before_is_sent_on_by_the_next(
    office: Office, tenant: Tenant
) -> None:
    body = office.batch(office.new(1, name="Berg"))
    office.fence = 2
    office.send(body)
    assert record(tenant, 1).fields["name"] == "Berg"


# --- hello ---------------------------------------------------------------------------


def test_a_session_goes_on_from_the_last(office: Office) -> None:
    office.push(office.new(1, name="Berg"))
    answer = office.hello()
    assert (answer.batch, answer.batch_hash) == (1, office.hash)
    assert answer.holds == ("customer",)
    assert answer.company_name == "Nordlund & Söner AB"


def test_a_hello_whose_answer_was_lost_may_be_repeated_fm6(office: Office) -> None:
    before = office.link
    office.hello("link-x")
    office.link = before
    office.hello("link-x")
    office.hello()


def test_a_backup_made_while_a_hello_did_not_get_through_is_told_as_one_fm21(
    office: Office,
) -> None:
    """Its link is as of a hello that is repeated and its lease is older: what it has exchanged tells it."""
    before, fence = office.link, office.fence
    office.hello("link-x")
    office.fence += 1
    office.push(office.new(1, name="Berg"))
    office.link, office.fence = before, fence
    office.number, office.hash, office.claimed = 0, "", 0
    with pytest.raises(StateDiverged):
        office.hello("link-x")


def test_a_database_of_an_earlier_hello_is_told_fm21(office: Office) -> None:
    old = office.link
    office.push(office.new(1, name="Berg"))
    office.hello()
    office.hello()
    office.link = old
    with pytest.raises(LinkOld) as raised:
        office.hello()
    assert raised.value.facts == {"cursor": 0, "batch": 0, "at": AT}


@pytest.mark.parametrize("link", [None, "never heard"])
def test_another_database_is_told_fm22(office: Office, link: str | None) -> None:
    office.link = link
    with pytest.raises(LinkUnknown):
        office.hello()


def test_a_copy_of_the_database_that_speaks_second_is_told_fm22(office: Office) -> None:
    """Both hold the link of the moment of the copy; the first to speak moves it on."""
    copied = office.link
    office.hello()
    office.link = copied
    with pytest.raises(LinkOld):
        office.hello()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"cursor": 5}, "cursor"),
        ({"number": 2, "claimed": 2}, "batch"),
        ({"number": 0, "claimed": 0}, "batch"),
        ({"hash": "0" * 32}, "batch_hash"),
    ],
)
def test_a_side_that_was_put_back_is_told_fm21_fm22(
    office: Office, change: dict[str, int | str], what: str
) -> None:
    office.push(office.new(1, name="Berg"))
    for name, value in change.items():
        setattr(office, name, value)
    with pytest.raises(StateDiverged) as raised:
        office.hello()
    assert raised.value.facts["what"] == what


def test_a_batch_whose_answer_was_lost_is_no_divergence_fm6(office: Office) -> None:
    body = office.batch(office.new(1, name="Berg"))
    push(office.caller, body, office.fence, AT)
    office.claimed = 1
    assert office.hello().batch == 1
    office.send(body)


def test_another_protocol_is_refused(office: Office) -> None:
    told = msgspec.structs.replace(office.hello_message("link-x"), protocol=99)
    with pytest.raises(ProtocolUnsupported):
        hello(office.caller, told, AT)


def test_a_refused_hello_changes_nothing(office: Office) -> None:
    link, office.link = office.link, "never heard"
    with pytest.raises(RecordsError):
        office.hello()
    office.link = link
    office.hello()


# --- credentials ---------------------------------------------------------------------


def test_a_revoked_connection_opens_nothing_g9(office: Office, tenant: Tenant) -> None:
    revoke(tenant, office.caller.connection, AT)
    with pytest.raises(ConnectionRevoked):
        office.push(office.new(1, name="Berg"))


@pytest.mark.parametrize(
    "secret", ["", "x", "aaaaaaaaaaaa.x.y", "....", "é.é.é", "AAAAAAAAAAAA.a.b"]
)
def test_a_made_up_secret_opens_nothing_g9(tenant: Tenant, secret: str) -> None:
    with pytest.raises(NotConnected):
        authenticate(secret)
