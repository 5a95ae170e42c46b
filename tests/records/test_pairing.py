"""Pairing codes: good once, for fifteen minutes, and hard to guess."""

from __future__ import annotations

import pytest

from samsyn.protocol.messages import PairRequest
from samsyn.records import pairing
from samsyn.records.connections import authenticate, connections
from samsyn.records.errors import BadPairingCode, NotConnected, OtherCompany, TooManyAttempts
from samsyn.records.tenant import Tenant
from tests.records.office import AT, AT_S


def request(code: str) -> PairRequest:
    """A computer that redeems a code."""
    return PairRequest(code, "DESK-1", "nordlund.db", "sqlite")


def test_a_code_makes_one_connection(tenant: Tenant) -> None:
    code = pairing.make_code(tenant, "Nordlund", AT_S)
    answer = pairing.redeem(request(code), AT, AT_S)
    assert (answer.company, answer.company_name) == (tenant.company, "Nordlund")
    assert authenticate(answer.secret).connection == answer.connection
    assert [c.computer for c in connections(tenant)] == ["DESK-1"]
    with pytest.raises(BadPairingCode):
        pairing.redeem(request(code), AT, AT_S)


def test_a_code_renews_a_connection_and_the_old_credential_opens_nothing(tenant: Tenant) -> None:
    first = pairing.redeem(request(pairing.make_code(tenant, "Nordlund", AT_S)), AT, AT_S)
    again = PairRequest(
        pairing.make_code(tenant, "Nordlund", AT_S), "DESK-1", "x", "sqlite", first.connection
    )
    second = pairing.redeem(again, AT, AT_S)
    assert second.connection == first.connection
    assert authenticate(second.secret).connection == first.connection
    with pytest.raises(NotConnected):
        authenticate(first.secret)
    assert len(connections(tenant)) == 1


def test_a_code_of_another_company_renews_nothing_and_stays_good_g9(tenant: Tenant) -> None:
    made = pairing.redeem(request(pairing.make_code(tenant, "Nordlund", AT_S)), AT, AT_S)
    other = Tenant("bbbbbbbbbbbb")
    code = pairing.make_code(other, "Andra AB", AT_S)
    with pytest.raises(OtherCompany):
        pairing.redeem(PairRequest(code, "DESK-1", "x", "sqlite", made.connection), AT, AT_S)
    assert authenticate(made.secret).connection == made.connection
    assert pairing.redeem(request(code), AT, AT_S).company == other.company


def test_a_code_may_be_typed_as_people_do(tenant: Tenant) -> None:
    code = pairing.make_code(tenant, "Nordlund", AT_S)
    pairing.redeem(request(f" {code.lower().replace('-', ' ')} "), AT, AT_S)


def test_a_code_is_good_for_fifteen_minutes(tenant: Tenant) -> None:
    code = pairing.make_code(tenant, "Nordlund", AT_S)
    with pytest.raises(BadPairingCode):
        pairing.redeem(request(code), AT, AT_S + pairing.VALID_S)


def test_guessing_is_stopped_for_a_minute(tenant: Tenant) -> None:
    address = "192.0.2.7"
    for _ in range(pairing.WRONG_PER_ADDRESS):
        with pytest.raises(BadPairingCode):
            pairing.redeem_counted(request("AAAA-AAAA"), address, AT, AT_S)
    code = pairing.make_code(tenant, "Nordlund", AT_S)
    with pytest.raises(TooManyAttempts):
        pairing.redeem_counted(request(code), address, AT, AT_S)
    pairing.redeem_counted(request(code), address, AT, AT_S + pairing.WINDOW_S)
