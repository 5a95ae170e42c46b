"""First load: chunks go to the store as they came, once, and never over newer work."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.core.catalog import Catalog
from samsyn.core.cells import Cell
from samsyn.protocol import wire
from samsyn.protocol.messages import LoadedRecord
from samsyn.records import clinic_list, connections, references
from samsyn.records.catalogs import types
from samsyn.records.errors import CatalogUnknown, ChunkStale, StateDiverged, UnknownType
from samsyn.records.history import changes, conflicts
from samsyn.records.ledger import ledger
from samsyn.records.load import load
from samsyn.records.tenant import Tenant
from tests.records.office import AT, CATALOG, CUSTOMER, Office, delete, edit, loaded, record, rid

NASTY: list[Cell] = [
    'tab\t, line\n, return\r, backslash \\n \\t \\N, quote "',
    "åäö 🙂 \u2028",
    "\\.",
    "",
    12345678901234567890,
    0.1,
    -3,
    {"$b": "AAEC"},
    {"$f": "-0.0"},
    True,
    None,
]


@pytest.mark.parametrize("value", NASTY)
def test_a_loaded_value_is_the_value_that_was_sent_fm16(
    office: Office, tenant: Tenant, value: Cell
) -> None:
    office.load(loaded(1, name=value, phone="x"))
    stored = record(tenant, 1).fields["name"]
    assert (type(stored), stored) == (type(value), value)
    assert record(tenant, 1).key == (1,)


def test_white_space_around_values_is_not_part_of_them(office: Office, tenant: Tenant) -> None:
    office.load(LoadedRecord(rid(1), (1,), msgspec.Raw(b'{\n\t"name" :\r\n "a\\tb" }')))
    assert record(tenant, 1).fields == {"name": "a\tb"}


def test_a_repeated_chunk_changes_nothing_g4(office: Office, tenant: Tenant) -> None:
    chunk = office.chunk(loaded(1, name="a"), loaded(2, name="b"))
    assert load(office.caller, chunk, AT).inserted == 2
    again = load(office.caller, chunk, AT)
    assert (again.inserted, again.merged, again.lost) == (0, 2, ())
    assert [c.seq for c in changes(tenant, 0, 10)] == [1, 2]


def test_the_load_is_complete_with_its_last_chunk_fm23(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1))
    assert not types(tenant)["customer"].loaded
    office.load(loaded(2), last=True)
    assert types(tenant)["customer"].loaded
    assert office.hello().loaded == ("customer",)
    office.load(loaded(2))
    assert types(tenant)["customer"].loaded


def test_a_chunk_read_before_a_newer_batch_is_refused_fm23(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1, name="old"))
    chunk = office.chunk(loaded(1, name="old"))
    office.push(office.put(1, name="new"))
    with pytest.raises(ChunkStale):
        load(office.caller, chunk, AT)
    assert record(tenant, 1).fields["name"] == "new"


def test_a_chunk_read_before_online_work_that_the_office_has_taken_since_is_refused_fm23(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="old"))
    chunk = office.chunk(loaded(1, name="old"))
    edit(tenant, 1, name="online")
    office.pull()
    office.pull()  # tells that the first page was taken
    with pytest.raises(ChunkStale) as raised:
        load(office.caller, chunk, AT)
    assert raised.value.facts == {"after_batch": 0, "batch": 0}
    assert record(tenant, 1).fields["name"] == "online"


def test_a_chunk_read_before_what_a_later_chunk_says_was_taken_is_refused_fm6_fm9_g2(
    office: Office, tenant: Tenant
) -> None:
    """What it tells would override the online work, unheard: the office had taken that meanwhile."""
    office.load(loaded(1, name="old"))
    late = office.chunk(loaded(1, name="old"))
    edit(tenant, 1, name="online")
    office.floor = office.pull().upto
    office.load(loaded(1, name="online"))
    with pytest.raises(ChunkStale):
        load(office.caller, late, AT)
    assert record(tenant, 1).fields["name"] == "online"
    assert ledger(tenant).difference == 0


def test_a_chunk_under_a_catalog_that_was_never_told_is_refused(
    office: Office, tenant: Tenant
) -> None:
    unknown = office.chunk(loaded(1)).replace(office.catalog.fingerprint.encode(), b"0" * 16)
    with pytest.raises(CatalogUnknown) as raised:
        load(office.caller, unknown, AT)
    assert raised.value.facts == {"fingerprint": "0" * 16}
    assert changes(tenant, 0, 10) == []


def test_a_chunk_tells_how_far_the_office_has_come_and_no_further_than_there_is(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a"))
    edit(tenant, 1, name="online")
    office.pull()
    before = connections.state(office.caller)
    office.floor = office.cursor
    office.load(loaded(1, name="online"))
    now = connections.state(office.caller)
    assert (before.floor, now.floor) == (0, office.cursor)
    assert (before.cursor, now.cursor) == (0, office.cursor)
    assert (now.batch, now.fence) == (before.batch, before.fence)
    office.floor = 999
    office.load(loaded(1, name="online"))
    assert connections.state(office.caller).floor == changes(tenant, 0, 10)[-1].seq


def test_what_a_chunk_changes_is_logged_with_the_computer_and_the_moment(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a"))
    office.load(loaded(1, name="b"))
    made, changed = changes(tenant, 0, 10)
    assert (made.by, made.at, changed.by, changed.at) == ("DESK-1", AT, "DESK-1", AT)


def test_a_record_that_was_deleted_on_both_sides_lives_when_a_chunk_tells_of_it(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a"))
    office.push(office.delete(1))
    office.load(loaded(1, name="again"))
    assert record(tenant, 1).alive
    assert record(tenant, 1).fields["name"] == "again"


def test_the_same_id_of_another_company_is_another_record_g9(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="ours"))
    other = Office.paired(Tenant("bbbbbbbbbbbb"))
    other.hello()
    told = other.load(loaded(1, name="theirs"))
    assert (told.inserted, told.merged) == (1, 0)
    assert record(tenant, 1).fields["name"] == "ours"
    assert record(other.tenant, 1).fields["name"] == "theirs"


def test_a_chunk_of_a_database_that_took_in_another_change_is_refused_fm22_g7(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a"))
    edit(tenant, 1, name="online")
    office.pull()
    office.mark = "of another log"
    with pytest.raises(StateDiverged) as refused:
        office.load(loaded(1, name="b"))
    assert refused.value.facts["what"] == "mark"
    assert record(tenant, 1).fields["name"] == "online"


def test_how_far_the_office_has_come_is_cursor_and_floor_each_for_itself(
    office: Office, tenant: Tenant
) -> None:
    """It has taken what it was told, and not yet told what it wrote without knowing that."""
    office.load(loaded(1, name="a"))
    for name in ("b", "c", "d"):
        edit(tenant, 1, name=name)
    office.cursor, office.floor = 3, 2
    office.load(loaded(1, name="c"))
    now = connections.state(office.caller)
    assert (now.cursor, now.floor) == (3, 2)


def test_who_refers_to_whom_is_filled_in_once_a_type_is_loaded(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1), loaded(2, head=rid(1)), last=True)
    references.fill_waiting()
    assert references.filled(tenant, "customer")


def smaller(office: Office) -> Office:
    """The same office after it has dropped the phone."""
    customer = msgspec.structs.replace(
        CUSTOMER, fields=tuple(field for field in CUSTOMER.fields if field.name != "phone")
    )
    office.catalog = Catalog(CATALOG.engine, (customer, *CATALOG.types[1:]))
    office.hello()
    return office


def lacking(number: int, **fields: Cell) -> LoadedRecord:
    """A customer without a phone, in a chunk."""
    whole = {"name": None, "limit": None, "head": None, **fields}
    return LoadedRecord(rid(number), (number,), msgspec.Raw(wire.encode(whole)))


def test_what_the_office_has_in_a_column_no_longer_leaves_the_record_fm24(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a", phone="1"), loaded(2, name="b"), loaded(3, name="c", phone="3"))
    smaller(office).load(lacking(1, name="new"), lacking(2, name="b"), lacking(3, name="c"))
    found = [record(tenant, n).fields for n in (1, 2, 3)]
    assert [(one["name"], one["phone"]) for one in found] == [
        ("new", None),
        ("b", None),
        ("c", None),
    ]
    log = [(change.record, change.fields) for change in changes(tenant, 3, 9)]
    assert log == [
        (rid(1), {"name": ("a", "new"), "phone": ("1", None)}),
        (rid(3), {"phone": ("3", None)}),
    ]


def test_what_was_written_in_a_column_that_is_gone_is_told_once_fm24_g3(
    office: Office, tenant: Tenant
) -> None:
    """As it went, and not once more when a chunk comes that was read before the writing."""
    office.load(loaded(1, name="a", phone="1"))
    edit(tenant, 1, phone="online", limit=7)
    told = smaller(office).load(lacking(1, name="b", limit=8))
    assert [(lost.field, lost.online) for lost in told.lost] == [("limit", 7)]
    assert {lost.field for lost in conflicts(tenant, 9)} == {"phone", "limit"}
    assert len(conflicts(tenant, 9)) == 2
    assert ledger(tenant).difference == 0


def test_a_nul_in_a_key_leaves_the_record_out_alone_fm12_g5(office: Office) -> None:
    raw = office.chunk(loaded(1)).replace(b"[1]", b'["a\\u0000"]')
    (left,) = load(office.caller, raw, AT).left_out
    assert (left.record, left.code) == (rid(1), "BAD_RECORD")
    assert "NUL" in left.reason


def test_a_key_that_is_none_leaves_the_record_out_alone_fm12_g5(office: Office) -> None:
    raw = office.chunk(loaded(1), loaded(2)).replace(b"[1]", b"1")
    told = load(office.caller, raw, AT)
    assert (told.inserted, [left.record for left in told.left_out]) == (1, [rid(1)])


def test_a_known_record_that_cannot_be_read_is_left_out_and_stays_as_it_was_fm12_g5(
    office: Office, tenant: Tenant
) -> None:
    office.load(loaded(1, name="a"), loaded(2, name="b"))
    spoilt = LoadedRecord(rid(1), (1,), msgspec.Raw(b'["no fields"]'))
    told = load(office.caller, office.chunk(spoilt, loaded(2, name="c")), AT)
    assert [(left.record, left.code) for left in told.left_out] == [(rid(1), "BAD_RECORD")]
    assert (record(tenant, 1).fields["name"], record(tenant, 2).fields["name"]) == ("a", "c")


def test_fields_that_belong_together_are_lost_together_g2(tenant: Tenant) -> None:
    together = msgspec.structs.replace(CUSTOMER, groups=(("name", "phone"),))
    others = tuple(t for t in CATALOG.types if t.name != CUSTOMER.name)
    office = Office.paired(tenant, msgspec.structs.replace(CATALOG, types=(together, *others)))
    office.hello()
    office.load(loaded(1, name="a", phone="1"))
    edit(tenant, 1, name="online", phone="2")
    lost = office.load(loaded(1, name="office", phone="3")).lost
    assert {one.field: one.group for one in lost} == dict.fromkeys(
        ("name", "phone"), ("name", "phone")
    )


def test_online_work_during_the_load_goes_on_waiting_fm23(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1, name="a", phone="1"), loaded(2, name="b"))
    edit(tenant, 1, name="online")
    delete(tenant, 2)
    office.load(loaded(1, name="a", phone="1"), loaded(2, name="b"))
    assert [c.fields for c in office.pull().changes] == [{"name": "online"}, {}]


def test_what_changed_at_the_office_meanwhile_wins_fm23(office: Office, tenant: Tenant) -> None:
    office.load(loaded(1, name="a", phone="1"))
    edit(tenant, 1, name="online")
    (lost,) = office.load(loaded(1, name="office", phone="1")).lost
    assert (lost.base, lost.office, lost.online) == ("a", "office", "online")
    assert ledger(tenant).difference == 0


def test_the_office_is_not_told_what_it_loaded(office: Office) -> None:
    office.load(loaded(1, name="a"))
    page = office.pull()
    assert (page.changes, page.upto) == ((), 0)


@pytest.mark.parametrize(
    ("record_id", "fields"),
    [
        (rid(1), b"[]"),
        (rid(1), b'"text"'),
        (rid(1), b'{"name": "\\u0000"}'),
        (rid(1), b'{"name": "\xff"}'),
        ("short", b"{}"),
    ],
)
def test_what_is_no_record_is_left_out_alone_fm12_g5(
    office: Office, tenant: Tenant, record_id: str, fields: bytes
) -> None:
    raw = office.chunk(loaded(2), loaded(3, name="good")).replace(
        b'{"name":null,"phone":null,"limit":null,"head":null}', fields
    )
    for _ in range(2):
        told = load(office.caller, raw.replace(rid(2).encode(), record_id.encode()), AT)
        assert [(r.record, r.code) for r in told.left_out] == [(record_id, "BAD_RECORD")]
    assert record(tenant, 3).fields["name"] == "good"
    assert [c.record for c in changes(tenant, 0, 10)] == [rid(3)]
    (entry,) = clinic_list.entries(tenant)
    assert (entry.side, entry.record, entry.code) == ("online", record_id, "BAD_RECORD")
    assert ledger(tenant).difference == 0
    if record_id == rid(1):
        office.load(loaded(1, name="mended"))
        assert clinic_list.entries(tenant) == []
        assert ledger(tenant).difference == 0


def test_what_is_left_out_again_with_less_of_it_lies_once_fm12_g5(
    office: Office, tenant: Tenant
) -> None:
    for spoilt in (b'{"name":"\\u0000"}', b"[]"):
        raw = office.chunk(LoadedRecord(rid(1), (1,), msgspec.Raw(spoilt)))
        told = load(office.caller, raw, AT)
        assert [left.record for left in told.left_out] == [rid(1)]
        assert [entry.record for entry in clinic_list.entries(tenant)] == [rid(1)]


def test_a_chunk_of_an_unknown_type_is_refused(office: Office) -> None:
    with pytest.raises(UnknownType) as raised:
        load(office.caller, office.chunk(type_="nothing"), AT)
    assert raised.value.facts == {"type": "nothing"}
