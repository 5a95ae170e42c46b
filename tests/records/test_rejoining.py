"""FM12, FM21, FM22, G4, G7: the service was put back, and an office joins it; what an office refused is told anew."""

from __future__ import annotations

import pytest

from samsyn.core.changes import Operation
from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks
from samsyn.protocol.restoring import (
    RECORDS_AT_ONCE,
    Rejoined,
    Told,
)
from samsyn.records import clinic_list, marks
from samsyn.records.errors import NothingToUpdate, UpdateStale
from tests.records.office import (
    AT,
    Office,
    edit,
    record,
    rid,
)
from tests.records.restores import (
    LATER,
    begin,
    connection,
    log,
    put_back,
    rejoin,
    reopen,
    said_of,
    told,
)


def refused(office: Office) -> None:
    """Two edits online that the office refuses; they lie in quarantine on both sides."""
    office.push(office.new(1, name="Berg"), office.new(2, name="Alm"))
    edit(office.tenant, 1, name="too long")
    edit(office.tenant, 2, name="too long")
    office.pull()
    office.push(
        office.refused(1, Operation.UPDATE, "name"), office.refused(2, Operation.UPDATE, "name")
    )
    assert len(clinic_list.entries(office.tenant)) == 2


def test_what_was_refused_waits_anew_when_all_is_brought_back_fm21_fm12(office: Office) -> None:
    refused(office)
    backup = told(office)
    office.push(*(office.new(n) for n in range(10, 10 + RECORDS_AT_ONCE)))
    put_back(office, backup)
    begin(office, backup)
    first = reopen(office, backup)
    assert first.more
    assert record(office.tenant, 1).pending["name"].held, "not before the end"
    assert len(clinic_list.entries(office.tenant)) == 2
    reopen(office, backup, first.after)
    assert not record(office.tenant, 1).pending["name"].held
    assert not record(office.tenant, 2).pending["name"].held
    assert clinic_list.entries(office.tenant) == []


# --- the service was put back ------------------------------------------------------------


def test_an_office_that_joins_goes_on_from_what_the_service_has_fm22_g7(office: Office) -> None:
    refused(office)
    office.floor = 3
    office.pull()
    known = office.hash
    office.fence += 1
    ahead = told(office, batch=9, claimed=9, chunks=Chunks(7, 7))
    mark = marks.marked(office.tenant, 3).mark
    assert mark
    answer = rejoin(office, ahead)
    assert answer == Rejoined(2, known, 3, mark, 7)
    kept = ("link", "previous_link", "epoch", "fence", "floor", "cursor", "chunk")
    assert connection(office, *kept) == ("link of one", None, 1, office.fence, 3, 3, 7)
    assert not record(office.tenant, 1).pending["name"].held
    assert clinic_list.entries(office.tenant) == []
    assert log(office.tenant)[-1][1:] == (rid(2), "reopen", "service", "DESK-1", LATER)
    assert said_of(office.tenant) == [
        (rid(1), AtOffice(there=True, fields={"name": "Berg"})),
        (rid(2), AtOffice(there=True, fields={"name": "Alm"})),
    ]
    before = log(office.tenant)
    assert rejoin(office, ahead, fence=office.fence + 1) == answer
    assert (log(office.tenant), connection(office, "epoch")) == (before, (1,))
    cut = office.tenant.row(
        "SELECT kind, cursor, batch, first_lost, upto, upto_batch, at FROM records_restore"
        " WHERE company_id = %(company)s"
    )
    assert cut == ("rejoin", 3, 2, None, 4, 2, LATER)
    office.link, office.fence = "link of one", office.fence + 1
    office.cursor, office.mark = 4, ""
    office.hello("link since")
    with pytest.raises(UpdateStale):
        rejoin(office, ahead)


def test_a_service_that_is_joined_learns_the_links_it_has_forgotten_fm21_fm22(
    office: Office,
) -> None:
    """A backup of the office may tell one of them yet; what it knows of its own stays."""
    office.push(office.new(1))
    known = str(office.link)
    ahead = told(office, link="c", links=(known, "a", "b"), batch=9, claimed=9)
    rejoin(office, ahead, fence=2)
    links = office.tenant.rows(
        "SELECT link, cursor, batch, at, epoch FROM records_link WHERE company_id = %(company)s"
        " ORDER BY epoch, link"
    )
    assert links == [
        ("a", 0, 1, LATER, 0),
        ("b", 0, 1, LATER, 0),
        ("c", 0, 1, LATER, 0),
        (known, 0, 0, AT, 0),
        ("link of one", 0, 1, LATER, 1),
    ]


def test_where_the_service_was_not_put_back_nobody_joins_fm22(office: Office) -> None:
    with pytest.raises(NothingToUpdate) as raised:
        rejoin(office, told(office), fence=2)
    assert raised.value.facts == {"standing": "same"}


# --- what the office is known to have -----------------------------------------------------


def taken_in(office: Office) -> Told:
    """A backup. Since, the office has taken in what is online, and the service has more than a page."""
    office.push(office.new(1, name="Berg"))
    backup = told(office)
    office.push(*(office.new(n) for n in range(10, 10 + RECORDS_AT_ONCE)))
    edit(office.tenant, 1, name="online")
    office.pull()
    office.floor = office.cursor
    office.pull()
    return backup


def believed(office: Office) -> int:
    """How far the office is believed to have come where the service was itself put back to this moment."""
    office.fence += 1
    link = connection(office, "link")[0]
    ahead = told(office, link=link, batch=9, claimed=9, cursor=0, mark="")
    return rejoin(office, ahead, f"joined under {office.fence}").cursor


def restored_before(office: Office) -> None:
    """A restore of this office, under another link, and one of another office: both have ended."""
    other = Office.paired(office.tenant)
    other.hello()
    for one, number, operation in ((other, 8, "last"), (office, 9, "earlier")):
        backup = told(one)
        one.push(one.new(number))
        put_back(one, backup)
        begin(one, backup, operation)
        reopen(one, backup, operation=operation)
    office.link, office.number, office.claimed = "link of earlier", 1, 1
    office.hash = str(connection(office, "batch_hash")[0])
    office.hello("link since")


@pytest.mark.parametrize(
    ("rule", "pages", "is_the_second", "knows_all"),
    [
        ("what a restore lost does not wait where it has only begun", 0, False, True),
        ("nor all of it before the end", 1, False, True),
        ("then it does", 2, False, False),
        ("another one had set it back, and was broken off", 0, True, True),
        ("of no account where the second has ended", 2, True, False),
    ],
)
def test_what_was_known_before_a_restore_counts_until_that_has_ended_fm22_fm21_g3(
    office: Office, rule: str, pages: int, is_the_second: bool, knows_all: bool
) -> None:
    restored_before(office)
    backup = taken_in(office)
    had = office.floor
    if is_the_second:
        put_back(office, backup)
        begin(office, backup, "broken off")
    put_back(office, backup)
    begin(office, backup, "last")
    page = None
    for _ in range(pages):
        page = reopen(office, backup, page, operation="last").after
    assert connection(office, "floor") == (0,)
    assert believed(office) == (had if knows_all else 0), rule


def test_what_is_heard_after_an_office_has_joined_is_known_fm22_g3(office: Office) -> None:
    """That is no restore whose end must be waited for."""
    taken_in(office)
    had = believed(office)
    edit(office.tenant, 1, name="since")
    office.floor = office.cursor = had + 2
    office.mark = ""
    office.peek()
    assert believed(office) > had


def test_a_restore_that_an_older_program_began_says_nothing_of_what_was_known_before_fm22(
    office: Office,
) -> None:
    backup = taken_in(office)
    put_back(office, backup)
    begin(office, backup)
    office.tenant.execute(
        "UPDATE records_restore SET floor_before = NULL WHERE company_id = %(company)s"
    )
    assert believed(office) == 0
