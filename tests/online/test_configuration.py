"""The service's configuration: environment over file over default, every key checked, no secret shown."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import msgspec
import pytest

from samsyn.cli.words_of_settings import WANTS
from samsyn.core.errors import SamsynError
from samsyn.online.configuration import FILE, Configuration, read, shown, told, variable
from tests.online.running import Service

KEYS = Configuration.__struct_fields__
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "samsyn.toml"


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, environment: dict[str, str] | None = None) -> SamsynError:
    with pytest.raises(SamsynError) as caught:
        read(folder, environment or {})
    return caught.value


def test_without_file_and_environment_everything_has_its_default(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == Configuration()


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path,
) -> None:
    written(tmp_path, 'port = 8600\nhosts = ["a.example", "b.example"]\nbehind_proxy = true\n')
    several = {"SAMSYN_ONLINE_SHARED_PORT": "true"}
    assert refusal(tmp_path, several).facts["key"] == "shared_port", "SQLite is for one process"
    several["SAMSYN_ONLINE_DATABASE"] = "postgresql://db/samsyn"
    found = read(tmp_path, {"SAMSYN_ONLINE_PORT": "8700", **several})
    assert (found.port, found.hosts, found.behind_proxy, found.shared_port, found.keep_days) == (
        8700, ("a.example", "b.example"), True, True, 90,
    )  # fmt: skip
    places = {one.key: one.place for one in told(tmp_path, {"SAMSYN_ONLINE_PORT": "8700"})}
    assert places["port"] == "SAMSYN_ONLINE_PORT"
    assert places["hosts"] == str(tmp_path / FILE)
    assert places["keep_days"] == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("database", "mysql://host/name"),
        ("url", "samsyn.example.com"),
        ("hosts", ""),
        ("port", "65536"),
        ("port", "eighty"),
        ("shared_port", "maybe"),
        ("tls_cert", "/nowhere/at/all.pem"),
        ("smtp", "http://mail.example"),
        ("mail_from", "nobody"),
        ("time_zone", "Europe/Ystad"),
        ("log_format", "xml"),
        ("log_level", "LOUD"),
        ("metrics_token", "short"),
        ("keep_days", "89"),
        ("deletion_days", "0"),
        ("api_rate", "-1"),
        ("webhooks_private", "maybe"),
        ("database_threads", "0"),
        ("leaked_passwords", __file__),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_key_and_place(
    tmp_path: Path, key: str, value: str
) -> None:
    error = refusal(tmp_path, {variable(key): value})
    assert (error.code, error.facts["key"], error.facts["place"]) == (
        "BAD_SETTING", key, variable(key),
    )  # fmt: skip


def test_the_file_is_refused_for_a_wrong_kind_an_unknown_key_and_bad_toml(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "port = '8500'")).code == "BAD_SETTING"
    assert refusal(written(tmp_path, "shared_port = 1")).code == "BAD_SETTING"
    assert refusal(written(tmp_path, "hosts = [1]")).code == "BAD_SETTING"
    near = refusal(written(tmp_path, "keepdays = 90"))
    assert (near.code, near.facts["near"]) == ("UNKNOWN_SETTING", "keep_days")
    assert refusal(written(tmp_path, "port = ")).code == "CONFIGURATION_UNREADABLE"


def test_a_variable_that_means_nothing_is_told_with_what_was_meant(tmp_path: Path) -> None:
    near = refusal(tmp_path, {"SAMSYN_ONLINE_PROT": "1"})
    assert (near.code, near.facts["near"]) == ("UNKNOWN_VARIABLE", "SAMSYN_ONLINE_PORT")
    assert refusal(tmp_path, {"SAMSYN_ONLINE_QQQQQQ": "1"}).facts["near"] == ""
    read(tmp_path, {"SAMSYN_ONLINE_HOME": str(tmp_path), "SAMSYN_OFFICE_HOME": "x"})


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secrets = {
        "SAMSYN_ONLINE_DATABASE": "postgresql://samsyn:hemligt@db/samsyn?sslmode=require",
        "SAMSYN_ONLINE_SMTP": "smtps://me:hemligt@mail.example",
        "SAMSYN_ONLINE_METRICS_TOKEN": "hemligt-hemligt-hemligt",
    }
    lines = {one.key: shown(one) for one in told(tmp_path, secrets)}
    assert "hemligt" not in repr(lines)
    assert lines["database"] == "postgresql://samsyn:…@db/samsyn?sslmode=require"
    bad = refusal(tmp_path, {"SAMSYN_ONLINE_DATABASE": "mysql://samsyn:hemligt@db/x"})
    assert "hemligt" not in repr(bad.facts)


def test_the_command_shows_what_is_in_force_and_refuses_what_cannot_be(tmp_path: Path) -> None:
    service = Service(written(tmp_path, 'time_zone = "Europe/Helsinki"\n'), "")
    found = service.command("check-config")
    assert found["time_zone"] == {"value": "Europe/Helsinki", "from": str(tmp_path / FILE)}
    assert found["port"] == {"value": 8500, "from": ""}
    words = service.run("check-config", lang="sv").stdout
    assert f'time_zone = "Europe/Helsinki"    # {tmp_path / FILE}' in words
    written(tmp_path, "keep_days = 30")
    refused = service.run("serve", lang="sv")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "minst 90" in refused.stderr


def test_a_file_elsewhere_is_named_by_option_or_environment(tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc.toml"
    elsewhere.write_text("deletion_days = 7\n")
    service = Service(tmp_path / "home", "")
    found = service.command("check-config", "--config", str(elsewhere))
    assert found["deletion_days"]["value"] == 7
    done = subprocess.run(
        [*service.words("check-config"), "--json"],
        env={**os.environ, "SAMSYN_ONLINE_CONFIG": str(tmp_path / "none.toml")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert msgspec.json.decode(done.stdout)["error"] == "CONFIGURATION_UNREADABLE"


def test_every_key_is_told_in_words_in_the_guide_and_in_the_example() -> None:
    assert WANTS.keys() == set(KEYS)
    rows = re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", GUIDE.read_text(), re.MULTILINE)
    defaults = msgspec.structs.asdict(Configuration())
    wanted = {key: msgspec.json.encode(value).decode() for key, value in defaults.items()}
    assert dict(rows) == wanted
    named = re.findall(r"^#? ?(\w+) = ", EXAMPLE.read_text(), re.MULTILINE)
    assert sorted(named) == sorted(KEYS)
