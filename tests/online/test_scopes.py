"""Tokens with scopes over the REST API: what they open, and how the rest is refused."""

from __future__ import annotations

import pytest

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import records


def test_a_token_for_one_register_sees_no_other(company: Company) -> None:
    made = company.program.create("products", code="P9", name="Syns ej")
    program = company.new_program("--scope", "write:contacts", "--scope", "conflicts:read")
    assert [(t["type"], t["may"]) for t in program.get("types")["types"]] == [("contacts", "write")]
    program.send("GET", records("products")).refused(404, "UNKNOWN_TYPE")
    program.send("GET", records("products", made["id"])).refused(404, "UNKNOWN_TYPE")
    program.create("contacts", name="Ny")
    changes = program.get("changes", limit=500)["changes"]
    assert {change["type"] for change in changes} == {"contacts"}
    told = program.send("DELETE", records("contacts", rid(2))).refused(403, "MISSING_SCOPE")
    assert told["scope"] == "delete:contacts"


def test_a_batch_does_nothing_where_one_operation_is_not_allowed(company: Company) -> None:
    program = company.new_program("--scope", "read", "--scope", "write:contacts")
    head = company.program.get("changes", limit=1)["head"]
    todo = [
        {"op": "create", "type": "contacts", "fields": {"name": "Halv"}},
        {"op": "create", "type": "products", "fields": {"code": "P8"}},
    ]
    told = program.send("POST", "batch", {"operations": todo}).refused(403, "MISSING_SCOPE")
    assert told["operation"] == 1
    assert company.program.get("changes", limit=1)["head"] == head


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "conflicts", "conflicts:read"),
        ("GET", "quarantine", "quarantine:read"),
        ("GET", f"quarantine/{rid(1)}", "quarantine:read"),
        ("POST", f"quarantine/{rid(1)}/retry", "quarantine:mend"),
        ("POST", "conflicts/1.0/re-apply", "conflicts:mend"),
        ("POST", "undo", "undo"),
        ("POST", "undo/plan", "undo"),
    ],
)
def test_what_is_about_no_register_needs_a_scope_of_its_own(
    company: Company, method: str, path: str, scope: str
) -> None:
    program = company.new_program("--scope", "delete")
    body = {"batch": 1} if "undo" in path else None
    told = program.send(method, path, body).refused(403, "MISSING_SCOPE")
    assert told["scope"] == scope


def test_an_undo_touches_no_register_that_the_token_may_not_write(company: Company) -> None:
    made = company.program.create("products", code="P7", name="Kvar")
    batch = company.program.get("changes", since=0, limit=500)["changes"][-1]["batch"]
    program = company.new_program("--scope", "undo", "--scope", "write")
    program.send("POST", "undo", {"batch": batch}).refused(403, "MISSING_SCOPE")
    blind = company.new_program("--scope", "undo", "--scope", "delete:contacts")
    blind.send("POST", "undo/plan", {"batch": batch}).refused(404, "UNKNOWN_TYPE")
    assert company.program.get(records("products", made["id"]))["fields"]["name"] == "Kvar"
    whole = company.new_program("--scope", "undo", "--scope", "delete")
    assert whole.send("POST", "undo", {"batch": batch}).json["done"] == 1


def test_a_token_is_made_with_scopes_and_a_last_day(company: Company) -> None:
    told = ("create-token", "--company", company.id, "--email", company.owner)
    made = company.service.command(*told, "--scope", "read", "--expires", "90d", "--name", "Lager")
    assert made["scopes"] == ["read"]
    assert made["read_only"] is True
    assert made["expires"] > "2026"
    assert company.service.command(*told)["scopes"] == [
        "delete", "conflicts:mend", "quarantine:mend", "undo", "webhooks",
    ]  # fmt: skip
    for wrong, code in (
        ("--scope=reed", "UNKNOWN_SCOPE"),
        ("--scope=read:nothing", "UNKNOWN_SCOPE"),
        ("--expires=1999-01-01", "BAD_EXPIRY"),
    ):
        refused = company.service.run(*told, wrong, "--json", lang="sv")
        assert refused.returncode == 1
        assert code in refused.stdout
    assert company.service.run(*told, "--read-only", "--scope", "read").returncode == 2
