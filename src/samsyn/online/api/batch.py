"""Many operations in one transaction, which may refer to records made earlier in it."""

from __future__ import annotations

from typing import Any

import msgspec

from samsyn.core.errors import SamsynError
from samsyn.core.record import Record
from samsyn.online.api.errors import BadShape, TooManyOperations
from samsyn.online.api.received import RecordBody, mapping, record_id
from samsyn.online.api.shapes import record_shape
from samsyn.online.api.writing import Deletion, Edit, NewRecord, Writer

MAX_OPERATIONS = 500
MARK = "@"
"""`@name` stands for the record that an earlier create of the batch called `name`."""
MEMBERS = frozenset({"op", "type", "id", "name", "fields", "version"})
OPERATIONS = ("create", "update", "delete")


class Operation(msgspec.Struct, frozen=True):
    """One operation as it was sent."""

    op: str
    type: str
    id: str | None
    name: str | None
    body: RecordBody


def operations(body: object) -> list[Operation]:
    """The operations of a batch; BadShape, TooManyOperations."""
    listed = mapping(body, "body").get("operations")
    if not isinstance(listed, list):
        raise BadShape(where="operations", expected="a list")
    if len(listed) > MAX_OPERATIONS:
        raise TooManyOperations(count=len(listed), limit=MAX_OPERATIONS)
    return [_operation(item, f"operations[{n}]") for n, item in enumerate(listed)]


def _operation(item: object, where: str) -> Operation:
    told = mapping(item, where)
    unknown = sorted(set(told) - MEMBERS)
    if unknown:
        raise BadShape(where=f"{where}.{unknown[0]}"[:200], expected=f"one of {sorted(MEMBERS)}")
    op = told.get("op")
    if op not in OPERATIONS:
        raise BadShape(where=f"{where}.op", expected=f"one of {list(OPERATIONS)}")
    for member in ("type", "id", "name"):
        if not isinstance(told.get(member), str | None):
            raise BadShape(where=f"{where}.{member}", expected="a string")
    if not told.get("type"):
        raise BadShape(where=f"{where}.type", expected="the name of a record type")
    if op != "create" and not told.get("id"):
        raise BadShape(where=f"{where}.id", expected="the id of a record")
    return Operation(
        op=str(op),
        type=str(told["type"]),
        id=told.get("id"),
        name=told.get("name"),
        body=RecordBody(
            fields=mapping(told.get("fields", {}), f"{where}.fields"),
            version=_version(told.get("version"), where),
        ),
    )


def _version(value: object, where: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadShape(where=f"{where}.version", expected="a whole number")


def run(writer: Writer, todo: list[Operation]) -> list[dict[str, Any]]:
    """Do all operations in order; an error tells the number of its operation."""
    names: dict[str, str] = {}
    done: list[tuple[Operation, Record]] = []
    for number, operation in enumerate(todo):
        try:
            record = _run(writer, operation, names)
        except SamsynError as error:
            error.facts["operation"] = number
            raise
        if operation.name is not None:
            names[operation.name] = record.id
        done.append((operation, record))
    return [_result(writer, operation, record) for operation, record in done]


def _run(writer: Writer, operation: Operation, names: dict[str, str]) -> Record:
    body = operation.body
    fields = {name: _resolved(value, names) for name, value in body.fields.items()}
    if operation.op == "create":
        told = record_id(operation.id) if operation.id else None
        return writer.create(NewRecord(operation.type, fields, told))
    assert operation.id is not None, "checked by _operation"
    known = record_id(str(_resolved(operation.id, names)))
    if operation.op == "update":
        return writer.edit(Edit(operation.type, known, fields, body.version))
    return writer.delete(Deletion(operation.type, known, body.version))


def _resolved(value: object, names: dict[str, str]) -> object:
    """The id for `@name` where the batch has made a record of that name; else the value itself."""
    if isinstance(value, str) and value.startswith(MARK):
        return names.get(value[len(MARK) :], value)
    return value


def _result(writer: Writer, operation: Operation, record: Record) -> dict[str, Any]:
    shown = {"op": operation.op, "type": operation.type, "id": record.id, "name": operation.name}
    if operation.op == "delete":
        return {**shown, "record": None}
    return {**shown, "record": record_shape(writer.writable(operation.type), record)}
