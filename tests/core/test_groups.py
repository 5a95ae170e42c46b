"""Fields that belong together, and forms that put back what online work had replaced."""

from __future__ import annotations

import pytest

from samsyn.core.cells import Cell
from samsyn.core.changes import Lost, Put
from samsyn.core.groups import group_of, marked, together, with_seen
from samsyn.core.stale import Replaced, may_be_stale, stale_fields

GROUPS = (("street", "zip"), ("amount", "currency", "rate"))


@pytest.mark.parametrize(
    ("fields", "decided"),
    [
        ("", ""),
        ("name", "name"),
        ("zip", "street zip"),
        ("zip rate name", "street zip amount currency rate name"),
    ],
)
def test_who_changes_one_of_a_group_has_decided_on_all_g2(fields: str, decided: str) -> None:
    assert together(GROUPS, fields.split()) == set(decided.split())


def test_a_group_has_seen_what_its_least_knowing_field_had_g2() -> None:
    assert with_seen(GROUPS, {"name": 1, "rate": 9, "amount": 4}) == {
        "name": 1,
        "rate": 4,
        "amount": 4,
        "currency": 4,
    }
    assert with_seen(GROUPS, {}) == {}


def test_a_loss_is_marked_with_the_group_in_which_it_was_decided() -> None:
    fields = ("zip", "name", None)
    found = marked(GROUPS, [loss(field) for field in fields])
    assert [(one.field, one.group) for one in found] == [
        ("zip", ("street", "zip")),
        ("name", ()),
        (None, ()),
    ]


def test_a_field_is_in_one_group_or_none() -> None:
    assert group_of(GROUPS, "rate") == ("amount", "currency", "rate")
    assert group_of(GROUPS, "name") == ()


def loss(field: str | None) -> Lost:
    """A conflict of a field, or of the record."""
    return Lost("t", "r", None, field, None, None, None, 1, None, None, "office_value")


# --- stale forms -------------------------------------------------------------------------

SEEN = 9
ONLINE = Replaced(7, "online", ("older", "shown"), "Maria", "at 7")


def save(*derived: str, seen: int = SEEN, by_field: dict[str, int] | None = None) -> Put:
    """A save at the office."""
    return Put("t", "r", (1,), {"f": "shown", "g": "new"}, seen, by_field or {}, derived=derived)


def wrote(
    f: tuple[Cell, Cell] = ("online", "shown"), **more: tuple[Cell, Cell]
) -> dict[str, tuple[Cell, Cell]]:
    """What the save changed: f is put back, and g is new."""
    return {"f": f, "g": ("old", "new"), **more}


def test_a_form_is_a_save_that_changes_two_fields_or_more_fm20() -> None:
    assert may_be_stale(save(), wrote())
    assert not may_be_stale(save(), {"f": ("online", "shown")})
    assert not may_be_stale(save("g"), wrote()), "a trigger wrote the other"
    assert not may_be_stale(save(), wrote(g=("old", "old"))), "the other is as it was"
    assert may_be_stale(save(), wrote(g=(1, 1.0))), "1 is not 1.0"


def test_a_value_put_back_beside_others_is_told_and_the_offices_stands_g2_g3() -> None:
    assert stale_fields(save(), wrote(), {"f": ONLINE}) == (
        Lost(
            type="t",
            record="r",
            key=(1,),
            field="f",
            base="shown",
            office="shown",
            online="online",
            online_seq=7,
            online_by="Maria",
            online_at="at 7",
            outcome="stale_form",
        ),
    )


@pytest.mark.parametrize(
    ("why", "put", "written", "replaced"),
    [
        ("nobody wrote there online", save(), wrote(), {}),
        ("another value than any that was replaced", save(), wrote(("online", "other")), {"f": ONLINE}),
        ("another online value stood there", save(), wrote(("other", "shown")), {"f": ONLINE}),
        ("not seen: a conflict by the rule", save(seen=6), wrote(), {"f": ONLINE}),
        ("not seen by this field", save(by_field={"f": 6}), wrote(), {"f": ONLINE}),
        ("made by a trigger", save("f"), wrote(h=("a", "b")), {"f": ONLINE}),
        ("nothing else was changed", save("g"), wrote(), {"f": ONLINE}),
        ("all of it is put back: that is meant", save(), wrote(g=("online", "older")),
         {"f": ONLINE, "g": ONLINE}),
        ("nothing was written", save(), {}, {"f": ONLINE}),
    ],
)  # fmt: skip
def test_what_is_no_stale_form_is_told_nobody_fm20(
    why: str,
    put: Put,
    written: dict[str, tuple[Cell, Cell]],
    replaced: dict[str, Replaced],
) -> None:
    assert stale_fields(put, written, replaced) == (), why


def test_a_form_may_have_shown_any_value_that_was_replaced_and_seen_just_that_write() -> None:
    found = stale_fields(save(seen=7), wrote(("online", "older")), {"f": ONLINE})
    assert [one.field for one in found] == ["f"]
    two = {"f": ONLINE, "g": ONLINE}
    found = stale_fields(save(), wrote(g=("online", "older"), h=("a", "b")), two)
    assert [one.field for one in found] == ["f", "g"]
