"""Compare: digests tell equal from different, whatever the engine."""

from __future__ import annotations

from samsyn.core.cells import Cell, digest, total
from samsyn.records.compare import Place, digests, identities
from samsyn.records.tenant import Tenant
from tests.records.office import CUSTOMER, Office, create, edit, loaded, rid

VALUES: list[Cell] = ["text", 1, 1.0, 0.1, -7.25, True, None, {"$f": "nan"}, 10**14 + 0.5, 123456.0]


def test_the_service_has_the_digests_of_what_the_office_sent(office: Office) -> None:
    office.load(*(loaded(n, name=v) for n, v in enumerate(VALUES, 1)))
    told = digests(office.caller, "customer")
    empty: dict[str, Cell] = {f.name: None for f in CUSTOMER.fields}
    for number, value in enumerate(VALUES, 1):
        expected = total([digest(rid(number), {**empty, "name": value})])
        assert told.buckets[number] == (1, f"{expected:016x}")
    assert sum(count for count, _ in told.buckets) == len(VALUES)
    assert told.unsettled == ()


def test_what_waits_for_the_office_is_left_out_and_named(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1, name="a"), loaded(2, name="b"))
    edit(tenant, 1, name="online")
    create(tenant, 3, name="new")
    told = digests(office.caller, "customer")
    assert told.unsettled == (rid(1), rid(3))
    assert [n for n, (count, _) in enumerate(told.buckets) if count] == [2]


def test_identities_come_page_by_page_in_one_bucket_or_all(office: Office, tenant: Tenant) -> None:
    numbers = [1, 2, 257, 258]
    office.load(*(loaded(n, name="a") for n in numbers))
    office.push(office.delete(2))
    first = identities(office.caller, Place("customer"), 3)
    assert [int(i.id, 16) for i in first.records] == [1, 2, 257]
    assert first.more
    last = identities(office.caller, Place("customer", first.records[-1].id), 3)
    assert ([int(i.id, 16) for i in last.records], last.more) == ([258], False)
    bucket = identities(office.caller, Place("customer", bucket=2), 10)
    assert [(int(i.id, 16), i.alive, i.key) for i in bucket.records] == [
        (2, False, (2,)),
        (258, True, (258,)),
    ]
