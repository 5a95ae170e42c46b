"""The files of deploy/: they can be read, and what they start is there, with the options and keys that they name."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from samsyn.cli.main import main
from samsyn.online.configuration import FILE_VARIABLE, Configuration, read, variable
from samsyn.online.home import HOME_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("samsyn-online.service", "samsyn-agent.service", "samsyn-office.service")
KNOWN = {variable(key) for key in Configuration.__struct_fields__} | {
    HOME_VARIABLE,
    FILE_VARIABLE,
    "SAMSYN_HOME",
}


def parsed(words: list[str]) -> click.Context:
    """What our command line makes of the words; UsageError where they are none of its."""
    context = main.make_context("samsyn", list(words))
    while isinstance(context.command, click.Group):
        words = [*context._protected_args, *context.args]
        if not words and context.command.invoke_without_command:
            break
        name, command, rest = context.command.resolve_command(context, words)
        assert name is not None
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return context


def dockerfile() -> list[tuple[str, str]]:
    """Its instructions, with lines that go on joined."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def compose() -> dict[str, Any]:  # Any: YAML
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def unit(name: str) -> configparser.ConfigParser:
    class Several(dict[str, Any]):
        """Keeps every line of a key that stands several times."""

        def __setitem__(self, key: str, value: Any) -> None:
            old = self.get(key)
            super().__setitem__(
                key, old + value if isinstance(old, list) and isinstance(value, list) else value
            )

    found = configparser.ConfigParser(strict=False, interpolation=None, dict_type=Several)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # as the library has it
    found.read_string((DEPLOY / name).read_text())
    return found


def test_the_image_installs_the_lock_copies_what_is_there_and_runs_as_nobody_special() -> None:
    told = dockerfile()
    assert told[0][0] == "FROM"
    for words in (arguments.split() for name, arguments in told if name == "COPY"):
        assert all((ROOT / source).exists() for source in words[:-1]), words
    pip = next(
        arguments for name, arguments in told if "pip install" in arguments and name == "RUN"
    )
    assert "--require-hashes" in pip
    users = [arguments for name, arguments in told if name == "USER"]
    assert users == ["samsyn"]
    entry = json.loads(dict(told)["ENTRYPOINT"])
    assert entry == ["python", "-m", "samsyn.cli.main"]
    command = json.loads(dict(told)["CMD"])
    assert parsed(command).params["behind_proxy"] is True
    names = re.findall(r"(SAMSYN_\w+)=", " ".join(a for n, a in told if n == "ENV"))
    assert set(names) <= KNOWN


def test_compose_names_files_keys_and_commands_that_there_are(tmp_path: Path) -> None:
    services = compose()["services"]
    ours = services["samsyn"]
    assert (DEPLOY / ours["build"]["context"] / ours["build"]["dockerfile"]).is_file()
    assert parsed(ours["command"]).params["behind_proxy"] is True
    assert set(ours["environment"]) <= KNOWN
    told = {
        "SAMSYN_DOMAIN": "samsyn.example.com",
        "SAMSYN_PASSWORD": "x",
        "SAMSYN_METRICS_TOKEN": "y" * 16,
    }
    filled = {
        name: re.sub(
            r"\$\{(\w+)(?::[?-]([^}]*))?\}",
            lambda m: told.get(m[1], m[2] if ":-" in m[0] else "") or "",
            value,
        )
        for name, value in ours["environment"].items()
    }
    found = read(tmp_path, filled)
    assert found.url == "https://samsyn.example.com"
    assert found.database == "postgresql://samsyn:x@database/samsyn"
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (
                (DEPLOY / source).exists() if source[0] == "." else source in compose()["volumes"]
            )
        for name in service.get("depends_on", ()):
            assert name in services
    wanted = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    example = re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE)
    assert set(example) == wanted


def test_the_role_that_compose_makes_is_an_ordinary_one() -> None:
    script = DEPLOY / "postgres-init.sh"
    assert subprocess.run(["sh", "-n", script]).returncode == 0
    (role,) = re.findall(r"CREATE ROLE .*", script.read_text())
    assert not re.search(r"SUPERUSER|BYPASSRLS", role)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_what_there_is(name: str) -> None:
    service = unit(name)["Service"]
    program, *words = service["ExecStart"].split()
    assert program.endswith("/bin/samsyn")
    parsed([word for word in words if not word.startswith("$")] + ["x.db"] * ("agent" in words))
    text = (DEPLOY / name).read_text()
    assert set(re.findall(r"^Environment=(\w+)=", text, re.MULTILINE)) <= KNOWN


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_say_about_a_unit(name: str, tmp_path: Path) -> None:
    text = (DEPLOY / name).read_text()
    program = Path(sys.executable).with_name("samsyn")
    (tmp_path / name).write_text(text.replace("/opt/samsyn/.venv/bin/samsyn", str(program)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", tmp_path / name],
        capture_output=True,
        text=True,
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if name in line]
    assert said == []


def test_what_is_told_about_windows_starts_what_there_is() -> None:
    wrapper = (DEPLOY / "samsyn-agent.winsw.xml").read_text()
    told = (ROOT / "docs" / "at-startup.md").read_text()
    (by_service,) = re.findall(r"<arguments>(.*)</arguments>", wrapper)
    (by_task,) = re.findall(r'-Argument "(agent .*)"', told)
    (office,) = re.findall(r'-Argument "(office .*)"', told)
    for words in (by_service, by_task, office):
        parsed(words.split())
    assert re.findall(r'<env name="(\w+)"', wrapper) == ["SAMSYN_HOME"]
    assert "has not been run on Windows" in told
