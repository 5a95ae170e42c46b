"""How a database stands to the service, and up to where it holds what that does, each rule as a row (FM21, FM22, G7)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from samsyn.protocol.messages import Chunks
from samsyn.protocol.restoring import Begin, Cut, Rejoin, Standing, Told
from samsyn.records import connections, marks, restoring, standing
from samsyn.records.errors import BackupTooOld
from samsyn.records.hello import hello
from samsyn.records.history import log_head
from samsyn.records.load import load
from samsyn.records.pull import online_head
from samsyn.records.standing import Place
from samsyn.records.tenant import Tenant, writing
from tests.records.office import AT, Office, edit, loaded

SAME, OFFICE_BACK, SERVICE_BACK = Standing.SAME, Standing.OFFICE_BACK, Standing.SERVICE_BACK
FIRST, BEFORE, NOW = "link-1", "link-2", "link-3"
LONG_AGO = "2026-01-01T00:00:00.000Z"
Change = dict[str, Any]
"""What is told otherwise."""


@pytest.fixture
def office(tenant: Tenant) -> Office:
    """Batch 1 and chunk 5 under the first link; batch 2 and chunk 7 under the one before; of 7 online it knows 4.

    The log: 1 batch 1, 2 chunk 5, 3 and 4 online, 5 batch 2, 6 chunk 7, 7 online; then another connection's.
    """
    Office.paired(tenant)  # one that says nothing
    one = Office.paired(tenant)
    greet(one, FIRST, Chunks())
    one.push(one.new(1, name="Berg"))
    chunk(one, 5, row=2)
    for name in ("a", "b"):
        edit(tenant, 1, name=name)
    one.pull()
    greet(one, BEFORE, Chunks(5, 5))
    one.push(one.new(3, name="Ek"))
    chunk(one, 7, row=4)
    greet(one, NOW, Chunks(7, 7))
    edit(tenant, 1, name="c")
    other = Office.paired(tenant, after=one)
    other.hello()
    for number in (11, 12, 13):
        other.push(other.new(number, name="of another connection"))
    return one


def greet(office: Office, link: str, chunks: Chunks) -> None:
    """A hello under the link of before; this one is the next."""
    hello(office.caller, replace(office.hello_message(link), chunks=chunks), AT)
    office.link = link


def chunk(office: Office, number: int, row: int) -> None:
    """A row that no trigger saw is told, under a number."""
    whole = msgspec.json.decode(office.chunk(loaded(row, name="Alm")))
    load(office.caller, msgspec.json.encode({**whole, "number": number}), AT)


def told(office: Office, changed: Change) -> Told:
    """The state of a database that has everything up to now, but for what is changed."""
    now = Told(
        link=NOW,
        next_link="next",
        cursor=4,
        floor=0,
        batch=2,
        batch_hash=office.hash,
        claimed=2,
        loaded=(),
        mark=office.mark,
        chunks=Chunks(7, 7),
    )
    return replace(now, **changed)


def place(office: Office, changed: Change) -> Place:
    now = connections.state(office.caller)
    return standing.place(office.caller, now, told(office, changed), online_head(office.tenant))


def cut(office: Office, changed: Change) -> Cut:
    now, head = connections.state(office.caller), log_head(office.tenant)
    return standing.cut(office.caller, now, told(office, changed), head)


def let_go(office: Office, *, online: int = 0, **columns: object) -> None:
    """Retention has let go of what is older: of this connection's, and of what was written online."""
    values = "".join(f", {name} = %({name})s" for name in columns)
    with writing():
        office.tenant.execute(
            f"UPDATE records_connection SET id = id{values}"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=office.caller.connection,
            **columns,
        )
        office.tenant.execute(
            "UPDATE records_company SET trimmed_online = %(online)s WHERE company_id = %(company)s",
            online=online,
        )


# --- how they stand ------------------------------------------------------------------------

LEFT_FIRST: Change = {"link": FIRST, "batch": 1, "claimed": 1, "chunks": Chunks(5, 5)}
"""As it left the first link."""


@pytest.mark.parametrize(
    ("rule", "changed", "stands"),
    [
        ("what both know alike is the same", {}, SAME),
        ("a hello may have been answered in vain", {"link": BEFORE, "next_link": NOW}, SAME),
        ("the link of before, with another next one, is a backup's", {"link": BEFORE}, OFFICE_BACK),
        ("an older link is a backup's", LEFT_FIRST, OFFICE_BACK),
        ("none is that of a backup from before it first spoke", {"link": None}, OFFICE_BACK),
        ("a link that this service never gave is a later one's", {"link": "x"}, SERVICE_BACK),
        ("so it is where this service's newest is among its links of before",
         {"link": "x", "links": (FIRST, BEFORE, NOW, "y")}, SERVICE_BACK),
        ("wherever among them it is, since a restore has heard of others",
         {"link": "x", "links": (NOW, FIRST)}, SERVICE_BACK),
        ("but not where this service knows its last one",
         {"link": BEFORE, "links": (FIRST, NOW)}, OFFICE_BACK),
        ("whose history left this service's at an earlier link is of another branch",
         {"link": "x", "links": (FIRST, BEFORE, "y")}, OFFICE_BACK),
        ("a batch may have been answered in vain", {"batch": 1, "batch_hash": ""}, SAME),
        ("one may be claimed that has not come yet", {"claimed": 3}, SAME),
        ("a batch that was taken and not claimed is lost", {"batch": 1, "claimed": 1}, OFFICE_BACK),
        ("a batch that is known and was not taken is lost here", {"batch": 3, "claimed": 3}, SERVICE_BACK),
        ("so is another one of that number", {"batch_hash": "other"}, SERVICE_BACK),
        ("the cursor may be ahead of what was heard", {"cursor": 7, "mark": ""}, SAME),
        ("it is not ahead of all there is", {"cursor": 8, "mark": ""}, SERVICE_BACK),
        ("nor behind what was heard", {"cursor": 3, "mark": ""}, OFFICE_BACK),
        ("the change there is the one that was taken", {"mark": "other"}, SERVICE_BACK),
        ("a chunk may have been answered in vain", {"chunks": Chunks(7, 5)}, SAME),
        ("one may be read that has not come yet", {"chunks": Chunks(9, 7)}, SAME),
        ("a chunk that was taken and not read is lost", {"chunks": Chunks(5, 5)}, OFFICE_BACK),
        ("one that is known and was not taken is lost here", {"chunks": Chunks(9, 9)}, SERVICE_BACK),
        ("an older program numbers none", {"chunks": None}, SAME),
        ("who claimed more under a link than was left there is of another branch",
         {**LEFT_FIRST, "batch": 3, "claimed": 3}, OFFICE_BACK),
        ("so is who had taken in more", {**LEFT_FIRST, "cursor": 9}, OFFICE_BACK),
        ("so is who had read more", {**LEFT_FIRST, "chunks": Chunks(9, 9)}, OFFICE_BACK),
        ("who says as much as was left there may be ahead all the same",
         {**LEFT_FIRST, "mark": "other"}, SERVICE_BACK),
    ],
)  # fmt: skip
def test_how_a_database_stands_to_the_service_fm21_fm22_g7(
    office: Office, rule: str, changed: Change, stands: Standing
) -> None:
    known = "links" in changed or changed.get("link", NOW) in (FIRST, BEFORE, NOW)
    assert place(office, changed) == Place(stands, AT if known else None), rule


def test_a_copy_of_before_two_idle_sessions_is_one_whatever_it_says_comes_next_fm22(
    office: Office,
) -> None:
    for link in ("link-4", "link-5"):
        greet(office, link, Chunks(7, 7))
    assert place(office, {"link": "link-4", "next_link": "link-5"}).standing is SAME
    assert place(office, {"link": NOW, "next_link": "link-5"}).standing is OFFICE_BACK


@pytest.mark.parametrize(
    ("batch", "cursor", "kept", "is_too_old"),
    [
        (1, 4, (1, 4), True),
        (2, 3, (2, 3), True),
        (0, 0, (1, 4), True),
        (1, 4, (0, 4), False),
        (1, 4, (1, 3), False),
        (2, 4, (9, 9), False),
    ],
)
def test_an_unknown_link_alone_may_be_one_that_was_let_go_of_fm21(
    office: Office, batch: int, cursor: int, kept: tuple[int, int], is_too_old: bool
) -> None:
    """It is where the database is behind, and knows nothing that came after the links that are gone."""
    backup = {"link": "gone", "batch": batch, "cursor": cursor, "mark": "", "claimed": batch}
    let_go(office, trimmed_link_batch=kept[0], trimmed_link_cursor=kept[1])
    assert place(office, backup).standing is SERVICE_BACK, "nothing was let go of"
    let_go(office, trimmed_link_at=LONG_AGO)
    assert place(office, {**backup, "link": FIRST}).standing is OFFICE_BACK
    if not is_too_old:
        assert place(office, backup).standing is SERVICE_BACK
        return
    with pytest.raises(BackupTooOld) as refused:
        place(office, backup)
    assert refused.value.facts == {"at": LONG_AGO}


# --- what it holds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "changed", "found"),
    [
        ("all of it", {}, (4, 2, None, 7)),
        ("what a batch that it has not claimed brought is lost", {"claimed": 1}, (4, 1, 5, 7)),
        ("what a chunk that it has not read told is lost", {"chunks": Chunks(5, 5)}, (4, 2, 6, 5)),
        ("of both the first", {"claimed": 1, "chunks": Chunks(0, 0)}, (4, 1, 2, 0)),
        ("what it claimed and never sent is not here", {"claimed": 9}, (4, 2, None, 7)),
        ("an older program tells of no chunks", {"chunks": None}, (4, 2, None, None)),
        ("its batches all the same", {"chunks": None, "claimed": 0}, (4, 0, 1, None)),
        ("of another branch it holds what that was left with",
         {"link": FIRST, "cursor": 9, "claimed": 9, "chunks": Chunks(9, 9)}, (4, 1, 5, 5)),
        ("so it does where a link of before is all that is known",
         {"link": "x", "links": (FIRST, "y"), "cursor": 9, "claimed": 9, "chunks": Chunks(9, 9)},
         (4, 1, 5, 5)),
        ("the last of them that is known counts",
         {"link": "x", "links": (FIRST, BEFORE, "y"), "cursor": 9, "claimed": 9, "chunks": Chunks(9, 9)},
         (4, 2, None, 7)),
        ("and no more than it says itself",
         {"link": FIRST, "cursor": 3, "claimed": 0, "chunks": Chunks(4, 4)}, (3, 0, 1, 4)),
        ("of another branch an older program told no chunks",
         {"link": FIRST, "claimed": 9, "chunks": None}, (4, 1, 5, None)),
    ],
)  # fmt: skip
def test_up_to_where_a_backup_holds_what_the_service_does_fm21_g7(
    office: Office, rule: str, changed: Change, found: tuple[int, int, int | None, int | None]
) -> None:
    cursor, batch, first_lost, read = found
    assert cut(office, changed) == Cut(cursor, batch, first_lost, 10, read), rule


def test_a_branch_that_an_older_program_left_told_no_chunks_fm21(office: Office) -> None:
    with writing():
        office.tenant.execute(
            "UPDATE records_link SET left_chunk = NULL WHERE company_id = %(company)s"
        )
    assert cut(office, {"link": FIRST, "claimed": 9, "chunks": Chunks(9, 9)}) == Cut(4, 1, 5, 10, 9)


def test_what_came_after_the_cut_must_be_there_still_fm21(office: Office) -> None:
    let_go(office, trimmed_batch=1, online=3)
    assert cut(office, {"claimed": 1, "cursor": 3}).batch == 1
    for changed in ({"claimed": 0}, {"cursor": 2}):
        with pytest.raises(BackupTooOld) as refused:
            cut(office, changed)
        assert refused.value.facts == {"at": None}


def test_numbers_beyond_a_restore_were_given_anew_fm21_g7(office: Office) -> None:
    """A backup holds of its own branch no more than the first restore after it found; the log was left there."""
    behind: Change = {"link": BEFORE, "claimed": 1, "batch": 1, "chunks": Chunks(7, 7)}
    for link in ("link-a", "link-b"):
        office.fence += 1
        asked = Begin(told(office, behind), f"to {link}", "bring_back", link, office.fence)
        restoring.begin(office.caller, asked, AT)
        office.push(office.put(1, name=f"under {link}"))
        behind = {"link": link, "claimed": 2, "batch": 2}
    assert (connections.state(office.caller).batch, log_head(office.tenant)) == (4, 12)
    for link, batch, left in ((NOW, 2, 10), ("link-a", 3, 11), ("link-b", 4, None), ("x", 2, 10)):
        backup = {"link": link, "claimed": 9}
        assert cut(office, backup).batch == batch, link
        now = connections.state(office.caller)
        assert standing.left_at(office.caller, now, told(office, backup)) == left, link


OLDER: Change = {
    "link": BEFORE,
    "cursor": 3,
    "mark": "",
    "batch": 1,
    "claimed": 1,
    "chunks": Chunks(5, 5),
}
"""A backup of long ago."""
BEYOND: Change = {"cursor": 9, "claimed": 9, "chunks": Chunks(9, 9), "mark": ""}


def begun(office: Office, backup: Change) -> None:
    """A restore of the office to a backup, and later one to its beginning."""
    first = {"link": FIRST, "cursor": 0, "mark": "", "batch": 0, "claimed": 0, "chunks": Chunks()}
    for link, which in (("link-a", backup), ("link-b", first)):
        office.fence += 1
        asked = Begin(told(office, which), f"to {link}", "bring_back", link, office.fence)
        restoring.begin(office.caller, asked, AT)


@pytest.mark.parametrize(
    ("rule", "changed", "found"),
    [
        ("under the link that the lost database had it holds what it says", {}, (4, 2, None, 7)),
        ("though nobody knows the change at its cursor: none had its number anew",
         {"mark": "other"}, (4, 2, None, 7)),
        ("from another branch that went on from there it holds what the backup of that restore did",
         {**BEYOND, "link": "x", "links": (NOW, "y")}, (3, 2, 6, 5)),
        ("and no more than it says itself",
         {**BEYOND, "link": "x", "links": (NOW, "y"), "cursor": 2}, (2, 2, 6, 5)),
        ("from one that went on from a link that was left in a session it holds what that was left with",
         {**BEYOND, "link": "x", "links": (FIRST, "y")}, (4, 1, 5, 5)),
    ],
)  # fmt: skip
def test_what_a_backup_holds_after_the_office_was_put_back_to_an_older_one_fm21_fm22_g7(
    office: Office, rule: str, changed: Change, found: tuple[int, int, int | None, int]
) -> None:
    """How far the link was told that was lost in it, nobody has noted."""
    begun(office, OLDER)
    cursor, batch, first_lost, read = found
    assert cut(office, changed) == Cut(cursor, batch, first_lost, 10, read), rule


def test_of_another_branch_no_chunk_counts_where_the_backup_of_an_older_program_told_none_fm21_g7(
    office: Office,
) -> None:
    begun(office, {**OLDER, "chunks": None})
    assert cut(office, {**BEYOND, "link": "x", "links": (NOW,)}) == Cut(3, 2, 2, 10, 0)


def test_of_a_link_that_an_older_program_left_a_backup_holds_what_it_says_fm21_g7(
    office: Office,
) -> None:
    with writing():
        office.tenant.execute(
            "UPDATE records_link SET left_cursor = NULL, left_batch = NULL, left_chunk = NULL"
            " WHERE company_id = %(company)s"
        )
    assert cut(office, {"link": "x", "links": (FIRST,)}) == Cut(4, 2, None, 10, 7)


@pytest.mark.parametrize(
    ("rule", "changed", "cursor"),
    [
        ("the change at its cursor is the one that it took", {}, 4),
        ("another one has that number by now", {"mark": "other"}, 3),
        ("so may it where its cursor has no mark", {"mark": ""}, 3),
        ("it holds no more than it says", {"mark": "other", "cursor": 2}, 2),
    ],
)
def test_numbers_of_online_changes_were_given_anew_by_a_service_that_was_put_back_fm22_fm21_g7(
    office: Office, rule: str, changed: Change, cursor: int
) -> None:
    office.floor = 3
    office.pull()
    office.mark = marks.marked(office.tenant, 4).mark
    ahead = told(office, {"link": "x", "links": (NOW,), "batch": 9, "claimed": 9})
    restoring.rejoin(office.caller, Rejoin(ahead, "joined", "link-j", office.fence + 1), AT)
    assert cut(office, {"link": "x", **changed}).cursor == cursor, rule


# --- links of before -----------------------------------------------------------------------


def links(office: Office) -> dict[str, tuple[object, ...]]:
    """What is kept of each link of this connection."""
    found = office.tenant.rows(
        "SELECT link, cursor, batch, at, epoch FROM records_link WHERE company_id = %(company)s"
        " AND connection = %(connection)s",
        connection=office.caller.connection,
    )
    return {link: tuple(rest) for link, *rest in found}


def test_the_newest_links_are_told_the_oldest_of_them_first_fm21_fm22(office: Office) -> None:
    numbers = range(standing.NEWEST + 1)
    with writing():
        office.tenant.insert(
            "records_link",
            ("connection", "link", "at", "epoch", "cursor", "batch"),
            [
                (
                    office.caller.connection,
                    f"l{n}",
                    f"2027-01-{1 + n:03}",
                    1 + n // 50,
                    n // 8,
                    n // 20,
                )
                for n in numbers
            ]
            + [("of another", "newer", "2028-01-01", 99, 999, 0)],
        )
    assert standing.newest_links(office.caller) == tuple(f"l{n}" for n in numbers[1:])


def test_links_that_a_service_has_forgotten_are_noted_as_it_stands_now_fm22(office: Office) -> None:
    office.floor = 3
    office.pull()
    before, now = links(office), connections.state(office.caller)
    with writing():
        standing.note_links(office.caller, now, told(office, {"link": None}), LONG_AGO)
        assert links(office) == before
        forgotten = told(office, {"link": "forgotten 2", "links": ("forgotten 1", NOW)})
        standing.note_links(office.caller, now, forgotten, LONG_AGO)
    assert links(office) == {
        **before,
        "forgotten 1": (3, 2, LONG_AGO, 0),
        "forgotten 2": (3, 2, LONG_AGO, 0),
    }
