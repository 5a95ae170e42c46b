"""What was received: the shapes in which a record may be sent."""

from __future__ import annotations

from typing import Any

import msgspec

from samsyn.core.bad_value import BadValue
from samsyn.core.values import record_id as parse_id
from samsyn.online.api.errors import BadShape
from samsyn.records.errors import UnknownRecord

MEMBERS = frozenset({"fields", "id", "key", "version"})


class RecordBody(msgspec.Struct, frozen=True):
    """The fields that were sent, and what was sent beside them."""

    fields: dict[str, object]
    id: str | None = None
    version: int | None = None


def record_body(body: object) -> RecordBody:
    """`{"fields": {…}}`, or the fields alone; BadShape.

    No field's value is ever an object with several fields, so an object under
    the name `fields` is always the first form.
    """
    told = mapping(body, "body")
    fields = told.get("fields")
    if not isinstance(fields, dict):
        return RecordBody(fields=told)
    unknown = sorted(set(told) - MEMBERS)
    if unknown:
        raise BadShape(where=unknown[0][:200], expected=f"one of {sorted(MEMBERS)}")
    version = told.get("version")
    if isinstance(version, bool) or not isinstance(version, int | None):
        raise BadShape(where="version", expected="a whole number")
    id_ = told.get("id")
    if not isinstance(id_, str | None):
        raise BadShape(where="id", expected="the id of a record")
    return RecordBody(fields, record_id(id_) if id_ is not None else None, version)


def mapping(value: object, where: str) -> dict[str, Any]:
    """A JSON object; BadShape."""
    if not isinstance(value, dict):
        raise BadShape(where=where, expected="an object")
    return value


def record_id(text: str) -> str:
    """A record's id in its one form; UnknownRecord where it cannot be one."""
    try:
        return parse_id(text)
    except BadValue as error:
        raise UnknownRecord(record=text[:100]) from error
