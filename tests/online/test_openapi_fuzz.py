"""The REST API, asked everything its own description allows and much that it does not.

`SAMSYN_TEST_PROFILE=thorough` asks a hundred times as much.
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.online.conftest import Company
from tests.online.office import NASTY, rid

THOROUGH = os.environ.get("SAMSYN_TEST_PROFILE") == "thorough"
ASKED = 300 if THOROUGH else 8
"""Times each operation is asked, with good and with bad values each."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
TYPES = st.sampled_from(["contacts", "products", quote(NASTY, safe=""), "nothing"])
RECORDS = st.sampled_from([rid(n) for n in (1, 2, 10, 101, 200, 999)])


def real(case: Case[Any], company: Company, hooks: list[str], draw: st.DataObject) -> None:
    """Most requests name things that are there: what is asked of others ends at the door."""
    if draw.draw(st.integers(0, 4)) == 0:
        return
    hook = "/webhooks/" in case.path
    known = {
        "company": st.just(company.id),
        "type": TYPES,
        "id": st.sampled_from(hooks) if hook else RECORDS,
        "no": st.sampled_from(["1", "2", "99", "x"]),
        "fix": st.sampled_from(["retry", "skip", "edit"]),
    }
    for name in case.path_parameters or {}:
        if name in known:
            case.path_parameters[name] = draw.draw(known[name])


@pytest.mark.slow
@pytest.mark.parametrize(
    "service", ["sqlite", *(["postgresql"] if THOROUGH else [])], indirect=True
)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_asked_of_the_rest_api_gets_the_answer_it_describes(
    company: Company, other: Company, mode: GenerationMode
) -> None:
    untouched = other.program.get("records/contacts")
    body = {"name": "x", "url": "https://receiver.invalid/", "events": ["record.deleted"]}
    hooks = [company.program.send("POST", "webhooks", body).json["id"] for _ in range(8)]
    schema = openapi.from_url(f"{company.service.url}/api/v1/openapi.json")
    asked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        strategy = result.ok().as_strategy(generation_mode=mode)

        @settings(
            max_examples=ASKED,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=strategy, draw=st.data())
        def ask(case: Case[Any], draw: st.DataObject) -> None:
            nonlocal asked
            real(case, company, hooks, draw)
            token = company.program.token if draw.draw(st.integers(0, 9)) else "samsyn_no_token"
            headers = {**dict(case.headers or {}), "Authorization": f"Bearer {token}"}
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)
            if response.status_code >= 400:
                assert response.headers["content-type"][0] == "application/problem+json"
                problem = response.json()
                assert re.fullmatch(r"[A-Z][A-Z_]+", problem["code"]), problem
                assert problem["status"] == response.status_code
            asked += 1

        ask()
    assert asked > 4 * ASKED
    assert other.program.get("records/contacts") == untouched
    assert company.program.get("records/contacts")["records"]
