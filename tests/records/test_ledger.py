"""G3: whatever happens, every accepted field write is accounted for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.core.changes import OfficeChange, Operation, Put
from samsyn.core.merge import Status
from samsyn.records.errors import UnknownRecord
from samsyn.records.history import changes
from samsyn.records.ledger import Ledger, ledger
from samsyn.records.rows import records_by_id
from samsyn.records.tenant import Tenant
from tests.records.office import Office, create, delete, edit, loaded, record, rid

FIELDS = ("name", "phone")
RECORDS = (1, 2)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            "put put send send edit edit pull pull refuse take delete remove create new load".split()
        ),
        st.sampled_from(RECORDS),
        st.sampled_from(FIELDS),
        st.integers(0, 2),
    ),
    max_size=40,
)
companies = itertools.count()


class History:
    """An office and people online, who do what the steps say as far as it makes sense."""

    def __init__(self) -> None:
        number = next(companies)
        letters = "".join("abcdefgh"[number >> 3 * place & 7] for place in range(12))
        self.tenant = Tenant(letters)
        self.office = Office.paired(self.tenant)
        self.office.hello()
        self.unsent: list[OfficeChange] = []
        self.known: set[int] = set()
        self.refused: set[int] = set()

    def do(self, step: str, number: int, field: str, value: int) -> None:
        """One step."""
        getattr(self, f"_{step}")(number, field, value)

    def _new(self, number: int, field: str, value: int) -> None:
        if number not in self.known and not records_by_id(self.tenant, [rid(number)]):
            self.unsent.append(self.office.new(number, **{field: value}))
            self.known.add(number)

    def _load(self, number: int, field: str, value: int) -> None:
        if not self.unsent and (
            number in self.known or not records_by_id(self.tenant, [rid(number)])
        ):
            self.office.load(loaded(number, **{field: value}))
            self.known.add(number)

    def _put(self, number: int, field: str, value: int) -> None:
        if number in self.known:
            self.unsent.append(self.office.put(number, **{field: value}))

    def _delete(self, number: int, field: str, value: int) -> None:
        if number in self.known:
            self.unsent.append(self.office.delete(number))
            self.known.discard(number)

    def _send(self, number: int, field: str, value: int) -> None:
        batch = tuple(self.unsent)
        answer = self.office.push(*batch)
        self.unsent = [
            self.office.new(int(batch[o.index].id, 16), name=value)
            for o in answer.outcomes
            if o.status is Status.UNKNOWN_RECORD and isinstance(batch[o.index], Put)
        ]
        self.office.floor = self.office.cursor

    def _pull(self, number: int, field: str, value: int) -> None:
        touched = {int(change.id, 16) for change in self.unsent}
        for change in self.office.pull(limit=value + 1).changes:
            changed = int(change.id, 16)
            if change.operation is Operation.DELETE and changed not in touched:
                self.known.discard(changed)
            elif change.operation is Operation.INSERT:
                self.known.add(changed)

    def _refuse(self, number: int, field: str, value: int) -> None:
        for change in self.office.pull(limit=1).changes:
            refused = int(change.id, 16)
            told = self.office.refused(refused, change.operation, *change.fields)
            self.unsent.append(told)
            if change.operation is Operation.INSERT:
                self.known.discard(refused)
            self.refused.add(refused)

    def _take(self, number: int, field: str, value: int) -> None:
        if number in self.refused:
            self.refused.discard(number)
            self.known.add(number)
            self.unsent.append(self.office.taken(number))

    def _create(self, number: int, field: str, value: int) -> None:
        told = {change.id for change in self.unsent}
        if rid(number) not in told and not records_by_id(self.tenant, [rid(number)]):
            create(self.tenant, number, **{field: value})

    def _edit(self, number: int, field: str, value: int) -> None:
        self._if_there(lambda: edit(self.tenant, number, **{field: value}))

    def _remove(self, number: int, field: str, value: int) -> None:
        self._if_there(lambda: delete(self.tenant, number))

    def _if_there(self, work: Callable[[], object]) -> None:
        try:
            work()
        except UnknownRecord:
            return


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_whatever_happens_every_write_is_accounted_for_g3(
    store: None, history: list[tuple[str, int, str, int]]
) -> None:
    world = History()
    for step in history:
        world.do(*step)
    book = ledger(world.tenant)
    log = changes(world.tenant, 0, 1000)
    valued = sum(len(change.fields or {}) for change in log)
    came_by_load = sum(1 for change in log if change.fields is None) * 4
    assert book.difference == 0
    assert book.current + book.superseded + book.conflict + book.quarantine == valued + came_by_load


def test_a_write_that_the_log_does_not_know_is_the_difference_g3(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    assert ledger(tenant) == Ledger(current=4)
    tenant.execute(
        "UPDATE records_record SET fields = %(fields)s WHERE company_id = %(company)s",
        fields='{"name": "b", "phone": null, "limit": null, "head": null}',
    )
    assert ledger(tenant) == Ledger(current=3, difference=1)


def test_a_conflict_that_was_not_recorded_is_the_difference_g3(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="online")
    office.push(office.put(1, name="office"))
    assert ledger(tenant).conflict == 1
    tenant.execute("DELETE FROM records_conflict WHERE company_id = %(company)s")
    assert ledger(tenant).difference == 1


def test_an_office_that_is_told_an_older_place_has_heard_what_it_had_heard_g3_fm22(
    office: Office, tenant: Tenant
) -> None:
    office.push(office.new(1, name="a"))
    edit(tenant, 1, name="online")
    office.floor = office.pull().upto
    office.push(office.put(1, phone="1"))
    office.push(msgspec.structs.replace(office.put(1, name="office"), seen=0))
    assert (ledger(tenant).difference, ledger(tenant).conflict) == (0, 0)


def test_a_column_that_was_dropped_before_the_record_was_made_anew_is_accounted_for_g3_fm24(
    office: Office, tenant: Tenant
) -> None:
    """A load brought its value, which is in no row of the log, and the record has the field no more."""
    office.load(loaded(1, name="a", phone="1"))
    office.push(office.put(1, phone=None))
    office.push(office.delete(1))
    office.push(office.new(1, name="b"))
    tenant.execute(
        "UPDATE records_record SET fields = %(fields)s WHERE company_id = %(company)s",
        fields='{"name": "b", "limit": null, "head": null}',
    )
    tenant.execute(
        "UPDATE records_change SET fields = %(fields)s WHERE company_id = %(company)s"
        " AND action = 'insert' AND fields IS NOT NULL",
        fields='{"name": [null, "b"], "limit": [null, null], "head": [null, null]}',
    )
    assert ledger(tenant).difference == 0


def test_a_missing_row_of_the_log_is_the_difference_g3(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1, name="a"), loaded(2, name="b"))
    assert ledger(tenant) == Ledger(current=8)
    tenant.execute(
        "DELETE FROM records_change WHERE company_id = %(company)s AND record_id = %(id)s",
        id=rid(2),
    )
    assert ledger(tenant).difference > 0
    assert record(tenant, 2).alive
