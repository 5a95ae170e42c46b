"""The API's OpenAPI description: what ninja makes of the endpoints, and what we read ourselves."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import NinjaAPI, Query, Schema
from ninja.openapi.schema import OpenAPISchema

from samsyn.online.api.hook_schemas import WebhookBody, WebhookChange
from samsyn.online.api.schemas import (
    BatchBody,
    ChangedFields,
    FixBody,
    NewRecordBody,
    Problem,
    ReapplyBody,
    UndoBody,
)
from samsyn.records.problems import PROBLEM_TYPE

BODIES: tuple[type[Schema], ...] = (
    NewRecordBody,
    ChangedFields,
    BatchBody,
    FixBody,
    UndoBody,
    ReapplyBody,
    WebhookBody,
    WebhookChange,
)
MAX_PAGE = 500
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many to answer at most.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
REFUSALS = {frozenset({400, 401, 403, 404, 429, 503}): Problem}
WRITE_REFUSALS = {**REFUSALS, frozenset({409, 413, 415, 422}): Problem}
"""What any request, and any that changes something, may be refused with."""
PLACE = "#/components/schemas/"
PROBLEM = {"$ref": f"{PLACE}Problem"}


class Api(NinjaAPI):
    """A NinjaAPI whose description tells the bodies and the problem documents as they are."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:  # Any: as ninja has it
        """The description."""
        schema = super().get_openapi_schema(**kwargs)
        shapes = schema["components"]["schemas"]
        for body in BODIES:
            told = body.model_json_schema(ref_template=f"{PLACE}{{model}}")
            shapes.update(told.pop("$defs", {}))
            shapes[body.__name__] = told
        for item in schema["paths"].values():
            for operation in item.values():
                _tell_problems(operation)
        return schema


def body_of(shape: type[Schema]) -> dict[str, Any]:
    """The description of a body that an endpoint reads itself, with exact numbers."""
    assert shape in BODIES, "its shape must be told"
    content = {"application/json": {"schema": {"$ref": f"{PLACE}{shape.__name__}"}}}
    return {"requestBody": {"required": shape is not FixBody, "content": content}}


def _tell_problems(operation: dict[str, Any]) -> None:
    for answer in operation["responses"].values():
        content = answer.get("content", {})
        if content.get("application/json", {}).get("schema") == PROBLEM:
            content[PROBLEM_TYPE] = content.pop("application/json")
