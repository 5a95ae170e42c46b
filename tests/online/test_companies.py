"""`samsyn online companies …` beside a service that runs: what they tell, and what they do to those who are connected."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from samsyn.protocol import PATH
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Service, records, running

pytestmark = pytest.mark.parametrize("service", ["sqlite"], indirect=True)
"""What the commands do has its tests on both engines: tests/pages/test_ending.py."""


@pytest.fixture
def own(service: Service) -> Company:
    """A company that a test may do anything to."""
    made = Company(service)
    made.load_all()
    return made


def test_a_company_is_listed_and_shown_without_anything_of_its_registers(own: Company) -> None:
    command = own.service.command
    (found,) = command("companies", "list", own.owner)["companies"]
    assert (found["company"], found["office"], found["members"]) == (own.id, "heard", 1)
    assert found["superusers"] == [own.owner]
    shown = command("companies", "show", own.id)
    assert shown["storage"]["records"] == 13
    assert [c["computer"] for c in shown["connections"]] == ["DESK-1"]
    assert "Kund" not in msgspec.json.encode([found, shown]).decode()
    (size,) = command("storage", "--company", own.id)["companies"]
    assert (size["records"], size["bytes"]) == (13, shown["storage"]["bytes"])
    words = own.service.run("companies", "show", own.id, lang="sv").stdout
    assert "element: 13" in words
    assert "sparas i 90 dagar" in words


def test_a_suspended_company_turns_everybody_away_and_goes_on_when_it_is_resumed(
    own: Company,
) -> None:
    own.service.command("companies", "suspend", own.id, "--why", "Obetald faktura")
    problem = own.program.send("GET", records("contacts")).refused(503, "COMPANY_SUSPENDED")
    assert "since" in problem
    refused = own.office.wait(0)
    assert refused.status == 503
    assert msgspec.json.decode(refused.data)["code"] == "COMPANY_SUSPENDED"
    assert refused.headers["Retry-After"] == "60"
    assert own.service.command("companies", "show", own.id)["suspended_why"] == "Obetald faktura"
    own.service.command("companies", "resume", own.id)
    own.program.send("PATCH", records("contacts", rid(1)), {"fields": {"name": "Åter"}})
    assert [c.fields for c in own.office.pull().changes] == [{"name": "Åter"}]


def test_a_new_name_reaches_the_office(own: Company) -> None:
    own.service.command("companies", "rename", own.id, "Nordlund Handel AB")
    (found,) = own.service.command("companies", "list", own.id)["companies"]
    assert found["name"] == "Nordlund Handel AB"
    state = own.office.pool.request(
        "GET",
        f"{own.service.url}{PATH}/state",
        headers={"Authorization": f"Bearer {own.office.secret}"},
    )
    assert msgspec.json.decode(state.data)["company_name"] == "Nordlund Handel AB"


def test_a_company_has_a_period_of_its_own_but_never_a_shorter_one(own: Company) -> None:
    assert own.service.command("companies", "retention", own.id)["keep_days"] == 90
    assert own.service.command("companies", "retention", own.id, "400")["keep_days"] == 400
    refused = own.service.run("companies", "retention", own.id, "30", "--json")
    assert msgspec.json.decode(refused.stdout)["error"] == "PERIOD_TOO_SHORT"
    again = own.service.command("companies", "retention", own.id, "--default")
    assert again["keep_days"] == 90


def test_an_end_is_decided_cancelled_or_at_once(own: Company) -> None:
    command, run = own.service.command, own.service.run
    assert command("companies", "delete", own.id, "--at", "2999-12-31")["delete_at"] == (
        "2999-12-31T22:59:59+00:00"
    )
    bad = run("companies", "delete", own.id, "--at", "2001-01-01", "--json")
    assert msgspec.json.decode(bad.stdout)["error"] == "BAD_DAY"
    assert command("companies", "show", own.id)["why"] == "asked"
    command("companies", "delete", own.id, "--cancel")
    assert command("companies", "show", own.id)["delete_at"] is None
    assert run("companies", "delete", own.id, "--now").returncode == 2
    command("companies", "delete", own.id, "--now", "--name", "Nordlund & Söner AB")
    assert command("companies", "list", own.id)["companies"] == []
    assert own.office.wait(0).status == 401
    assert own.program.send("GET", records("contacts")).status == 401


def test_operators_are_appointed_by_command(service: Service) -> None:
    service.command("create-company", "Drift AB", "--owner", "drift@example.com")
    service.command("operator", "Drift@example.com", "--grant")
    assert service.command("operator")["operators"] == ["drift@example.com"]
    service.command("operator", "drift@example.com", "--revoke")
    assert service.command("operator")["operators"] == []
    unknown = service.run("operator", "nobody@example.com", "--grant", "--json")
    assert msgspec.json.decode(unknown.stdout)["error"] == "UNKNOWN_PERSON"
    assert service.run("operator", "drift@example.com").returncode == 2


def test_a_backup_made_while_the_service_runs_is_a_whole_service(
    own: Company, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    told = own.service.command("backup", "--to", str(folder))
    assert {p.name for p in folder.iterdir()} == {"online.sqlite", "secret.key"}
    assert told["bytes"] == (folder / "online.sqlite").stat().st_size
    assert (folder / "secret.key").read_bytes() == (own.service.home / "secret.key").read_bytes()
    own.program.create("contacts", name="Efter säkerhetskopian")
    with running(folder) as restored:
        assert restored.command("companies", "show", own.id)["storage"]["records"] == 13
    again = own.service.run("backup", "--to", str(folder), "--json")
    assert msgspec.json.decode(again.stdout)["error"] == "CANNOT_BACK_UP"
