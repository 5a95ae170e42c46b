"""The rules of a batch, to the last mark: number, chain, fence, floor, catalog, answer, log (G4)."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.core.catalog import Catalog
from samsyn.core.changes import Operation, Put
from samsyn.core.merge import Status
from samsyn.protocol.messages import Outcome
from samsyn.records import connections
from samsyn.records.connections import ConnectionState
from samsyn.records.errors import (
    BatchDiverged,
    BatchGap,
    CatalogUnknown,
    Fenced,
    StateDiverged,
)
from samsyn.records.history import changes, conflicts
from samsyn.records.push import push
from samsyn.records.tenant import Tenant
from tests.records.office import AT, CATALOG, CUSTOMER, Office, create, delete, edit, record, rid


def state(office: Office) -> ConnectionState:
    """What the service has stored of the connection."""
    return connections.state(office.caller)


def logged(tenant: Tenant, seq: int) -> tuple[object, ...]:
    """What the change log says of a change's causes."""
    found = tenant.row(
        "SELECT seen, seen_by_field, derived, batch FROM records_change"
        " WHERE company_id = %(company)s AND seq = %(seq)s",
        seq=seq,
    )
    assert found is not None
    seen, by_field, derived, batch = found
    return seen, *(msgspec.json.decode(t) if t else None for t in (by_field, derived)), batch


def test_only_the_next_number_is_taken_and_a_gap_is_told_with_it_g4(office: Office) -> None:
    office.push(office.new(1, name="a"))
    for number in (3, 4):
        with pytest.raises(BatchGap) as raised:
            office.send(office.batch(office.put(1, name="b"), number=number))
        assert raised.value.facts == {"expected": 2, "number": number}
    hash_, office.hash = office.hash, "0" * 32
    with pytest.raises(
        BatchGap
    ):  # what was before is not known, so nobody can tell that it differs
        office.send(office.batch(office.put(1, name="b"), number=3))
    office.hash = hash_
    office.push(office.put(1, name="b"))
    with pytest.raises(BatchGap) as raised:
        office.send(office.batch(office.put(1, name="c"), number=1))
    assert raised.value.facts == {"expected": 3, "number": 1}


def test_another_batch_of_a_taken_number_or_upon_another_one_is_told_g4(office: Office) -> None:
    office.push(office.new(1, name="a"))
    with pytest.raises(BatchDiverged) as raised:
        office.send(office.batch(office.put(1, name="b"), number=1))
    assert raised.value.facts == {"number": 1}
    office.hash = "0" * 32
    with pytest.raises(BatchDiverged) as raised:
        office.send(office.batch(office.put(1, name="b")))
    assert raised.value.facts == {"number": 2}
    assert state(office).batch == 1


def test_number_hash_fence_and_time_are_stored_with_the_effects_g4_fm8(office: Office) -> None:
    office.fence = 5
    office.push(office.new(1, name="a"))
    now = state(office)
    assert (now.batch, now.batch_hash, now.fence) == (1, office.hash, 5)
    (view,) = connections.connections(office.tenant)
    assert view.last_seen == AT
    office.fence = 4
    with pytest.raises(Fenced) as raised:
        office.push(office.put(1, name="b"))
    assert raised.value.facts == {"fence": 5, "told": 4}


def test_a_batch_of_a_catalog_that_was_never_told_says_which(office: Office) -> None:
    office.catalog = Catalog("sqlite", (CUSTOMER,))
    with pytest.raises(CatalogUnknown) as raised:
        office.push(office.new(1, name="a"))
    assert raised.value.facts == {"fingerprint": office.catalog.fingerprint}
    assert state(office).batch == 0


def test_a_floor_only_rises_and_never_beyond_what_there_is(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a"))
    for name in ("b", "c", "d"):
        edit(tenant, 1, name=name)
    for told, stored in ((3, 3), (2, 3), (99, 4)):
        office.floor = told
        office.push(office.put(2, name="nobody"))
        assert state(office).floor == stored, told
    office.floor = 99
    office.push(office.new(3, name="x"))
    assert state(office).floor == 5, "the batch's own changes are there too"


def test_the_answer_names_what_is_not_simply_applied_by_its_place_g2(
    office: Office, tenant: Tenant
) -> None:
    office.push(*(office.new(n, name="a", phone="1") for n in (1, 2, 3)))
    head = edit(tenant, 3, name="online").version
    answer = office.push(
        office.put(1, name="b"),
        office.put(1, name="b"),
        office.put(9, name="unknown"),
        msgspec.structs.replace(office.new(4, name="bad"), type="nothing"),
        office.put(3, name="office"),
        office.delete(2),
    )
    told = [(one.index, one.status, len(one.lost)) for one in answer.outcomes]
    assert told == [
        (1, Status.UNCHANGED, 0),
        (2, Status.UNKNOWN_RECORD, 0),
        (4, Status.APPLIED, 1),
    ]
    assert isinstance(answer.outcomes[0], Outcome)
    assert [one.index for one in answer.refusals] == [3]
    assert (answer.number, answer.online_head) == (2, head)
    assert not record(tenant, 2).alive


def test_what_a_change_had_seen_is_logged_with_it_fm17(office: Office, tenant: Tenant) -> None:
    office.push(office.new(1, name="a", phone="1", limit=1))
    put = Put(
        "customer",
        rid(1),
        (1,),
        {"name": "b", "phone": "2", "limit": 1},
        seen=1,
        seen_by_field={"phone": 2},
        derived=("phone", "limit"),
    )
    office.push(put)
    assert logged(tenant, 2) == (1, {"phone": 2}, ["phone"], 2), "of what was written alone"
    office.push(office.delete(1, seen=1))
    assert logged(tenant, 3) == (1, None, None, 3)


def test_who_at_the_office_wrote_it_is_logged_as_far_as_that_can_be_kept(
    office: Office, tenant: Tenant
) -> None:
    named = msgspec.structs.replace
    office.push(office.new(1, name="a"), named(office.put(1, name="b"), by="\0Åsa\0"))
    office.push(named(office.put(1, name="c"), by="Ö" * 300), named(office.delete(1), by="Åsa"))
    authors = [change.by for change in changes(tenant, 0, 9)]
    assert authors == ["DESK-1", "Åsa", "Ö" * 254, "Åsa"]


def test_a_batch_of_a_database_that_took_in_another_change_is_refused_fm22_g7(
    office: Office, tenant: Tenant
) -> None:
    create(tenant, 1, name="a")
    office.pull()
    office.mark = "of another log"
    with pytest.raises(StateDiverged) as refused:
        office.push(office.put(1, name="b"))
    assert refused.value.facts["what"] == "mark"
    assert state(office).batch == 0


@pytest.mark.parametrize(("told", "kept"), [(None, None), (0, 0), (1_500, 1_500), (10**15, 10**12)])
def test_how_long_the_oldest_change_waited_is_kept_within_bounds(
    office: Office, tenant: Tenant, told: int | None, kept: int | None
) -> None:
    push(office.caller, office.batch(office.new(1, name="a")), office.fence, AT, age_ms=told)
    assert tenant.row(
        "SELECT age_ms, age_at FROM records_connection WHERE company_id = %(company)s"
    ) == (kept, AT)


def test_conflicts_of_a_group_carry_it_g2(office: Office, tenant: Tenant) -> None:
    grouped = msgspec.structs.replace(CUSTOMER, groups=(("name", "phone"),))
    office.catalog = Catalog("sqlite", (grouped, *CATALOG.types[1:]))
    office.hello()
    office.push(office.new(1, name="a", phone="1"))
    edit(tenant, 1, phone="2", limit=3)
    office.push(office.put(1, name="b", phone="1", limit=4))
    found = {one.field: one.group for one in conflicts(tenant, 9)}
    assert found == {"phone": ("name", "phone"), "limit": ()}


def test_the_reason_of_a_refused_deletion_is_in_the_conflict_log_fm14(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    delete(tenant, 1)
    office.pull()
    office.push(office.refused(1, Operation.DELETE))
    (conflict,) = conflicts(tenant, 9)
    assert (conflict.outcome, conflict.reason) == ("delete_refused", "no")
    assert record(tenant, 1).alive


def test_what_was_refused_and_what_is_taken_reach_the_record_fm12(
    office: Office, tenant: Tenant
) -> None:
    create(tenant, 1, name="a")
    office.pull()
    office.push(office.refused(1, Operation.INSERT, "name"))
    born = record(tenant, 1).born
    assert born is not None
    assert born.held
    office.push(office.taken(1))
    born = record(tenant, 1).born
    assert born is not None
    assert not born.held


def test_a_deletion_at_the_office_loses_what_it_had_not_seen_fm18_g3(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="online")
    (outcome,) = office.push(office.delete(1, seen=1)).outcomes
    assert [(one.outcome, one.online) for one in outcome.lost] == [("office_deleted", "online")]
    assert record(tenant, 1).version == 3


def test_a_form_that_puts_back_what_was_replaced_is_told_in_the_answer_g2_g3(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a", phone="1"))
    edit(tenant, 1, name="online")
    office.pull()
    (outcome,) = office.push(office.put(1, name="a", phone="2")).outcomes
    assert [(one.field, one.outcome) for one in outcome.lost] == [("name", "stale_form")]


def test_each_connection_gets_its_own_answer_again_g4_g9(tenant: Tenant) -> None:
    offices = [Office.paired(tenant) for _ in range(3)]
    bodies, answers = [], []
    for number, one in enumerate(offices, start=1):
        one.hello()
        bodies.append(
            one.batch(
                *(one.new(10 * number + n, name="a") for n in range(number)), one.put(99, name="b")
            )
        )
        answers.append(push(one.caller, bodies[-1], one.fence, AT))
    assert len(set(answers)) == 3
    for one, body, answer in zip(offices, bodies, answers, strict=True):
        assert push(one.caller, body, one.fence, AT) == answer
