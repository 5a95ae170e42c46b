"""A refusal for programs as a document (RFC 9457), where no interface has seen the request."""

from __future__ import annotations

import json
from http import HTTPStatus

PROBLEM_TYPE = "application/problem+json"


def document(status: HTTPStatus, code: str, **facts: int) -> bytes:
    """A problem document for what no interface has seen."""
    problem = {
        **facts,
        "type": f"urn:samsyn:problem:{code.lower()}",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": status.description or status.phrase,
    }
    return json.dumps(problem).encode()
