"""When two programs answer each other: the same value written again, each time answered."""

from __future__ import annotations

import pytest

from samsyn.core.oscillation import FieldWrite, oscillates


def log(text: str) -> list[FieldWrite]:
    """Writes, oldest first: `A` online by a program, `*A` by a person, `-B` at the office."""
    writes = [
        FieldWrite(told.startswith("-"), told.startswith("*"), told.lstrip("-*"))
        for told in text.split()
    ]
    return writes[::-1]


@pytest.mark.parametrize(
    ("writes", "again"),
    [
        ("", False),
        ("A -B", False),
        ("A -B A -B", True),
        ("A -B A -C", True),
        ("X -Y A -B A -B", True),
        ("A -B A -B C -B", False),
        ("A -B *A -B", False),
        ("A -B A -A", False),
        ("A -B -C A -B", False),
        ("A -B A A -B", False),
        ("A -B A -B A", False),
        ("-B A -B", False),
        ("A B A B", False),
        ("-A -B -A -B", False),
    ],
)
def test_the_third_round_of_the_same_is_one_too_many_fm19(writes: str, again: bool) -> None:
    assert oscillates(log(writes), "A") is again
