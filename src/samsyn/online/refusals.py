"""Answers to requests that no interface takes: problem documents below /api, plain text elsewhere."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

PROBLEM_TYPE = "application/problem+json"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request cannot be read at all."""
    return refusal(request, HTTPStatus.BAD_REQUEST, "BAD_REQUEST")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this address."""
    return refusal(request, HTTPStatus.NOT_FOUND, "NOT_FOUND")


def failed(request: HttpRequest) -> HttpResponse:
    """Our own fault; the log has the reason, the answer does not."""
    return refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_ERROR")


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """The address is right and the method is not; OPTIONS asks just that."""
    if request.method == "OPTIONS":
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        answer = refusal(request, HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED")
    answer["Allow"] = f"{allowed}, HEAD, OPTIONS" if "GET" in allowed else f"{allowed}, OPTIONS"
    return answer


def refusal(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponse:
    """A refusal in the form that the address's readers expect."""
    if not request.path.startswith("/api/"):
        return HttpResponse(status.phrase, status=status, content_type="text/plain; charset=utf-8")
    problem = {
        "type": f"urn:samsyn:problem:{code.lower()}",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": status.description or status.phrase,
    }
    return HttpResponse(json.dumps(problem), status=status, content_type=PROBLEM_TYPE)
