"""What happens at the ways into the service is logged: who, from where, and never a secret."""

from __future__ import annotations

import json
import logging
import os
import stat
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from samsyn.online.companies.models import Role
from samsyn.online.operating import acts
from samsyn.online.people.passwords import new_password
from samsyn.webkit.security_log import KEPT_MONTHS, LOGGER, Event, Monthly
from tests.pages.events import Heard, events
from tests.pages.people import PASSWORD, new_company, new_member, new_person, signed_in

pytestmark = pytest.mark.usefixtures("service")
SECRETS = (PASSWORD, "wrong wrong wrong", "a-password-typed-as-an-address")


def names(heard: Heard) -> list[str]:
    return [one["event"] for one in heard]


def test_signing_in_and_out_is_logged_with_person_address_and_way() -> None:
    person = new_person("anna@example.com")
    with events() as heard:
        client = signed_in("anna@example.com")
        client.post("/id/sign-out")
    assert names(heard) == ["signed_in", "signed_out"]
    assert heard[0] == {
        "event": "signed_in",
        "by": person.pk,
        "person": person.pk,
        "from": "127.0.0.1",
        "how": "password",
    }


def test_failures_and_throttling_are_logged_and_no_word_that_was_typed() -> None:
    person = new_person("anna@example.com")
    with events() as heard:
        Client().post("/id/sign-in", {"login": SECRETS[2] + "@x.se", "password": SECRETS[1]})
        for _ in range(6):
            told = {"login": "anna@example.com", "password": SECRETS[1]}
            Client().post("/id/sign-in", told)
    assert [one["person"] for one in heard if one["event"] == "sign_in_failed"] == [
        "nobody",
        *[person.pk] * 5,
    ]
    assert "throttled" in names(heard)
    cache.clear()
    assert not [secret for secret in SECRETS if secret in str(heard)]


def test_a_wrong_code_and_the_ways_of_a_second_factor_are_logged() -> None:
    person = new_person("anna@example.com")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.post("/id/sign-in", {"login": "anna@example.com", "password": PASSWORD})
    with events() as heard:
        client.post("/id/sign-in/second-factor", {"code": "000000"})
    assert names(heard) == ["second_factor_failed"]
    assert heard[0]["factor"] == "totp"


def test_roles_tokens_and_refusals_are_logged() -> None:
    company = new_company("Ett AB", "owner@example.com")
    other = new_member(company, "x@example.com", Role.STANDARD)
    owner, reader = signed_in("owner@example.com"), signed_in("x@example.com")
    with events() as heard:
        owner.post(f"/c/{company.pk}/members/{other.pk}", {"role": Role.READ_ONLY})
        reader.get(f"/c/{company.pk}/members")
        Client(enforce_csrf_checks=True).post("/id/sign-in", {"login": "x"})
        owner.post(f"/c/{company.pk}/members/{other.pk}/remove")
    assert names(heard) == ["access_changed", "refused", "forged_form", "access_ended"]
    assert heard[0]["role"] == Role.READ_ONLY
    assert heard[1]["by"] == other.pk


def test_deeds_of_operators_are_logged() -> None:
    company = new_company("Ett AB", "owner@example.com")
    with events() as heard:
        acts.note(acts.What.SUSPENDED, "root", timezone.now(), company)
    assert heard == [
        {"event": "operator_deed", "what": "suspended", "by": "root", "company": company.pk}
    ]


def test_each_event_is_a_line_that_nobody_else_reads_and_a_year_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    handler = Monthly(str(folder))
    old, kept = folder / "security-2024-01.log", folder / "security-2026-01.log"
    for path in (old, kept):
        path.write_text("{}\n")
    record = logging.makeLogRecord(
        {"msg": "refused", "created": 1796000000.0, "facts": {"path": '/x"\n{"event":"forged"}'}}
    )
    handler.emit(record)
    handler.emit(record)
    (written,) = {*folder.iterdir()} - {old, kept}
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in written.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["refused", "refused"]
    assert lines[0]["at"].endswith("+00:00")
    assert KEPT_MONTHS == 13
    assert kept.exists()
    assert not old.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_command_of_root_leaves_the_file_to_the_services_user(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    os.chown(folder, 4711, 4712)
    Monthly(str(folder)).emit(logging.makeLogRecord({"msg": "refused"}))
    (written,) = folder.iterdir()
    assert (written.stat().st_uid, written.stat().st_gid) == (4711, 4712)


def test_no_folder_no_log(tmp_path: Path) -> None:
    Monthly(str(tmp_path / "none")).emit(logging.makeLogRecord({"msg": "x"}))
    assert not (tmp_path / "none").exists()
    assert logging.getLogger(LOGGER).handlers


def test_every_event_is_told_somewhere_and_stands_in_the_documentation() -> None:
    root = Path(__file__).parents[2]
    sources = "".join(p.read_text("utf-8") for p in (root / "src/samsyn").rglob("*.py"))
    page = (root / "docs/security.md").read_text("utf-8")
    assert [one.name for one in Event if f"Event.{one.name}" not in sources] == []
    assert [one.value for one in Event if f"`{one.value}`" not in page] == []


def test_an_invitation_and_a_given_password_are_logged() -> None:
    company = new_company("Ett AB", "owner@example.com")
    owner = signed_in("owner@example.com")
    with events() as heard:
        told = {"email": "new@example.com", "role": Role.STANDARD}
        assert owner.post(f"/c/{company.pk}/members/invite", told).status_code == 302
        given = new_password("owner@example.com")
    assert names(heard) == ["invited", "password_given"]
    assert "new@example.com" not in str(heard)
    assert given not in str(heard)
