"""Whatever the parts of Samsyn say in codes, a person reads in words, in their own language."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import ClassVar

import pytest
import urllib3

import samsyn
from samsyn.cli.words import TABLES, VERDICTS, Language, error_said, language_of, said, verdict_said
from samsyn.cli.words_of_agent import REASONS
from samsyn.core.errors import SamsynError

CODE = re.compile(r"[A-Z]+(_[A-Z]+)*")
REFUSING = frozenset({"Refusal", "BadValue", "BadCell", "_refuse", "_dated"})
"""What is called with a code among its arguments."""
ELSEWHERE = {
    ("online", "api", "errors.py"),
    ("online", "registers", "book.py"),
    ("webkit", "registers", "book.py"),
    ("webkit", "registers", "importing.py"),
    ("webkit", "tables", "reading.py"),
}
"""Told by the REST API or on the register pages alone, in words of theirs (online/api/words.py, webkit/registers)."""
EVERYWHERE = frozenset({"field", "reason", "table", "type", "record", "key", "detail", "limit"})
"""Facts that whoever shows a refused record or value has at hand."""


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    (source,) = samsyn.__path__
    for path in sorted(Path(source).rglob("*.py")):
        if path.relative_to(source).parts not in ELSEWHERE:
            yield path, ast.parse(path.read_text("utf-8"))


def _is_code(node: ast.AST | None) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value) is not None
    )


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _members(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                yield name, value


def _said_by(node: ast.AST) -> Iterator[ast.expr | None]:
    """The places in the source where a code stands."""
    match node:
        case ast.ClassDef():
            yield from (value for name, value in _members(node) if name == "code")
        case ast.Call() if _called(node) in REFUSING:
            yield from node.args
            yield from (k.value for k in node.keywords if k.arg in {"code", "reason"})
        case ast.Dict(keys=[ast.Attribute(value=ast.Name(id="apsw")), *_]):
            yield from node.values
        case ast.Tuple(elts=[ast.Constant(value=int()), second, *_]):
            yield second


def _collected(where: Callable[[ast.AST], Iterable[ast.expr | None]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in _trees():
        for node in ast.walk(tree):
            for value in where(node):
                if isinstance(value, ast.Constant) and _is_code(value):
                    found[str(value.value)].add(path.name)
    return found


def codes() -> dict[str, set[str]]:
    """Every code in the source that tells of trouble, with the files it stands in."""
    return _collected(_said_by)


def reasons() -> dict[str, set[str]]:
    """Every reason in the source for leaving a table or field out."""

    def of(node: ast.AST) -> Iterable[ast.expr | None]:
        if isinstance(node, ast.ClassDef) and node.name == "Reason":
            return [value for _, value in _members(node)]
        return []

    return _collected(of)


def facts_by_code() -> dict[str, set[str]]:
    """The facts that the source gives with each code, as keywords where it is raised."""
    code_of: dict[str, str] = {}
    given: dict[str, set[str]] = defaultdict(set)
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for name, value in _members(node):
                    if name == "code" and isinstance(value, ast.Constant):
                        code_of[node.name] = str(value.value)
            elif isinstance(node, ast.Call):
                names = {k.arg for k in node.keywords if k.arg}
                for said_as in (_called(node), *(a.value for a in node.args if _is_code(a))):  # type: ignore[attr-defined]  # codes are constants
                    given[str(said_as)] |= names
    for name, code in code_of.items():
        given[code] |= given[name]
    return given


def words(code: str) -> tuple[str, str]:
    return next(table[code] for table in TABLES if code in table)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def all_rows() -> list[tuple[str, str, str]]:
    return [(code, *row) for table in (*TABLES, VERDICTS) for code, row in table.items()]


def test_the_search_finds_codes_of_every_part() -> None:
    assert "NO_STABLE_KEY" in reasons()
    assert codes().keys() >= {
        "ERROR",
        "DATABASE_BUSY",
        "UNIQUE_TAKEN",
        "REQUIRED_MISSING",
        "PARENT_MISSING",
        "NOT_A_DATE",
        "WRONG_TYPE",
        "TOO_LARGE",
        "BAD_ID",
        "ADDRESS_TOO_LONG",
        "UNKNOWN_RECORD",
        "TLS_REQUIRED",
        "DEMO_FILE_EXISTS",
    }


def test_every_code_in_the_source_has_words() -> None:
    told = {code for table in TABLES for code in table}
    missing = {code: sorted(files) for code, files in codes().items() if code not in told}
    assert not missing, f"give these words in a table of samsyn.cli.words: {missing}"


def test_every_reason_for_leaving_a_table_out_has_words() -> None:
    missing = {code: sorted(files) for code, files in reasons().items() if code not in VERDICTS}
    assert not missing, f"give these words in samsyn.cli.words_of_verdicts: {missing}"


def test_verdicts_only_use_facts_that_a_verdict_has() -> None:
    used = set().union(*(placeholders("".join(row)) for row in VERDICTS.values()))
    assert used <= {"table", "field", "detail"}


def test_words_only_use_facts_that_come_with_the_code() -> None:
    given = facts_by_code()
    wrong = {
        code: sorted(unknown)
        for code in codes()
        if any(code in table for table in TABLES)
        and (unknown := placeholders("".join(words(code))) - given[code] - EVERYWHERE)
    }
    assert not wrong


@pytest.mark.parametrize(("code", "english", "swedish"), all_rows())
def test_both_languages_tell_the_same_facts(code: str, english: str, swedish: str) -> None:
    assert english
    assert swedish
    assert placeholders(english) == placeholders(swedish)


def test_no_code_has_two_different_words() -> None:
    seen: dict[str, int] = defaultdict(int)
    for table in TABLES:
        for code in table:
            seen[code] += 1
    assert [code for code, times in seen.items() if times > 1] == []


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, Language.ENGLISH),
        ({"LANG": "C.UTF-8"}, Language.ENGLISH),
        ({"LANG": "sv_SE.UTF-8"}, Language.SWEDISH),
        ({"LANG": "sv_SE.UTF-8", "SAMSYN_LANG": "en"}, Language.ENGLISH),
        ({"LANG": "en_GB.UTF-8", "SAMSYN_LANG": "sv"}, Language.SWEDISH),
        ({"LANG": "sv_SE.UTF-8", "SAMSYN_LANG": ""}, Language.SWEDISH),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "nb_NO.UTF-8"}, Language.ENGLISH),
    ],
)
def test_the_language_is_the_one_asked_for(environ: dict[str, str], language: Language) -> None:
    assert language_of(environ) is language


class _Busy(SamsynError):
    code: ClassVar[str] = "DATABASE_BUSY"


def test_an_error_is_told_with_its_facts_and_the_next_step() -> None:
    error = _Busy(url="/data/firma.db")
    assert "/data/firma.db" in error_said(error, Language.ENGLISH)
    assert "try again" in error_said(error, Language.ENGLISH)
    assert "försök igen" in error_said(error, Language.SWEDISH)


class _Refused(SamsynError):
    code: ClassVar[str] = "SERVICE_REFUSED"


def test_what_the_service_refuses_is_told_in_the_words_for_its_reason() -> None:
    error = _Refused(problem="BATCH_GAP", expected=4, number=6, status=409)
    assert "batch 4 and was sent 6" in error_said(error, Language.ENGLISH)
    assert "BRAND_NEW" in error_said(_Refused(problem="BRAND_NEW"), Language.ENGLISH)


def test_why_nobody_answers_is_told_in_words() -> None:
    for reason, row in REASONS.items():
        assert issubclass(getattr(urllib3.exceptions, reason), urllib3.exceptions.HTTPError)
        for language, words in zip(Language, row, strict=True):
            facts = {"online": "https://online.example", "reason": reason}
            assert f"({words})" in said("SERVICE_UNREACHABLE", facts, language)


def test_a_verdict_tells_the_column_meant() -> None:
    told = verdict_said("KEY_HOLDS_NULL", {"table": "t", "detail": "kundnr"}, Language.SWEDISH)
    assert told.startswith("Nyckeln kundnr är tom i vissa rader.")


def test_a_fact_that_was_not_told_is_a_dash() -> None:
    assert said("NOT_NULL", {}, Language.ENGLISH) == "– must have a value."
    assert said("NOT_NULL", {"field": None}, Language.SWEDISH) == "– måste ha ett värde."


def test_a_list_is_told_as_people_write_it() -> None:
    told = said("NOT_A_CHOICE", {"field": "unit", "choices": ["st", "par"]}, Language.ENGLISH)
    assert told == "unit must be one of: st, par."


def test_braces_in_a_fact_are_only_text() -> None:
    told = said("NOT_NULL", {"field": "{url}"}, Language.ENGLISH)
    assert told == "{url} must have a value."


def test_a_code_of_a_newer_service_is_told_as_it_is() -> None:
    assert said("BRAND_NEW", {"a": 1, "b": "x"}, Language.SWEDISH) == "BRAND_NEW (a 1, b x)"
    assert said("BRAND_NEW", {}, Language.SWEDISH) == "BRAND_NEW"
