"""`samsyn online trim`, beside a service that runs."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.cli.online_trim import before
from samsyn.core.errors import SamsynError
from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("period", "force", "expected"),
    [
        ("90d", False, "2026-08-26T12:00:00.000Z"),
        ("8", True, "2026-11-16T12:00:00.000Z"),
        ("89d", False, "PERIOD_TOO_SHORT"),
        ("7d", True, "PERIOD_TOO_SHORT"),
        ("", False, "BAD_PERIOD"),
        ("3 months", False, "BAD_PERIOD"),
        ("-90d", False, "BAD_PERIOD"),
    ],
)
def test_a_period_is_read_and_is_never_too_short(period: str, force: bool, expected: str) -> None:
    try:
        found = before(period, NOW, force=force)
    except SamsynError as error:
        found = error.code
    assert found == expected


def test_what_is_young_stays_while_the_service_runs(company: Company) -> None:
    company.program.send("PATCH", records("contacts", rid(1)), {"fields": {"name": "Young"}})
    changes = company.program.get("changes", since=0)
    assert changes["trimmed"] == 0
    (planned,) = [company.service.command("trim", "--company", company.id, "--dry-run")]
    assert (planned["company"], planned["changes"]) == (company.id, 0)
    done = company.service.command("trim", "--company", company.id)
    assert (done["changes"], done["kept"], done["links"]) == (0, 0, 0)
    assert company.program.get("changes", since=0)["changes"] == changes["changes"]
    refused = company.service.run("trim", "--older-than", "30d", lang="sv")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "minst 90" in refused.stderr
