"""FM21, FM22, G4, G7: what an office says, step by step, when a connection is taken up again."""

from __future__ import annotations

import pytest
from msgspec import structs

from samsyn.agent import lease, resync
from samsyn.agent.greeting import NotConnected, connection_of
from samsyn.agent.lease import LeaseLost
from samsyn.agent.restoring import (
    OtherUnderway,
    ServiceWasRestored,
    TablesChanged,
    carry_out,
    told,
)
from samsyn.agent.resync import TypeLoad
from samsyn.agent.service import ServiceRefused
from samsyn.agent.underway import underway
from samsyn.companydb import books, held
from samsyn.companydb.held import Held, Side
from samsyn.core.changes import Operation
from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks
from samsyn.protocol.restoring import (
    Begin,
    FieldSince,
    Look,
    RecordSince,
    Rejoin,
    Reopen,
    Reopening,
    Seen,
    Standing,
)
from tests.sync.answering import BACK, LOST, TRUTH, Answers, at_rest, done, entry
from tests.sync.conftest import MakeWorld
from tests.sync.world import AT, World


@pytest.fixture
def engine() -> str:
    """One is enough: the steps are the same on each."""
    return "sqlite"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return at_rest(make_world)


@pytest.fixture
def service(world: World) -> Answers:
    return Answers(world)


# --- what is said ------------------------------------------------------------------------


def test_the_state_of_the_database_is_told_fm21(world: World) -> None:
    db = world.db
    world.office("UPDATE item SET note = 'claimed' WHERE id = 1")
    with db.transaction():
        world.session._claim()
        books.set_fact(db, books.CHUNKS, Chunks(5, 4))
        books.set_fact(db, "connection", structs.replace(connection_of(db), next_link="next"))
        resync.remember(db, world.type("item"), TypeLoad(again=True))
        held.hold(db, world.type("code").no, Held("code", Side.OFFICE, "MASS_DELETE", AT, 3))
    now = told(db)
    assert (now.link, now.next_link) == (connection_of(db).link, "next")
    assert (now.cursor, now.mark) == (books.cursor(db), books.marked_cursor(db).mark)
    assert now.mark
    assert (now.batch, now.batch_hash) == (books.taken(db).number, books.taken(db).hash)
    assert now.claimed == now.batch + 1
    assert set(now.loaded) == {"item", "code"}
    assert now.chunks == Chunks(5, 4)
    assert now.held == {"code": 3}
    with db.transaction():
        resync.remember(db, world.type("item"), TypeLoad(after=(1,)))
    assert told(db).loaded == ("code",)


def test_each_step_is_said_under_the_same_operation_fm21_g4(world: World, service: Answers) -> None:
    state, fence = told(world.db), world.fence
    assert done(world, service) is Standing.OFFICE_BACK
    first, begin, second, page = service.asked
    assert first == Look(state)
    assert isinstance(begin, Begin)
    assert begin == Begin(state, begin.operation, "bring_back", begin.next_link, fence)
    assert len(bytes.fromhex(begin.operation)) == len(bytes.fromhex(begin.next_link)) == 16
    assert second == Look(state, service.begun.cut)
    assert page == Reopen(state, begin.operation)
    assert connection_of(world.db).link == begin.next_link


def test_a_fence_lies_above_all_that_the_service_has_heard_fm8_fm21(
    world: World, service: Answers
) -> None:
    """The backup's own lease may be older than the agents that came after it."""
    world.restart()
    world.restart()
    own = world.fence
    assert own > 2
    for heard, said in ((0, own), (own - 1, own), (own, own + 1), (40, 41)):
        fence = lease.current(world.db).fence
        answers = Answers(world)
        answers.seen = structs.replace(answers.seen, fence=heard)
        carry_out(world.db, answers, fence, BACK)
        begin = answers.asked[1]
        assert isinstance(begin, Begin)
        assert begin.fence == said == lease.current(world.db).fence
        assert lease.current(world.db).holder == world.me


def test_who_has_been_overtaken_carries_out_nothing_fm8(world: World, service: Answers) -> None:
    with world.db.transaction():
        lease_now = lease.current(world.db)
        books.set_fact(world.db, "lease", structs.replace(lease_now, fence=world.fence + 1))
    for heard in (0, 40):
        service.seen = structs.replace(service.seen, fence=heard)
        with pytest.raises(LeaseLost):
            done(world, service)
    assert underway(world.db) is None
    assert all(isinstance(asked, Look) for asked in service.asked)


def overtake(world: World) -> None:
    """Another agent takes the lease."""
    with world.db.transaction():
        now = lease.current(world.db)
        books.set_fact(world.db, "lease", structs.replace(now, fence=now.fence + 1))


class Overtaken(Answers):
    """Another agent takes the lease while the service is asked for the nth time."""

    def __init__(self, world: World, asked: int) -> None:
        super().__init__(world)
        self._world, self._nth = world, asked

    def look(self, message: Look) -> Seen:
        self._refuse()
        return super().look(message)

    def _refuse(self) -> None:
        if len(self.asked) == self._nth:
            overtake(self._world)


@pytest.mark.parametrize("asked", range(4))
def test_who_is_overtaken_meanwhile_writes_nothing_more_fm8(world: World, asked: int) -> None:
    """While it looks, begins, looks at a page or tells it: only what was noted before stays."""
    service, before = Overtaken(world, asked), connection_of(world.db)
    with pytest.raises(LeaseLost):
        done(world, service)
    assert connection_of(world.db) == before
    now = underway(world.db)
    assert (now is not None) == (asked > 0)
    if now is not None:
        assert ((now.cut is not None), (now.page is not None)) == (asked > 1, asked > 2)
        assert now.after is None


def test_who_is_overtaken_after_the_last_page_does_not_end_it_fm8(
    world: World, service: Answers
) -> None:
    before = connection_of(world.db)
    with pytest.raises(LeaseLost):
        carry_out(world.db, service, world.fence, BACK, progress=lambda *_: overtake(world))
    assert connection_of(world.db) == before
    now = underway(world.db)
    assert now is not None
    assert now.after == 9


def test_who_is_overtaken_while_it_joins_a_service_has_not_joined_fm8_fm22(world: World) -> None:
    service, before = Overtaken(world, 1), connection_of(world.db)
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    with pytest.raises(LeaseLost):
        done(world, service)
    assert connection_of(world.db) == before
    assert resync.wanted(world.db) == {}


def test_what_is_recognised_is_noted_with_its_page_fm21_g4(world: World, service: Answers) -> None:
    """It has its identity, and has left the journal, before it is told; what was recognised is remembered to the end."""
    world.office("INSERT INTO code VALUES ('N', 'new')")
    world.office("INSERT INTO item VALUES (3, 'new', NULL)")
    code = RecordSince(
        "code", LOST, ("N",), "", False, True, (), inserted={"code": "N", "name": "new"}
    )
    item = RecordSince(
        "item", "e" * 32, (3,), "", False, True, (), inserted={"id": 3, "name": "new", "note": None}
    )
    service.seen = structs.replace(service.seen, records=(item,))
    service.pages = iter([Reopening((), 3, True, 4, "h", 0), Reopening((), 9, False, 4, "h", 0)])
    service.refuses = iter(["", "NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service)
    now = underway(world.db)
    assert now is not None
    assert now.recognised == ("item",)
    assert now.page == {
        "e" * 32: AtOffice(there=True, fields={"id": 3, "name": "new", "note": None})
    }
    assert world.id_of("item", 3) == "e" * 32
    service.seen = structs.replace(service.seen, records=(code,))
    service.refuses = iter(["", "NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service)
    now = underway(world.db)
    assert now is not None
    assert now.recognised == ("code", "item")
    assert world.id_of("code", "N") == LOST
    assert world.db.journal_size() == 0


@pytest.mark.parametrize(
    ("refused", "again"),
    [
        (["NOT_NOW"], [Look, Begin, Look, Reopen, Look, Reopen]),
        (["", "NOT_NOW"], [Look, Reopen, Look, Reopen]),
        (["", "", "NOT_NOW"], [Look, Reopen]),
    ],
)
def test_each_step_is_taken_once_whatever_was_refused_between_fm21_g4(
    world: World, service: Answers, refused: list[str], again: list[type]
) -> None:
    """What is noted is told again as it is; nothing is begun, or looked at, a second time."""
    first = Reopening((), 3, True, 4, "h", 0)
    service.pages = iter([first, structs.replace(first, after=9, more=False)])
    service.refuses = iter(refused)
    with pytest.raises(ServiceRefused):
        done(world, service)
    count = len(service.asked)
    assert done(world, service) is Standing.OFFICE_BACK
    assert [type(asked) for asked in service.asked[count:]] == again
    assert [asked.after for asked in service.asked if isinstance(asked, Reopen)] == [None, 3]


def test_where_nothing_was_put_back_nothing_is_begun(world: World, service: Answers) -> None:
    service.seen = structs.replace(service.seen, standing=Standing.SAME)
    assert done(world, service) is Standing.SAME
    assert underway(world.db) is None
    assert len(service.asked) == 1


def test_a_service_that_was_put_back_has_no_backup_here_to_be_the_truth_fm22(
    world: World, service: Answers
) -> None:
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    with pytest.raises(ServiceWasRestored) as raised:
        done(world, service, TRUTH)
    assert raised.value.code == "SERVICE_WAS_RESTORED"
    assert underway(world.db) is None


def test_what_was_begun_with_one_choice_is_finished_with_it_fm21_g4(
    world: World, service: Answers
) -> None:
    service.refuses = iter(["NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service, TRUTH)
    with pytest.raises(OtherUnderway) as raised:
        done(world, service, BACK)
    assert (raised.value.code, raised.value.facts) == (
        "UPDATE_UNDERWAY", {"choice": "backup_is_truth"},
    )  # fmt: skip
    begun = underway(world.db)
    assert begun is not None
    assert service.asked[-1] == Look(begun.told)
    done(world, service, TRUTH)
    again = next(asked for asked in service.asked if isinstance(asked, Begin))
    assert again.operation == begun.operation


def test_the_other_choice_is_free_once_the_service_was_put_back_too_fm21_fm22(
    world: World, service: Answers
) -> None:
    service.refuses = iter(["NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service, TRUTH)
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    assert done(world, service, BACK) is Standing.SERVICE_BACK


def test_what_the_service_has_gone_on_from_is_begun_anew_fm21_g4(
    world: World, service: Answers
) -> None:
    service.refuses = iter(["UPDATE_STALE"])
    assert done(world, service) is Standing.OFFICE_BACK
    assert underway(world.db) is None
    service.refuses = iter(["UPDATE_STALE", "UPDATE_STALE"])
    with pytest.raises(ServiceRefused) as raised:
        done(world, service)
    assert raised.value.problem == "UPDATE_STALE"


@pytest.mark.parametrize("rejoins", [False, True])
def test_that_nothing_is_to_be_done_is_news_to_who_had_begun_to_rejoin_alone_fm22_g4(
    world: World, service: Answers, rejoins: bool
) -> None:
    """It was put back meanwhile to where both stand alike; else nothing has begun that could be given up."""
    if rejoins:
        service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    service.refuses = iter(["NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service)
    service.seen = structs.replace(service.seen, standing=Standing.SAME)
    service.refuses = iter(["NOTHING_TO_UPDATE"])
    if rejoins:
        assert done(world, service) is Standing.SAME
        assert underway(world.db) is None
    else:
        service.seen = structs.replace(service.seen, standing=Standing.OFFICE_BACK)
        with pytest.raises(ServiceRefused):
            done(world, service)


def test_whatever_else_a_rejoin_is_refused_for_is_told_fm22_g4(
    world: World, service: Answers
) -> None:
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    service.refuses = iter(["NOT_NOW", "NOR_NOW"])
    for problem in ("NOT_NOW", "NOR_NOW"):
        with pytest.raises(ServiceRefused) as raised:
            done(world, service)
        assert raised.value.problem == problem
        assert underway(world.db) is not None


def test_a_rejoin_of_which_the_answer_was_lost_is_said_again_fm22_g4(
    world: World, service: Answers
) -> None:
    """By then the service has joined, and looks as if the office were put back."""
    service.seen = structs.replace(service.seen, standing=Standing.SERVICE_BACK)
    service.refuses = iter(["NOT_NOW"])
    with pytest.raises(ServiceRefused):
        done(world, service)
    service.seen = structs.replace(service.seen, standing=Standing.OFFICE_BACK)
    assert done(world, service) is Standing.SERVICE_BACK
    assert isinstance(service.asked[-1], Rejoin)


def test_tables_that_have_changed_are_attached_first_fm24(world: World, service: Answers) -> None:
    service.seen = structs.replace(
        service.seen,
        records=(RecordSince("item", world.id_of("item", 1), (1,), "", True, True, ()),),
    )
    world.office("ALTER TABLE item RENAME COLUMN note TO remark")
    with pytest.raises(TablesChanged) as raised:
        done(world, service)
    assert raised.value.code == "TABLES_CHANGED"


def test_without_a_connection_there_is_nothing_to_take_up(world: World, service: Answers) -> None:
    with world.db.transaction():
        books.set_fact(world.db, "connection", None)
    with pytest.raises(NotConnected):
        done(world, service)


# --- pages -------------------------------------------------------------------------------


def test_pages_are_looked_at_noted_and_told_in_turn_fm21_g4(world: World, service: Answers) -> None:
    one = world.id_of("item", 1)
    changed = RecordSince(
        "item", one, (1,), "", True, True, (FieldSince("note", "x", "y", None, None, False),)
    )
    service.seen = structs.replace(service.seen, records=(changed,))
    service.pages = iter([Reopening((), 3, True, 4, "h", 0), Reopening((), 20, False, 4, "h", 0)])
    told_of: list[tuple[str, int, int]] = []
    carry_out(
        world.db, service, world.fence, BACK,
        progress=lambda name, done, all_: told_of.append((name, done, all_)),
    )  # fmt: skip
    looks = [asked for asked in service.asked if isinstance(asked, Look)]
    assert [look.after for look in looks] == [None, None, 3]
    assert [look.cut for look in looks[1:]] == [service.begun.cut] * 2
    held = {one: AtOffice(there=True, fields={"note": "a"})}
    pages = [asked for asked in service.asked if isinstance(asked, Reopen)]
    assert [(page.after, page.held) for page in pages] == [(None, held), (3, held)]
    assert told_of == [("", 3, 9), ("", 9, 9)]


def test_what_the_office_had_refused_is_told_as_it_holds_it_fm21_fm12(
    world: World, service: Answers
) -> None:
    """Of a change alone: what it refused of its own to send is none of the service's."""
    with world.db.transaction():
        books.put_quarantine(world.db, entry("a" * 32, Operation.UPDATE))
        books.put_quarantine(world.db, entry("b" * 32, Operation.INSERT))
        books.put_quarantine(world.db, entry("c" * 32, Operation.DELETE, side="online"))
        books.put_quarantine(
            world.db, structs.replace(entry("d" * 32, Operation.UPDATE), change=None)
        )
    done(world, service)
    begin = service.asked[1]
    assert isinstance(begin, Begin)
    assert begin.refused == {
        "a" * 32: AtOffice(there=True, fields={"name": "office"}),
        "b" * 32: AtOffice(there=False),
    }
    assert [left.record for left in books.quarantine(world.db)] == ["c" * 32]
