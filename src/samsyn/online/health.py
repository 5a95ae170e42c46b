"""Two questions that a supervisor asks: does it live, and can it work?"""

from __future__ import annotations

from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from samsyn.records.worker import in_reader


async def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


async def ready(request: HttpRequest) -> JsonResponse:
    """The database answers too; 503 where it does not."""
    try:
        await in_reader(_ask_database)
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ready"})


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM company WHERE id = %s", [""])
        cursor.fetchone()
