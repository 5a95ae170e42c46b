"""The faults that are put into the rules: which there are, and that the list of survivors is of today."""

from __future__ import annotations

import ast

import pytest

from mutants.explained import entries
from mutants.operators import mutants
from mutants.targets import SOURCES, TARGETS


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("a < b", "a <= b; a >= b"),
        ("a is b", "a is not b"),
        ("x = a and b", "x = a or b; x = b; x = a"),
        ("x = not a", "x = a"),
        ("x = a + b", "x = a - b; x = a; x = b"),
        ("x = a - b", "x = a + b; x = a"),
        ("x = 1", "x = 2; x = 0"),
        ("x = True", "x = False"),
        ("x = 'word'", "x = 'mutant'"),
        ("x = 'some words'", ""),
        ("f(a, b)", "pass; f(b, a)"),
        ("x = f(a, b=c)", "x = f(a)"),
        ("x = min(a, b)", "x = max(a, b)"),
        ("x = sorted(a)", "x = a"),
        ("x = a[b:c]", "x = a[:c]; x = a[b:]"),
        ("x = {a: b, **c}", "x = {**c}; x = {a: b}"),
        ("x = a if b else c", "x = a if True else c; x = a if False else c"),
        ("x = [a for a in b if c]", "x = [a for a in b if True]; x = [a for a in b if False]"),
        ("x = 'SELECT a WHERE b > 1'", "x = 'SELECT a WHERE b >= 1'"),
        ("def f(a: int | None = None) -> int | None:\n  'doc'\n  return a", "return None"),
        ("class E(enum.Enum):\n  A = 'a'", ""),
        ("assert a < b", ""),
    ],
)
def test_which_faults_there_are(source: str, faults: str) -> None:
    found = [one.applied(source).replace("(", "").replace(")", "") for one in mutants(source)]
    wanted = faults.replace("(", "").replace(")", "").split("; ") if faults else []
    told = [text.rpartition("\n")[2].strip() for text in found]
    assert sorted(told) == sorted(wanted)


def test_every_fault_has_a_name_of_its_own_in_its_module() -> None:
    for target in TARGETS:
        names = [one.name for one in mutants((SOURCES / target.module).read_text())]
        assert len(names) == len(set(names)), target.module


def test_python_can_read_every_fault() -> None:
    source = (SOURCES / "core/plan.py").read_text()
    for one in mutants(source):
        ast.parse(one.applied(source))


def test_every_explained_survivor_is_a_fault_of_today() -> None:
    """A reason for code that is no longer there explains nothing."""
    for entry in entries():
        known = {one.name for one in mutants((SOURCES / entry.module).read_text())}
        assert set(entry.mutants) <= known, (entry.module, set(entry.mutants) - known)
        assert entry.why
