"""A desktop has the panels that its person has chosen, in his order, and none that he may not have."""

from __future__ import annotations

import pytest

from samsyn.webkit.desktop.arranging import added, arranged, moved, ordered, removed

KNOWN = ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (None, ("a", "b")),
        ((), ()),
        (("c", "a"), ("c", "a")),
        (("c", "gone", "a", "c"), ("c", "a")),
    ],
)
def test_what_was_chosen_is_shown_as_far_as_it_is_there(
    chosen: tuple[str, ...] | None, shown: tuple[str, ...]
) -> None:
    assert arranged(chosen, KNOWN, ("a", "b")) == shown


def test_a_panel_is_added_once_and_removed() -> None:
    assert added(("a", "b"), "c") == ("c", "a", "b")
    assert added(("a", "b"), "b") == ("a", "b")
    assert removed(("a", "b"), "a") == ("b",)
    assert removed(("a",), "x") == ("a",)


@pytest.mark.parametrize(
    ("key", "by", "shown"),
    [
        ("b", -1, ("b", "a", "c")),
        ("b", 1, ("a", "c", "b")),
        ("a", -1, ("a", "b", "c")),
        ("c", 1, ("a", "b", "c")),
        ("x", 1, ("a", "b", "c")),
    ],
)
def test_a_panel_is_moved_and_stays_at_the_ends(key: str, by: int, shown: tuple[str, ...]) -> None:
    assert moved(("a", "b", "c"), key, by) == shown


def test_an_order_brings_in_nothing_and_loses_nothing() -> None:
    assert ordered(("a", "b", "c"), ("c", "x", "a", "c")) == ("c", "a", "b")
    assert ordered(("a", "b"), ()) == ("a", "b")
