"""Approval: an office asks, a person answers for one company, and nothing else opens anything."""

from __future__ import annotations

import asyncio

import pytest

from samsyn.protocol import wire
from samsyn.protocol.approval import (
    LAPSES_S,
    MAX_NAME,
    REDEEMED_WITHIN_S,
    Answer,
    Answered,
    Ask,
    Asked,
    Watch,
)
from samsyn.protocol.messages import PairRequest
from samsyn.records import approval, pairing
from samsyn.records.approval import asks, wrong_codes
from samsyn.records.clock import now_s
from samsyn.records.connections import authenticate, connections
from samsyn.records.errors import BadApprovalCode, BadPairingCode, TooManyAsk, TooManyAttempts
from samsyn.records.models import Approval
from samsyn.records.tenant import Tenant
from samsyn.records.wakeup import hub
from samsyn.records.worker import in_worker
from tests.records.office import AT, AT_S
from tests.records.test_sync_api import Agent, code, message

OFFICE = Ask("DESK-1", "nordlund.db", "sqlite", "Nordlund AB", "Anna Berg")


@pytest.fixture(autouse=True)
def _nobody_has_asked() -> None:
    asks.forget()
    wrong_codes.forget()


def asked(told: Ask = OFFICE, at_s: int = AT_S) -> Asked:
    """An office that has asked."""
    return approval.ask(told, "192.0.2.7", AT, at_s)


def shown(codes: Asked, at_s: int = AT_S) -> approval.Question:
    """The question as the person sees it who types the code."""
    return approval.question(codes.code, "person", at_s)


def redeem(secret: str, renew: str | None = None, at_s: int = AT_S) -> str:
    """The credential of a connection made with the secret."""
    return pairing.redeem(
        PairRequest(secret, "DESK-1", "nordlund.db", "sqlite", renew), AT, at_s
    ).secret


def test_an_approved_office_connects_once_to_the_company_that_was_chosen(tenant: Tenant) -> None:
    codes = asked()
    assert approval.answered(codes.secret, "a", AT_S) == Answered(Answer.WAITING)
    approval.approve(shown(codes), tenant, "Nordlund", "anna@example.com", AT_S)
    told = approval.answered(codes.secret, "a", AT_S)
    assert told == Answered(Answer.APPROVED, tenant.company, "Nordlund", "anna@example.com")
    assert authenticate(redeem(codes.secret)).tenant == tenant
    with pytest.raises(BadPairingCode):
        redeem(codes.secret)
    assert len(connections(tenant)) == 1


def test_the_code_that_people_see_opens_nothing(tenant: Tenant) -> None:
    codes = asked()
    approval.approve(shown(codes), tenant, "Nordlund", "anna@example.com", AT_S)
    with pytest.raises(BadPairingCode):
        redeem(codes.code)
    with pytest.raises(BadApprovalCode):
        approval.answered(codes.code, "a", AT_S)


def test_nothing_opens_before_the_answer_or_after_a_no(tenant: Tenant) -> None:
    codes = asked()
    with pytest.raises(BadPairingCode):
        redeem(codes.secret)
    approval.refuse(shown(codes), AT_S)
    assert approval.answered(codes.secret, "a", AT_S) == Answered(Answer.REFUSED)
    with pytest.raises(BadPairingCode):
        redeem(codes.secret)


def test_a_question_is_answered_once(tenant: Tenant) -> None:
    codes = asked()
    first, second = shown(codes), shown(codes)
    approval.refuse(first, AT_S)
    with pytest.raises(BadApprovalCode):
        approval.approve(second, tenant, "Nordlund", "eve@example.com", AT_S)
    with pytest.raises(BadApprovalCode):
        shown(codes)
    assert approval.answered(codes.secret, "a", AT_S).answer is Answer.REFUSED


def test_questions_and_approvals_lapse(tenant: Tenant) -> None:
    codes, late = asked(), AT_S + LAPSES_S
    seen = shown(codes, late - 1)
    with pytest.raises(BadApprovalCode):
        shown(codes, late)
    with pytest.raises(BadApprovalCode):
        approval.approve(seen, tenant, "Nordlund", "anna@example.com", late)
    with pytest.raises(BadApprovalCode):
        approval.answered(codes.secret, "a", late)
    approval.approve(seen, tenant, "Nordlund", "anna@example.com", late - 1)
    with pytest.raises(BadPairingCode):
        redeem(codes.secret, at_s=late - 1 + REDEEMED_WITHIN_S)


def test_a_renewal_renews_what_was_shown_and_makes_no_new_connection(tenant: Tenant) -> None:
    codes = asked()
    approval.approve(shown(codes), tenant, "Nordlund", "anna@example.com", AT_S)
    first, other = authenticate(redeem(codes.secret)), asked()
    approval.approve(shown(other), tenant, "Nordlund", "anna@example.com", AT_S)
    second = authenticate(redeem(other.secret))
    again = asked(Ask("DESK-1", "x", "sqlite", "N", "Anna", first.tenant.company, first.connection))
    approval.approve(shown(again), tenant, "Nordlund", "anna@example.com", AT_S)
    for renew in (None, second.connection):
        with pytest.raises(BadPairingCode):
            redeem(again.secret, renew)
    assert authenticate(redeem(again.secret, first.connection)).connection == first.connection
    assert len(connections(tenant)) == 2


def test_an_approval_of_a_new_connection_renews_none(tenant: Tenant) -> None:
    codes = asked()
    approval.approve(shown(codes), tenant, "Nordlund", "anna@example.com", AT_S)
    known, other = authenticate(redeem(codes.secret)), asked()
    approval.approve(shown(other), tenant, "Nordlund", "anna@example.com", AT_S)
    with pytest.raises(BadPairingCode):
        redeem(other.secret, known.connection)


def test_guessing_a_code_is_stopped_for_a_minute_for_the_guesser_alone(tenant: Tenant) -> None:
    codes = asked()
    for _ in range(pairing.WRONG_PER_ADDRESS):
        with pytest.raises(BadApprovalCode):
            approval.question("AAAA-AAAA", "eve", AT_S)
    with pytest.raises(TooManyAttempts):
        approval.question(codes.code, "eve", AT_S)
    assert approval.question(codes.code.lower(), "anna", AT_S).ask == OFFICE
    assert approval.question(codes.code, "eve", AT_S + pairing.WINDOW_S).ask == OFFICE


def test_one_address_asks_ten_times_a_minute(tenant: Tenant) -> None:
    for _ in range(pairing.WRONG_PER_ADDRESS):
        asked()
    with pytest.raises(TooManyAttempts):
        asked()
    asked(at_s=AT_S + pairing.WINDOW_S)


def test_the_service_keeps_so_many_questions_and_no_more(tenant: Tenant) -> None:
    Approval.objects.bulk_create(
        Approval(
            secret_hash=f"{n:064}", code_hash=f"{n:064}", asked="{}", asked_at=AT,
            expires_s=AT_S + 1, answer="waiting",
        )
        for n in range(approval.OPEN_IN_ALL)
    )  # fmt: skip
    with pytest.raises(TooManyAsk):
        asked()
    asked(at_s=AT_S + 1)


def test_what_an_office_says_of_itself_is_cut_to_what_can_be_shown(tenant: Tenant) -> None:
    told = Ask("DESK\x00-1\u202e", "y" * 10_000, "sqlite", "Nord\nlund", "")
    seen = shown(asked(told)).ask
    assert (seen.computer, seen.company_name) == ("DESK -1", "Nord lund")
    assert len(seen.database) == MAX_NAME


def test_an_office_that_waits_hears_of_the_answer_at_once(tenant: Tenant) -> None:
    async def scene() -> None:
        agent = Agent()
        codes = message(await agent.post("approval", wire.encode(OFFICE)), Asked)
        watch = wire.encode(Watch(codes.secret, 50))
        waiting = asyncio.create_task(agent.post("approval/wait", watch))
        while not hub.held and not waiting.done():
            await asyncio.sleep(0)
        seen = await in_worker(approval.question, codes.code, "person", now_s())
        await in_worker(approval.approve, seen, tenant, "Nordlund", "anna@example.com", now_s())
        told = message(await asyncio.wait_for(waiting, 10), Answered)
        assert (told.answer, told.company) == (Answer.APPROVED, tenant.company)
        assert hub.held == 0

    asyncio.run(scene())


@pytest.mark.parametrize("hold_s", ["0", "-1", "0.01"])
def test_a_watch_ends_without_an_answer(tenant: Tenant, hold_s: str) -> None:
    async def scene() -> None:
        agent = Agent()
        codes = message(await agent.post("approval", wire.encode(OFFICE)), Asked)
        body = f'{{"secret":"{codes.secret}","hold_s":{hold_s}}}'.encode()
        told = message(await agent.post("approval/wait", body), Answered)
        assert told == Answered(Answer.WAITING)

    asyncio.run(scene())


@pytest.mark.parametrize("secret", ["", "x", "A" * 100_000, "K7QF-2M9X"])
def test_a_secret_that_nobody_has_is_refused_by_its_code(tenant: Tenant, secret: str) -> None:
    async def scene() -> None:
        answer = await Agent().post("approval/wait", wire.encode(Watch(secret, 30)))
        assert (answer.status_code, code(answer)) == (404, "BAD_APPROVAL_CODE")

    asyncio.run(scene())
