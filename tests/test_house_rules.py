"""The house rules that a machine can check; each says why it is one."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
MANY = 500
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc"}
FOREIGN = {"src/samsyn/webkit/sqlite_backend/base.py": "Django asks for a module of this name"}


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def _texts(*patterns: str) -> Iterator[tuple[Path, str]]:
    for path in _tracked(*patterns):
        try:
            yield path, path.read_text()
        except UnicodeDecodeError:
            continue


def _found(pattern: str, *files: str, besides: frozenset[str] = frozenset()) -> list[str]:
    """Every line that matches, as `path:line: text`; the rules' own examples aside."""
    compiled = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in _texts(*files)
        if path != Path(__file__) and str(path.relative_to(ROOT)) not in besides
        for number, line in enumerate(text.splitlines(), 1)
        if compiled.search(line)
    ]


def _sources() -> list[Path]:
    """Python files written by hand: Django writes the migrations."""
    return [path for path in _tracked("*.py") if "migrations" not in path.parts]


def test_every_part_imports_only_what_it_may() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_says_what_it_is_for() -> None:
    assert [
        str(path.relative_to(ROOT))
        for path in _sources()
        if not ast.get_docstring(ast.parse(path.read_text()))
    ] == []


def test_no_module_is_a_drawer() -> None:
    """A name that fits anything collects anything."""
    names = {str(path.relative_to(ROOT)): {path.stem, path.parent.name} for path in _sources()}
    assert {path for path, stems in names.items() if stems & DRAWERS} - FOREIGN.keys() == set()


def test_no_file_is_too_long_to_keep_in_mind() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in _sources()}
    assert {path: lines for path, lines in lengths.items() if lines > MANY} == {}


def test_nothing_is_left_to_do_in_a_comment() -> None:
    """Work that is left belongs to the list of issues, where it is seen."""
    assert _found(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError", "*.py") == []


def test_whoever_silences_a_checker_says_why() -> None:
    """`# type: ignore[code]  # reason`, `# noqa: CODE  # reason`."""
    ignored = _found(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+# \S)", "*.py")
    silenced = _found(r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)*( -|  #) \S)", "*.py")
    assert ignored + silenced == []


def test_no_path_of_one_machine_is_committed() -> None:
    assert _found(r"(?<![\w./-])/(work|farm|root|home/\w+)/", "*") == []


def test_tests_wait_for_conditions() -> None:
    """A sleep is too short on a busy machine and too long on every other."""
    waiting = frozenset({"tests/waiting.py"})
    assert _found(r"\btime\.sleep\(|import sleep", "tests", besides=waiting) == []


def test_tests_leave_our_code_as_it_is() -> None:
    """What a test replaces, it does not test; a fake goes in through a port."""
    assert _found(r"\bmock\b|monkeypatch\.(setattr|delattr)", "tests") == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_versions_and_hashes_and_name_no_host(name: str) -> None:
    """Whoever installs decides where from, in pip's own configuration."""
    pinned = r"[a-z0-9-]+==[0-9a-z.]+( ; [^\\:]+)? \\"
    hashed = r"    --hash=sha256:[0-9a-f]{64}( \\)?"
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(f"{pinned}|{hashed}", line)] == []


def test_locks_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = (_locked(name) for name in LOCKS)
    tools = [name for name in project["dependency-groups"]["dev"] if isinstance(name, str)]
    assert _names(project["project"]["dependencies"]) <= runtime.keys()
    assert _names(tools) <= development.keys()
    assert runtime.items() <= development.items()


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", text)[0].lower().replace("_", "-") for text in requirements}


@pytest.mark.parametrize("name", ["pyproject.toml", "dev.py", ".ci/run", ".gitignore"])
def test_configuration_names_no_package_index(name: str) -> None:
    assert _found(r"index-url|find-links|extra-index|trusted-host|pypi\.", name) == []


def test_every_promise_and_failure_mode_has_its_tests_and_its_place_in_the_guarantees() -> None:
    """Tests carry numbers at the end of their names; docs/guarantees.md names tests that are there."""
    told = (ROOT / "docs/guarantees.md").read_text()
    tests = {
        name
        for _, text in _texts("tests")
        for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)
    }
    shown = set(re.findall(r"_(fm\d+|g\d+)(?=_|\b)", "\n".join(tests)))
    modes, guarantees = range(1, 26), range(1, 11)
    assert {f"fm{n}" for n in modes} | {f"g{n}" for n in guarantees} <= shown
    assert [n for n in modes if not re.search(rf"^\| {n} \|.*`test_\w+`", told, re.MULTILINE)] == []
    assert [n for n in guarantees if f"**G{n} " not in told] == []
    assert sorted(set(re.findall(r"`(test_\w+)`", told)) - tests) == []


@pytest.mark.parametrize("page", ["security", "asvs"])
def test_every_test_that_a_page_on_security_names_is_there(page: str) -> None:
    """A line that names its proof is no better than no line when the proof has gone."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / f"docs/{page}.md").read_text()))
    tests = {
        name
        for _, text in _texts("tests")
        for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)
    }
    assert len(named) > 50
    assert sorted(named - tests) == []


def test_the_checklist_of_asvs_has_every_requirement_once_with_its_state() -> None:
    """253 at levels 1 and 2 of version 5.0.0, by chapter; what is not met says what follows."""
    rows = re.findall(
        r"^\| ([\d., ]+) \|[^|]+\| ([^|]+) \| (.+) \|$",
        (ROOT / "docs/asvs.md").read_text(),
        re.MULTILINE,
    )
    numbers = [number for told, _, _ in rows for number in told.split(", ")]
    chapters = [int(number.partition(".")[0]) for number in numbers]
    counts = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7]
    assert [chapters.count(n + 1) for n in range(17)] == counts
    assert len(set(numbers)) == len(numbers)
    assert all(state.startswith(("met", "n.a.", "not met")) and why for _, state, why in rows)


def test_every_decision_has_a_number_of_its_own() -> None:
    names = [path.name for path in _tracked("docs/decisions/*.md")]
    numbers = [name[:4] for name in names]
    assert sorted(set(numbers)) == sorted(numbers)
    titles = {
        path.name: path.read_text().partition("\n")[0] for path in _tracked("docs/decisions/*.md")
    }
    assert [name for name, title in titles.items() if not title.startswith(f"# {name[:4]} ")] == []
