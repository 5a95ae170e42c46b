"""The guide for programs: its examples do what it says, run as they stand on the page, in both languages."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import urllib3

from samsyn.core.changes import Put
from samsyn.online.api.words import PROBLEMS
from samsyn.online.webhooks import signing
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records, running

BLOCK = re.compile(r'<pre tabindex="0" data-example="([^"]+)"><code>(.*?)</code></pre>', re.DOTALL)
FOLDER = Path(__file__).resolve().parents[2] / "src/samsyn/online/developers/examples"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on SQLite: what examples show is the same on both engines."""
    with running(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture
def company(service: Service) -> Company:
    """A company with contacts, and a conflict."""
    made = Company(service)
    made.load_all()
    made.program.send("PATCH", records("contacts", rid(5)), {"phone": "online"})
    made.office.push(Put("contacts", rid(5), (5,), {"phone": "office"}, seen=0))
    return made


def page(service: Service, language: str) -> str:
    """The guide as a browser gets it."""
    asked = {"Accept-Language": language}
    answer = urllib3.PoolManager().request("GET", f"{service.url}/developers", headers=asked)
    assert answer.status == 200
    return str(answer.data.decode())


def examples(text: str) -> dict[str, str]:
    """The code of each block of a page, by its file's name."""
    return {name: html.unescape(code) for name, code in BLOCK.findall(text)}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_example_runs_as_it_stands_on_the_page(
    company: Company, tmp_path: Path, language: str
) -> None:
    shown = examples(page(company.service, language))
    assert shown.keys() == {file.stem for file in FOLDER.glob("*.txt")}
    environment = {
        **os.environ,
        "SAMSYN": f"{company.service.url}/api/v1/companies/{company.id}",
        "TOKEN": company.new_program().token or "",
        "PYTHONPATH": str(tmp_path),
    }
    for name, code in shown.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    told = {
        name: _run([_program(name), *_options(name), str(tmp_path / name)], environment)
        for name in shown
    }
    assert '"contacts"' in told["types.sh"]
    assert told["list.sh"].count('"key"') == 2
    assert int(told["pages.py"].split()[0]) >= 10
    assert "Nordan Bygg AB" in told["create.sh"]
    assert told["unchanged.sh"].strip() == "304"
    assert "office: office online: online" in told["conflicts.py"]
    assert "delete" in told["undo.py"]
    assert "whsec_" in told["webhook.sh"]
    found = company.program.get("records/contacts", search="Nordan")["records"]
    assert len(found) == 1, "the key of the example makes it one, however often it is sent"


def _program(name: str) -> str:
    return "bash" if name.endswith(".sh") else sys.executable


def _options(name: str) -> list[str]:
    return ["-eu"] if name.endswith(".sh") else ["-W", "error"]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def test_the_guides_check_of_a_signature_takes_ours_and_nobody_elses(service: Service) -> None:
    module = ModuleType("verify")
    exec(compile(examples(page(service, "en"))["verify.py"], "verify.py", "exec"), module.__dict__)
    is_ours = module.is_ours
    now, body, secret = int(time.time()), '{"type":"å"}'.encode(), signing.new_secret()
    headers = signing.headers("msg_1", now, body, [signing.new_secret(), secret])
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(signing.new_secret(), headers, body)
    assert not is_ours(secret, {**headers, "webhook-id": "msg_2"}, body)
    assert not is_ours(secret, headers, body, now=now + 301)


def test_the_guide_tells_every_code_with_words(service: Service) -> None:
    text = page(service, "sv")
    told = set(re.findall(r'<th scope="row"><code>([A-Z_]+)</code></th>', text))
    alarms = {"OFFICE_NOT_HEARD", "OFFICE_TAKES_NOTHING", "OFFICE_STALLED"}
    assert told == set(PROBLEMS) - alarms
    assert service.url in text
