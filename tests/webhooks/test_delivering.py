"""What a webhook is told: everything that it wants, in order, at least once, for days."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.core.changes import Operation
from samsyn.online.companies.models import Company
from samsyn.online.mail.models import OutgoingMail
from samsyn.online.webhooks import hooks, managing, queue
from samsyn.online.webhooks.delivering import Lease, deliver
from samsyn.online.webhooks.events import OF_RECORDS
from samsyn.online.webhooks.gathering import AT_ONCE, FULL
from samsyn.online.webhooks.hooks import Hook
from samsyn.online.webhooks.managing import Wanted
from samsyn.online.webhooks.retries import GIVE_UP, PAUSES_S, is_over, later, next_try
from samsyn.online.webhooks.sending import Tried
from samsyn.records import clock, suspension
from samsyn.records.tenant import Tenant, writing
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, create, create_order, delete, edit, loaded, rid
from tests.webhooks.conftest import Line

URL = "https://receiver.example/hook"
LEASE = Lease("lease-of-one")
DOWN = Tried(503, "", 5, "busy")


def hooked(tenant: Tenant, *events: str, types: tuple[str, ...] = ()) -> tuple[Hook, str]:
    """A new webhook and its secret."""
    return managing.create(
        tenant, Wanted("Butiken", URL, events or OF_RECORDS, types), "owner@example.com"
    )


def due_now(tenant: Tenant, hook: Hook) -> None:
    """The pause before the next attempt is over."""
    with writing():
        hooks.change(tenant, hook.id, next_try="")


def test_changes_come_in_their_order_and_signed(office: Office, line: Line) -> None:
    tenant = office.tenant
    create(tenant, 1, name="Före")
    hook, secret = hooked(tenant)
    create(tenant, 2, name="Ny")
    edit(tenant, 2, phone="08-1")
    office.push(office.new(9, name="Från kontoret"))
    delete(tenant, 2)
    assert not deliver(tenant, hook.id, LEASE, line)
    assert line.events == [
        "record.created", "record.changed", "record.created", "record.deleted",
    ]  # fmt: skip
    assert [got.json["data"]["record"] for got in line.got] == [rid(2), rid(2), rid(9), rid(2)]
    changed = line.got[1].json
    assert changed["data"]["fields"]["phone"] == {"old": None, "new": "08-1"}
    assert changed["data"]["company"] == tenant.company
    assert all(got.is_signed_by(secret) for got in line.got)
    assert len({got.id for got in line.got}) == 4
    deliver(tenant, hook.id, LEASE, line)
    assert len(line.got) == 4


def test_only_what_is_wanted_is_told(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant, "record.created", types=("customer",))
    create(tenant, 1, name="Ja")
    create_order(tenant, 20, no="A1")
    edit(tenant, 1, name="Nej")
    deliver(tenant, hook.id, LEASE, line)
    assert line.events == ["record.created"]


def test_a_conflict_is_told_after_the_change_that_decided_it(office: Office, line: Line) -> None:
    tenant = office.tenant
    create(tenant, 1, name="X", phone="1")
    office.pull()
    office.push(office.taken(1))
    hook, _ = hooked(tenant, "record.changed", "conflict.recorded")
    edit(tenant, 1, phone="online")
    office.push(office.put(1, phone="office"))
    deliver(tenant, hook.id, LEASE, line)
    assert line.events == ["record.changed", "record.changed", "conflict.recorded"]
    told = line.got[-1].json["data"]
    assert (told["office"], told["online"], told["kept"]) == ("office", "online", "office")


def test_what_is_refused_is_told_and_that_it_is_settled(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant, "quarantine.added", "quarantine.settled")
    create(tenant, 1, name="X")
    office.pull()
    office.push(office.refused(1, Operation.INSERT, "name"))
    deliver(tenant, hook.id, LEASE, line)
    assert line.events == ["quarantine.added"]
    delete(tenant, 1)
    office.pull()
    office.push(office.taken(1))
    deliver(tenant, hook.id, LEASE, line)
    assert line.events[1:] in (["quarantine.settled"], [])


def test_a_first_load_is_not_told_record_by_record(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    office.load(loaded(5, name="Laddad"))
    deliver(tenant, hook.id, LEASE, line)
    assert "record.created" not in line.events


def test_what_fails_comes_again_before_anything_later(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="Först")
    create(tenant, 2, name="Sedan")
    line.answers = [DOWN]
    assert not deliver(tenant, hook.id, LEASE, line)
    failing = hooks.hook(tenant, hook.id)
    assert (failing.attempts, failing.why, len(line.got)) == (1, "HTTP_503", 1)
    assert failing.next_try > clock.now()
    deliver(tenant, hook.id, LEASE, line)
    assert len(line.got) == 1, "not before its time"
    due_now(tenant, hook)
    deliver(tenant, hook.id, LEASE, line)
    assert [got.json["data"]["record"] for got in line.got] == [rid(1), rid(1), rid(2)]
    assert line.got[0].id == line.got[1].id
    well = hooks.hook(tenant, hook.id)
    assert (well.attempts, well.why, well.failing_since) == (0, "", "")
    assert well.last_ok


def test_pauses_grow_and_last_for_days() -> None:
    now = "2026-11-24T12:00:00.000Z"
    moments = [next_try(n, now) for n in range(1, len(PAUSES_S) + 3)]
    assert moments == sorted(moments)
    assert moments[0] == "2026-11-24T12:00:05.000Z"
    assert moments[-1] == "2026-11-25T00:00:00.000Z"
    assert not is_over(now, later(now, GIVE_UP.total_seconds()))
    assert is_over(now, later(now, GIVE_UP.total_seconds() + 1))


@pytest.mark.parametrize("answer", [DOWN, Tried(410, "", 1, "gone")])
def test_a_hook_that_fails_for_days_or_is_told_to_go_is_switched_off_and_goes_on_where_it_was(
    office: Office, line: Line, answer: Tried
) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="Kvar")
    if answer is DOWN:
        long_ago = dt.datetime.now(dt.UTC) - GIVE_UP - dt.timedelta(hours=1)
        with writing():
            hooks.change(tenant, hook.id, failing_since=long_ago.isoformat(), attempts=20)
    line.answers = [answer]
    deliver(tenant, hook.id, LEASE, line)
    assert hooks.hook(tenant, hook.id).state == hooks.FAILED
    letter = OutgoingMail.objects.get()
    assert letter.to == "owner@example.com"
    assert hook.id in letter.text
    assert letter.subject.startswith("Ett AB: ")
    assert letter.text.rstrip().endswith("Samsyn")
    create(tenant, 2, name="Under tiden")
    deliver(tenant, hook.id, LEASE, line)
    assert len(line.got) == 1
    managing.switch(tenant, hook.id, True)
    deliver(tenant, hook.id, LEASE, line)
    assert [got.json["data"]["record"] for got in line.got[1:]] == [rid(1), rid(2)]


def test_one_process_at_a_time_delivers_and_another_takes_over(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="X")
    now = clock.now()
    assert hooks.claim(tenant, hook.id, "the-other", now, later(now, 60))
    deliver(tenant, hook.id, LEASE, line)
    assert line.got == []
    assert hooks.claim(tenant, hook.id, "the-other", now, later(now, -1))
    deliver(tenant, hook.id, LEASE, line)
    assert len(line.got) == 1
    assert not hooks.claim(tenant, hook.id, "the-other", clock.now(), later(now, 60))
    LEASE.give_back()
    assert hooks.claim(tenant, hook.id, "the-other", clock.now(), later(now, 60))


def test_a_crash_after_sending_sends_again_under_the_same_id(office: Office) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="X")
    got = []

    def dies(url: str, body: bytes, headers: object) -> Tried:
        got.append(headers)
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(tenant, hook.id, LEASE, dies)
    line = Line()
    deliver(tenant, hook.id, LEASE, line)
    assert [one.headers["webhook-id"] for one in line.got] == [
        dict(got[0])["webhook-id"]  # type: ignore[call-overload]  # the headers of a message
    ]


def test_a_receiver_that_takes_nothing_holds_up_no_memory_and_loses_nothing(
    office: Office, line: Line
) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant, "record.created")
    many = FULL + AT_ONCE + 7
    for start in range(0, many, 100):
        with company_unit(tenant, Source.REST, "x@example.com", AT) as unit:
            for number in range(start, min(start + 100, many)):
                unit.create("customer", {"name": str(number)}, rid(1000 + number))
    line.answers = [DOWN]
    deliver(tenant, hook.id, LEASE, line)
    assert FULL <= queue.waiting(tenant, hook.id) < FULL + AT_ONCE
    due_now(tenant, hook)
    while deliver(tenant, hook.id, LEASE, line):
        pass
    told = [got.json["data"]["record"] for got in line.got[1:]]
    assert told == [rid(1000 + number) for number in range(many)]
    kept = queue.log(tenant, hook.id, None, 10_000)
    assert len(kept) <= queue.KEPT + 1


def test_a_test_and_a_message_once_more_come_after_what_waits(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="X")
    deliver(tenant, hook.id, LEASE, line)
    managing.try_out(tenant, hook.id, "owner@example.com")
    managing.again(tenant, hook.id, 1)
    deliver(tenant, hook.id, LEASE, line)
    assert line.events == ["record.created", "webhook.test", "record.created"]
    assert line.got[0].id == line.got[2].id
    assert line.got[0].body == line.got[2].body


def test_for_a_day_both_secrets_sign(office: Office, line: Line) -> None:
    tenant = office.tenant
    hook, first = hooked(tenant)
    second = managing.another_secret(tenant, hook.id)
    create(tenant, 1, name="X")
    deliver(tenant, hook.id, LEASE, line)
    assert line.got[0].is_signed_by(first)
    assert line.got[0].is_signed_by(second)
    with writing():
        hooks.change(tenant, hook.id, old_until=later(clock.now(), -1))
    edit(tenant, 1, name="Y")
    deliver(tenant, hook.id, LEASE, line)
    assert not line.got[1].is_signed_by(first)
    assert line.got[1].is_signed_by(second)
    kept = hooks.hook(tenant, hook.id)
    assert "whsec_" not in kept.secret + kept.old_key


def test_values_too_large_for_a_message_are_left_out_and_that_is_said(
    office: Office, line: Line
) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="x" * 400_000)
    deliver(tenant, hook.id, LEASE, line)
    told = line.got[0].json["data"]
    assert told["left_out"] == ["fields"]
    assert told["record"] == rid(1)
    assert len(line.got[0].body) < 10_000


def test_a_change_of_the_sync_is_told_once(company: Company, line: Line) -> None:
    tenant = Tenant(company.pk)
    hook, _ = hooked(tenant, "sync.changed")
    deliver(tenant, hook.id, LEASE, line)
    office = Office.paired(tenant)
    office.hello()
    deliver(tenant, hook.id, LEASE, line)
    deliver(tenant, hook.id, LEASE, line)
    assert [got.json["data"]["before"] for got in line.got] == ["not_connected"]


def test_one_company_hears_nothing_of_another_g9(office: Office, line: Line) -> None:
    from tests.pages.people import new_company

    tenant = office.tenant
    theirs = Tenant(new_company("Två AB", "other@example.com").pk)
    hook, _ = hooked(theirs)
    create(tenant, 1, name="Hemligt")
    deliver(theirs, hook.id, LEASE, line)
    assert line.got == []
    assert hooks.hooks(tenant) == []


def test_a_suspended_company_tells_nobody_anything_until_it_is_resumed(
    office: Office, line: Line
) -> None:
    tenant = office.tenant
    hook, _ = hooked(tenant)
    create(tenant, 1, name="X")
    with writing():
        suspension.suspend(tenant, clock.now())
    deliver(tenant, hook.id, LEASE, line)
    assert line.got == []
    with writing():
        suspension.resume(tenant)
    deliver(tenant, hook.id, LEASE, line)
    assert line.events == ["record.created"]
