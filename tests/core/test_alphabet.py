"""Words are sorted as people look for them."""

from __future__ import annotations

from samsyn.core.alphabet import order_of, single_letters


def test_words_are_in_the_order_of_a_nordic_index() -> None:
    words = [
        "Östra",
        "alfa",
        "Äpple",
        "Édith",
        "Zebra",
        "eda",
        "Åker",
        "BIL",
        "Straße",
        "strax",
        "ørn",
    ]
    assert sorted(words, key=order_of) == [
        "alfa", "BIL", "eda", "Édith", "Straße", "strax", "Zebra", "Åker", "Äpple", "ørn", "Östra",
    ]  # fmt: skip


def test_an_engine_that_replaces_letters_one_by_one_sorts_alike() -> None:
    letters, as_these = single_letters()
    assert len(letters) == len(as_these)
    table = str.maketrans(letters, as_these)
    for word in ("Östra", "Édith", "ÅKER", "Łódź", "naïve", "smørrebrød"):
        assert word.lower().translate(table) == order_of(word)
