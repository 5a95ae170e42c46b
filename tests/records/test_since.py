"""FM21, FM22, G7: which rows of the change log are after a cut, and the pages in which they are told."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import pytest
from msgspec import structs

from samsyn.core.reopen import AtOffice, Since, reopened
from samsyn.protocol.restoring import RECORDS_AT_ONCE, Cut
from samsyn.records import since
from samsyn.records.rows import to_json
from samsyn.records.since import View
from samsyn.records.tenant import Row, writing
from samsyn.records.unit import Source, company_unit
from tests.records.office import AT, Office, create, edit, loaded, rid

TYPES = ("customer", "order")
CUT = Cut(cursor=10, batch=3, first_lost=20, upto=50, chunk=5)
OLDER = Cut(cursor=10, batch=3, first_lost=20, upto=50)
"""As an office tells it that numbers no chunks."""
NOTHING_LOST = Cut(cursor=10, batch=3, first_lost=None, upto=50, chunk=5)


class Case(NamedTuple):
    """A row of the log, and whether the office that was put back lacks what it tells."""

    that: str
    lacks: bool
    seq: int
    source: str = "office"
    connection: str | None = "ours"
    batch: int | None = None
    chunk: int | None = None
    fields: str | None = None
    type: str = "customer"
    cut: Cut = CUT

    @property
    def row(self) -> Row:
        """As the log gives it."""
        return (
            "record", self.seq, self.type, "update", self.source, self.connection,
            self.batch, self.chunk, None, AT, self.fields, None, None,
        )  # fmt: skip


CASES = [
    Case("online work at the cursor is held", False, 10, "web", None, fields="{}"),
    Case("online work beyond the cursor is not", True, 11, "web", None, fields="{}"),
    Case("what a batch told is held, wherever it stands", False, 40, batch=3, fields="{}"),
    Case("a later batch is not", True, 5, batch=4, fields="{}"),
    Case("another connection told no part of this history", False, 40, connection="other", batch=4),
    Case("nor did it load any", False, 40, connection="other", type="order"),
    Case("what a chunk told is held, wherever it stands", False, 40, chunk=5, fields="{}"),
    Case("a later chunk is not", True, 5, chunk=6, fields="{}"),
    Case("a row that a later chunk brought is not", True, 5, chunk=6),
    Case("a repair without number is judged by the cursor", False, 10, fields="{}"),
    Case("and is not held beyond it", True, 11, fields="{}"),
    Case("what lies between the cursor and what was lost first, too", True, 12, fields="{}"),
    Case("a loaded row is judged by what was lost first", False, 20),
    Case("and is not held beyond it: loaded", True, 21),
    Case("where nothing was lost it is held", False, 40, cut=NOTHING_LOST),
    Case("of a type that had not been loaded it is not", True, 1, type="order"),
    Case("an office without numbers is judged so too", False, 20, chunk=6, cut=OLDER),
    Case("and lacks what came after", True, 21, chunk=6, cut=OLDER),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.that)
def test_which_rows_a_backup_lacks_fm21_g7(case: Case) -> None:
    assert View("ours", case.cut, frozenset(["customer"])).is_after(case.row) is case.lacks


@pytest.mark.parametrize(
    ("types", "first_lost", "start"),
    [
        (("customer", "order"), 20, 10),
        (("customer",), 20, 10),
        (("customer", "order"), 11, 10),
        (("customer", "order"), 5, 4),
        (("customer", "order"), None, 10),
        (("customer", "order", "loaded since"), 20, 0),
    ],
)
def test_where_the_log_is_looked_at_from_fm21(
    types: tuple[str, ...], first_lost: int | None, start: int
) -> None:
    view = View("ours", Cut(10, 3, first_lost, 50), frozenset(TYPES))
    assert since.start(view, types) == start


@pytest.mark.parametrize(
    ("held", "customer", "order", "least"),
    [({}, 10, 10, 10), ({"customer": 4}, 4, 10, 4), ({"customer": 4, "order": 12}, 4, 10, 4),
     ({"order": 12}, 10, 10, 10)],
)  # fmt: skip
def test_a_held_type_is_looked_at_from_its_own_cursor_fm21_fm25(
    held: dict[str, int], customer: int, order: int, least: int
) -> None:
    """Where it is behind; beyond the common one nothing is known of it."""
    view = View("ours", CUT, frozenset(TYPES), held=held)
    assert [view.cursor_of(name) for name in TYPES] == [customer, order]
    assert view.least_cursor == least


# --- pages of a real log -----------------------------------------------------------------


def view_of(office: Office, left: int | None = None, **cut: int | None) -> View:
    """An office that was put back to before its first batch and chunk, or to what `cut` says."""
    told = {"cursor": 0, "batch": 0, "first_lost": 1, "upto": head(office), "chunk": 0, **cut}
    return View(
        office.caller.connection, msgspec.convert(told, Cut), frozenset(["customer", "order"]), left
    )


def head(office: Office) -> int:
    """The last number of the log."""
    found = office.tenant.row("SELECT head FROM records_company WHERE company_id = %(company)s")
    assert found is not None
    return int(found[0])


def told(office: Office, view: View, after: int | None = None) -> list[str]:
    """The records of a page."""
    page = since.page(office.tenant, view, TYPES, after)
    return [record.id for record, _ in page.records]


def story(office: Office, view: View, number: int) -> since.Story:
    """What came after the cut, of one record."""
    start = since.start(view, TYPES)
    return since.stories(office.tenant, view, [rid(number)], start)[rid(number)]


def reopen(office: Office, number: int, **held: str) -> None:
    """A restore takes the office to hold this of a record."""
    kept = AtOffice(there=True, fields=dict(held))
    with company_unit(office.tenant, Source.SERVICE, None, AT) as unit:
        record = unit.record(rid(number))
        assert record is not None
        decision, _ = reopened(record, Since(), kept, unit.next_seq, number_given=True)
        unit.take(record.id, decision, whole=to_json(kept))


def test_each_record_is_told_once_in_the_order_of_the_log_fm21(office: Office) -> None:
    office.push(office.new(2), office.new(1))
    office.push(office.put(1, name="Berg"), office.put(2, name="Alm"))
    page = since.page(office.tenant, view_of(office), TYPES, None)
    assert [record.id for record, _ in page.records] == [rid(2), rid(1)]
    assert [came.there for _, came in page.records] == [False, False]
    assert (page.after, page.more) == (4, False)
    assert told(office, view_of(office), after=2) == []


def test_a_page_ends_where_it_is_full_and_the_next_one_goes_on_fm21(office: Office) -> None:
    office.push(*(office.new(n) for n in range(1, RECORDS_AT_ONCE + 1)))
    full = view_of(office)
    office.push(office.put(1, name="Berg"), office.new(0))
    for view in (full, view_of(office)):
        first = since.page(office.tenant, view, TYPES, None)
        assert [record.id for record, _ in first.records] == [
            rid(n) for n in range(1, RECORDS_AT_ONCE + 1)
        ]
        assert (first.after, first.more) == (RECORDS_AT_ONCE, True)
    last = since.page(office.tenant, full, TYPES, RECORDS_AT_ONCE)
    assert (last.records, last.after, last.more) == ([], full.cut.upto, False)
    assert told(office, view_of(office), RECORDS_AT_ONCE) == [rid(0)]


def test_what_the_backup_holds_is_on_no_page_fm21(office: Office) -> None:
    """Nor what it had told of a record after somebody online had written it."""
    office.push(office.new(1), office.new(2))
    edit(office.tenant, 1, name="Berg")
    edit(office.tenant, 2, name="Alm", phone="1")
    office.push(office.put(1, name="Ek"), office.put(2, name="Ek"))
    held = view_of(office, batch=2, first_lost=None)
    assert told(office, held) == [rid(2)]
    assert story(office, held, 2).since.base == {"phone": None}
    assert told(office, view_of(office, cursor=4, batch=2, first_lost=None)) == []


def test_what_was_loaded_after_the_backup_is_lacking_fm21(office: Office) -> None:
    office.load(loaded(1), number=1)
    edit(office.tenant, 1, name="Berg")
    office.load(loaded(2), loaded(3), number=2, last=True)
    edit(office.tenant, 1, name="Alm")
    edit(office.tenant, 3, name="Ek")
    view = view_of(office, first_lost=3, chunk=1)
    assert told(office, view) == [rid(1), rid(2), rid(3)]
    assert [story(office, view, n).since.there for n in (1, 2, 3)] == [None, False, False]
    assert [story(office, view, n).first for n in (1, 2, 3)] == [2, 3, 4]
    assert told(office, structs.replace(view, cut=structs.replace(view.cut, upto=2))) == [rid(1)]
    assert told(office, structs.replace(view, cut=structs.replace(view.cut, upto=3))) == [
        rid(1), rid(2),
    ]  # fmt: skip
    later = view_of(office, cursor=2, first_lost=3, chunk=1)
    assert told(office, later) == [rid(2), rid(3), rid(1)]
    assert [story(office, later, n).since.there for n in (1, 2, 3)] == [None, False, False]
    assert [story(office, later, n).first for n in (1, 2, 3)] == [5, 3, 4]
    assert since.rows_after(office.tenant, later, TYPES, 9) == [
        (rid(2), 3), (rid(3), 4), (rid(1), 5), (rid(3), 6),
    ]  # fmt: skip


def test_what_an_older_program_loaded_is_lacking_after_what_was_lost_first_fm21(
    office: Office,
) -> None:
    office.load(loaded(1))
    office.push(office.new(2))
    office.load(loaded(3), last=True)
    edit(office.tenant, 1, name="Berg")
    lost, nothing_lost = view_of(office, first_lost=2), view_of(office, first_lost=None, batch=1)
    assert told(office, lost) == [rid(2), rid(3), rid(1)]
    assert story(office, lost, 1).since.there is None
    assert told(office, nothing_lost) == [rid(1)]
    unloaded = structs.replace(lost, loaded=frozenset(["order"]))
    assert [story(office, unloaded, n).since.there for n in (1, 2, 3)] == [False, False, False]
    assert [story(office, unloaded, n).first for n in (1, 2, 3)] == [1, 2, 3]
    assert story(office, nothing_lost, 2).first == 0, "nothing came after"
    assert told(office, unloaded) == [
        rid(1),
        rid(2),
        rid(3),
    ]
    assert told(office, structs.replace(nothing_lost, loaded=frozenset())) == [rid(1), rid(3)]


def test_an_office_that_numbers_no_chunks_lacks_numbered_ones_all_the_same_fm21(
    office: Office,
) -> None:
    office.push(office.new(1))
    office.load(loaded(2), number=1, last=True)
    assert told(office, view_of(office, chunk=None)) == [rid(1), rid(2)]


def test_what_an_older_program_repaired_before_the_backup_is_held_fm21_fm24(office: Office) -> None:
    """Its type had been loaded; that another one had not is no matter of it."""
    office.push(office.new(1))
    office.load(loaded(1, name="repaired"))
    view = view_of(office, cursor=2, batch=1, first_lost=None)
    view = structs.replace(view, loaded=frozenset(["customer"]))
    assert since.start(view, TYPES) == 0
    assert told(office, view) == []
    assert since.rows_after(office.tenant, view, TYPES, 9) == []


def test_a_record_that_retention_has_let_go_of_is_on_no_page_fm21(office: Office) -> None:
    office.push(office.new(1), office.new(2))
    with writing():
        office.tenant.execute(
            "DELETE FROM records_record WHERE company_id = %(company)s AND id = %(id)s", id=rid(1)
        )
    assert told(office, view_of(office)) == [rid(2)]


def test_what_this_restore_reopens_is_no_news_to_it_fm21_g4(office: Office) -> None:
    """Its pages come again the same; what people write meanwhile counts."""
    office.push(office.new(1, name="Berg"))
    edit(office.tenant, 1, name="Alm")
    view = view_of(office, cursor=1, batch=1, first_lost=None)
    before = story(office, view, 1)
    reopen(office, 1, name="as the office says")
    assert story(office, view, 1) == before
    edit(office.tenant, 1, phone="1")
    assert story(office, view, 1).since.base == {"name": "Berg", "phone": None}
    later = view_of(office, cursor=2, batch=1, first_lost=None)
    assert story(office, later, 1).since.base["name"] == "as the office says"


@pytest.mark.parametrize(("left", "base"), [(2, "Berg"), (3, "as an older backup says")])
def test_what_a_restore_says_counts_for_its_branch_alone_fm21_g7(
    office: Office, left: int, base: str
) -> None:
    office.push(office.new(1, name="Berg"))
    edit(office.tenant, 1, name="Alm")
    reopen(office, 1, name="as an older backup says")
    view = view_of(office, left=left, cursor=1, batch=1, first_lost=None)
    assert story(office, view, 1).since.base == {"name": base}


def test_who_wrote_and_what_the_journal_of_the_backup_may_tell_fm21(office: Office) -> None:
    """Only what came with the first batch after it."""
    office.push(office.new(1))
    office.push(office.put(1, name="Berg"))
    office.push(office.put(1, name="Alm"))
    edit(office.tenant, 1, phone="1")
    came = story(office, view_of(office, batch=1, first_lost=2), 1).since
    assert came.told == {"name": ["Berg"]}
    assert {f: (w.by, w.at, w.by_office) for f, w in came.writers.items()} == {
        "name": ("DESK-1", AT, True),
        "phone": ("Maria", AT, False),
    }


def test_rows_that_tell_values_after_a_cut_up_to_a_limit_fm21(office: Office) -> None:
    office.load(loaded(1), last=True)
    office.push(office.put(1, name="Berg"), office.new(2))
    edit(office.tenant, 1, phone="1")
    view = view_of(office, first_lost=2)
    assert since.rows_after(office.tenant, view, TYPES, 9) == [
        (rid(1), 2),
        (rid(2), 3),
        (rid(1), 4),
    ]
    assert since.rows_after(office.tenant, view, TYPES, 2) == [(rid(1), 2), (rid(2), 3)]
    held = view_of(office, batch=1, first_lost=None)
    assert since.rows_after(office.tenant, held, TYPES, 1) == [(rid(1), 4)]
    held = view_of(office, batch=1, first_lost=None, upto=3)
    assert since.rows_after(office.tenant, held, TYPES, 9) == []


def test_rows_after_a_cut_are_found_however_many_there_are_fm21(office: Office) -> None:
    many = RECORDS_AT_ONCE + 2
    office.push(*(office.new(n) for n in range(1, many + 1)))
    found = since.rows_after(office.tenant, view_of(office), TYPES, many)
    assert found == [(rid(n), n) for n in range(1, many + 1)]
    assert since.rows_after(office.tenant, view_of(office), TYPES, many - 1) == found[:-1]


def test_who_last_wrote_is_none_who_only_gave_a_number_fm21(office: Office) -> None:
    """The office's database numbers what is made online, and computes what triggers do."""
    create(office.tenant, 1, name="Berg")
    office.pull()
    for value, names, by in (("7.00", {}, "Maria"), ("8.00", {"name": "Alm"}, "DESK-1")):
        put = office.put(1, limit=value, **names)
        office.push(structs.replace(put, derived=("limit",)))
        assert story(office, view_of(office, first_lost=2), 1).since.last.by == by
    edit(office.tenant, 1, phone="1")
    office.push(office.put(1, name="Ek"))
    assert story(office, view_of(office, first_lost=2), 1).since.last.by == "DESK-1"
