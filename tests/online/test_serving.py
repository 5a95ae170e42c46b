"""The service as a process: its commands, its start, its stop, its pages and its description."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import urllib3

from samsyn.cli.online_words import WORDS
from samsyn.protocol import PATH
from tests.online.conftest import Company
from tests.online.office import CATALOG, Office
from tests.online.running import Service, records, running


def get(service: Service, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """A page of the service."""
    return urllib3.request("GET", service.url + path, headers=headers, retries=False, timeout=30)


def test_the_start_page_speaks_the_readers_language(service: Service) -> None:
    english = get(service, "/").data.decode()
    swedish = get(service, "/", **{"Accept-Language": "sv-SE,sv;q=0.9"}).data.decode()
    assert '<html lang="en">' in english
    assert "Connect an office" in english
    assert '<html lang="sv">' in swedish
    assert "kontoret" in swedish


def test_health_is_told(service: Service) -> None:
    assert (get(service, "/health/live").status, get(service, "/health/ready").status) == (200, 200)


def test_no_page_loads_anything_from_elsewhere(service: Service) -> None:
    for path in ("/", "/id/sign-in", "/api/v1/docs"):
        answer = get(service, path)
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        page = answer.data.decode()
        assert re.findall(r"<script(?! src=\"/static/)|<style| style=| on\w+=", page) == []
        assert "http://" not in page
        assert "https://" not in page


def test_the_documentation_names_every_request(service: Service) -> None:
    page = get(service, "/api/v1/docs").data.decode()
    schema = json.loads(get(service, "/api/v1/openapi.json").data)
    for path, item in schema["paths"].items():
        for method in item:
            assert f"{method.upper()} {path}" in page


def _references(value: Any) -> Iterator[str]:  # Any: JSON
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_the_description_is_whole_and_tells_what_is_answered(company: Company) -> None:
    schema = json.loads(get(company.service, "/api/v1/openapi.json").data)
    assert schema["openapi"].startswith("3.1")
    shapes = schema["components"]["schemas"]
    for reference in _references(schema):
        assert reference.removeprefix("#/components/schemas/") in shapes
    below = "/api/v1/companies/{company}"
    told = {(m, p.removeprefix(below)) for p, item in schema["paths"].items() for m in item}
    assert told == {
        ("get", "/types"), ("get", "/records/{type}"), ("post", "/records/{type}"),
        ("get", "/records/{type}/{id}"), ("patch", "/records/{type}/{id}"),
        ("delete", "/records/{type}/{id}"), ("post", "/batch"), ("get", "/changes"),
        ("get", "/conflicts"), ("get", "/quarantine"),
        ("get", "/quarantine/{id}"), ("post", "/quarantine/{id}/{fix}"), ("get", "/held"), ("get", "/status"),
        ("post", "/conflicts/{id}/re-apply"), ("post", "/undo"), ("post", "/undo/plan"),
        ("get", "/webhooks"), ("post", "/webhooks"), ("get", "/webhooks/{id}"),
        ("patch", "/webhooks/{id}"), ("delete", "/webhooks/{id}"), ("post", "/webhooks/{id}/secret"),
        ("post", "/webhooks/{id}/test"), ("get", "/webhooks/{id}/deliveries"),
        ("post", "/webhooks/{id}/deliveries/{no}/again"),
    }  # fmt: skip
    for path, shape in (
        ("types", "Types"),
        (records("contacts"), "Records"),
        ("changes", "Changes"),
        ("conflicts", "Conflicts"),
        ("quarantine", "Quarantine"),
        ("status", "Status"),
    ):
        assert set(company.program.get(path)) == set(shapes[shape]["properties"])
    one = company.program.get(records("contacts"))["records"][0]
    assert set(one) == set(shapes["RecordShape"]["properties"])
    one_type = company.program.get("types")["types"][0]
    assert set(one_type) == set(shapes["TypeShape"]["properties"])
    assert set(one_type["fields"][0]) == set(shapes["FieldShape"]["properties"])
    for item in schema["paths"].values():
        for operation in item.values():
            assert operation["security"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_answers_who_waits(tmp_path: Path, how: signal.Signals) -> None:
    service = Service(tmp_path, "")
    service.start()
    made = service.command("create-company", "Väntan", "--owner", "a@example.com")
    code = service.command("pairing-code", "--company", made["company"])["code"]
    secret = Office(service.url, code, CATALOG).secret
    waiting = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=30)
    waiting.request("GET", f"{PATH}/wait?since=0", headers={"Authorization": f"Bearer {secret}"})
    assert get(service, "/health/ready").status == 200
    assert service.stop(how) == (0, "")
    assert waiting.getresponse().status == 200
    waiting.close()


def test_several_starts_at_once_make_one_home(tmp_path: Path) -> None:
    service = Service(tmp_path / "home", "")
    starts = [
        subprocess.Popen(
            service.words("list-companies", "--json"), stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = [(process.communicate(timeout=60)[0], process.returncode) for process in starts]
    assert answers == [('{"companies": []}\n', 0)] * 4
    key = service.home / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((service.home / "online.sqlite").stat().st_mode) == 0o600
    assert [p.name for p in service.home.iterdir() if p.name.startswith(".")] == []


def test_what_it_kept_is_there_after_the_next_start(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        made = Company(service)
        made.load_all()
        made.program.create("contacts", name="Kvar")
    with running(tmp_path) as again:
        made.program.url = again.url
        found = made.program.get(records("contacts"), search="kvar")["records"]
        assert len(found) == 1


def test_an_address_that_others_reach_needs_tls(tmp_path: Path) -> None:
    service = Service(tmp_path, "")
    done = service.run("serve", "--host", "0.0.0.0", "--port", "0", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "TLS_REQUIRED"
    words = service.run("serve", "--host", "0.0.0.0", "--port", "0", lang="sv")
    assert "--tls-cert" in words.stderr
    assert "avlyssnas" in words.stderr


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = Service(tmp_path, "").run("serve", "--port", str(taken.getsockname()[1]), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "ADDRESS_TAKEN"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["pairing-code", "--company", "aaaaaaaaaaaa"], "UNKNOWN_COMPANY"),
        (["create-token", "--company", "a\tb", "--email", "a@example.com"], "UNKNOWN_COMPANY"),
        (["create-company", " ", "--owner", "a@example.com"], "BAD_NAME"),
        (["create-company", "X", "--owner", "nobody"], "BAD_EMAIL"),
        (["list-companies", "--database", "mysql://x/y"], "BAD_DATABASE_URL"),
        (["list-companies", "--database", "postgresql://127.0.0.1:1/x"], "DATABASE_UNUSABLE"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_code(
    tmp_path: Path, args: list[str], code: str
) -> None:
    done = Service(tmp_path, "").run(*args, "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["error"] == code
    assert told["message"]
    assert "Traceback" not in done.stderr


def test_a_database_that_fails_in_the_middle_is_told(tmp_path: Path) -> None:
    service = Service(tmp_path, "")
    assert service.run("list-companies").returncode == 0
    with closing(sqlite3.connect(tmp_path / "online.sqlite")) as store, store:
        store.execute("ALTER TABLE company RENAME TO gone")
    done = service.run("list-companies", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["error"] == "DATABASE_UNUSABLE"


def test_wrong_usage_ends_with_two(tmp_path: Path) -> None:
    assert Service(tmp_path, "").run("create-company").returncode == 2
    assert Service(tmp_path, "").run("serve", "--port", "many").returncode == 2


def test_commands_say_what_was_asked_for_and_no_more_when_quiet(tmp_path: Path) -> None:
    service = Service(tmp_path, "")
    company = service.run("create-company", "Tyst", "--owner", "a@example.com", "--quiet")
    assert len(company.stdout) == 13
    told = ("--company", company.stdout.strip())
    code = service.run("pairing-code", *told, "--quiet").stdout
    assert len(code) == 10
    token = service.run("create-token", *told, "--email", "a@example.com", "--quiet").stdout
    assert token.startswith("samsyn_")
    assert token.count("\n") == 1


def test_a_new_address_becomes_a_member_with_no_more_rights_than_asked(tmp_path: Path) -> None:
    service = Service(tmp_path, "")
    company = service.command("create-company", "Roller", "--owner", "Owner@Example.com")["company"]
    told = ("create-token", "--company", company, "--email")
    owner = service.command(*told, "owner@example.com")
    assert (owner["role"], owner["read_only"], owner["new_member"]) == ("superuser", False, False)
    reader = service.command(*told, "reader@example.com", "--read-only")
    assert (reader["role"], reader["read_only"], reader["new_member"]) == ("read_only", True, True)
    again = service.command(*told, "reader@example.com")
    assert (again["role"], again["read_only"]) == ("read_only", True)
    listed = service.command("list-companies")["companies"]
    assert [(c["name"], c["owners"]) for c in listed] == [("Roller", ["owner@example.com"])]


def test_every_word_is_there_in_both_languages() -> None:
    for code, (english, swedish) in WORDS.items():
        assert english, code
        assert swedish, code


def test_the_service_imports_without_making_a_file(tmp_path: Path) -> None:
    home = tmp_path / "none"
    code = "import django; django.setup(); import samsyn.online.urls"
    subprocess.run(
        [sys.executable, "-c", code],
        env={
            "SAMSYN_ONLINE_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "samsyn.online.settings",
            "PYTHONPATH": ":".join(sys.path),
        },
        check=True,
        timeout=60,
    )
    assert not home.exists()
