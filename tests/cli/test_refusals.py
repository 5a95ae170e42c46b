"""What can be in the way is told in a sentence with the next step, and never as a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from samsyn.cli.main import COMMANDS, main
from tests.cli.office import Office

LOOKING = ["conflicts", "history", "log", "quarantine", "ledger", "verify", "status", "computers"]
ACTING = ["sync", "pause", "resume", "disconnect", "agent"]
URLS = {
    "nowhere.sqlite": "DATABASE_UNAVAILABLE",
    "mysql://localhost/x": "ENGINE_UNKNOWN",
    "sqlite://relative": "URL_UNREADABLE",
    "postgresql://localhost:1/x?connect_timeout=1": "DATABASE_UNAVAILABLE",
}


@pytest.mark.parametrize("command", [*LOOKING, *ACTING])
def test_a_database_that_is_not_attached_is_told(office: Office, command: str) -> None:
    assert office.refused(command) == "NOT_ATTACHED"


@pytest.mark.parametrize("command", ["ledger", "verify", *ACTING])
def test_a_database_that_is_not_connected_is_told(office: Office, command: str) -> None:
    office.tell("attach")
    assert office.refused(command) == "NOT_CONNECTED"


@pytest.mark.parametrize(("url", "code"), URLS.items())
def test_an_address_that_leads_nowhere_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMSYN_HOME", str(tmp_path))
    for command in ("attach", "status", "sync", "detach"):
        options = ("--timeout", "0") if command == "sync" else ()
        done = CliRunner().invoke(main, [command, url, "--json", *options])
        assert done.exit_code == 1, done.output
        assert f'"error": "{code}"' in done.stdout
    assert [p for p in tmp_path.iterdir() if p.name != "trace"] == []


def test_a_wrong_code_and_an_unsafe_address_connect_nothing(office: Office) -> None:
    office.tell("attach")
    url = office.service.url
    assert office.refused("connect", "--online", url, "--code", "AAAA-AAAA") == (
        "PAIRING_CODE_INVALID"
    )
    unsafe = "http://samsyn.example"
    assert office.refused("connect", "--online", unsafe, "--code", "AAAA-AAAA") == "UNSAFE_ADDRESS"
    nobody = "http://127.0.0.1:1"
    assert office.refused("connect", "--online", nobody, "--code", "AAAA-AAAA") == (
        "SERVICE_UNREACHABLE"
    )
    assert office.tell("status")["connected"] is False


def test_a_connected_database_is_not_connected_twice(office: Office) -> None:
    office.begin()
    code = office.new_code()
    assert office.refused("connect", "--online", office.service.url, "--code", code) == (
        "ALREADY_CONNECTED"
    )


def test_without_json_an_error_is_a_sentence_on_standard_error(office: Office) -> None:
    english = office.run("status", str(office.database), "--quiet")
    assert (english.code, english.out) == (1, "")
    assert english.err.startswith("This company database is not attached. Attach it first")
    swedish = office.run("status", str(office.database), lang="sv")
    assert swedish.err.startswith("Företagsdatabasen är inte ansluten")


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("sync",),
        ("sync", "a.db", "--no-such-option"),
        ("attach", "a.db", "--references", "guessed"),
        ("connect", "a.db", "--code", "AAAA-AAAA"),
        ("log", "a.db", "--limit", "0"),
        ("choose-computer", "a.db"),
        ("no-such-command",),
    ],
)
def test_wrong_usage_ends_with_2(args: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, list(args)).exit_code == 2


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 3
    assert "HELP_" not in done.output
