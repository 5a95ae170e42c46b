"""Expressions over the JSON of a record, in each engine's words."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from samsyn.core.alphabet import order_of, single_letters
from samsyn.records.tenant import is_postgresql

FOLD = "samsyn_fold"
ORDER = "samsyn_order"


class Parameters:
    """Names for the values of one statement."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}  # Any: what a statement may hold

    def add(self, value: object) -> str:
        """The name under which the value is bound."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return name

    def add_field(self, field: str) -> str:
        """The name under which a field's place in the JSON is bound: its name, on SQLite its path."""
        return self.add(field if is_postgresql() else "$." + msgspec.json.encode(field).decode())


def text_of(name: str) -> str:
    """A field as text, in the order of its characters; `name` is of Parameters.add_field."""
    if is_postgresql():
        return f'((fields ->> %({name})s) COLLATE "C")'
    return f"CAST(fields ->> %({name})s AS TEXT)"


def number_of(name: str) -> str:
    """A field as a number: of a JSON number or a decimal's text; true is 1; null for anything else."""
    cell, text = f"fields -> %({name})s", f"fields ->> %({name})s"
    if is_postgresql():
        return (
            f"(CASE jsonb_typeof({cell}) WHEN 'number' THEN ({text})::numeric"
            f" WHEN 'string' THEN CASE WHEN {text} ~ '^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$'"
            f" THEN ({text})::numeric END"
            f" WHEN 'boolean' THEN (({text})::boolean)::int::numeric"
            f" WHEN 'object' THEN ({cell} ->> '$f')::float8::numeric END)"
        )
    return (
        f"(CASE json_type(fields -> %({name})s) WHEN 'object' THEN"
        f" CASE {cell} ->> '$.\"$f\"' WHEN 'inf' THEN 9e999 WHEN '-inf' THEN -9e999"
        f" WHEN 'nan' THEN NULL ELSE CAST({cell} ->> '$.\"$f\"' AS REAL) END"
        f" ELSE CAST({text} AS NUMERIC) END)"
    )


def as_number(name: str) -> str:
    """A parameter that holds a number, or a number's exact text, as a number."""
    return f"%({name})s::numeric" if is_postgresql() else f"CAST(%({name})s AS NUMERIC)"


def fold(expression: str) -> str:
    """A text without regard to upper and lower case."""
    if is_postgresql():
        return f"lower(({expression}){_folding_collation()})"
    return f"{FOLD}({expression})"


def ordered(expression: str) -> str:
    """A text in the order in which people look for words; SQLite folds ASCII itself, many times quicker."""
    if is_postgresql():
        letters, as_these = single_letters()
        return f"(translate({fold(expression)}, '{letters}', '{as_these}') COLLATE \"C\")"
    return (
        f"CASE WHEN length(CAST({expression} AS BLOB)) = length({expression})"
        f" THEN lower({expression}) ELSE {ORDER}({expression}) END"
    )


def position_of(expression: str, name: str) -> str:
    """Where the text of a parameter begins in an expression; 0 where it is not in it."""
    function = "strpos" if is_postgresql() else "instr"
    return f"{function}({expression}, %({name})s)"


@functools.cache
def _folding_collation() -> str:
    """The collation that knows the letters of all languages, where the server has one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu')"
            " AND collencoding IN (-1, 6) ORDER BY collname LIMIT 1"
        )
        found = cursor.fetchone()
    return f' COLLATE "{found[0]}"' if found else ""


def add_functions(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Teach a new SQLite connection lower case beyond ASCII; a receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        raw: Any = connection.connection  # Any: the driver's connection
        raw.create_function(FOLD, 1, _lower, deterministic=True)
        raw.create_function(ORDER, 1, _order, deterministic=True)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _order(value: object) -> object:
    return order_of(value) if isinstance(value, str) else value
