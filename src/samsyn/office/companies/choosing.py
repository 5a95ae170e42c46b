"""What may be chosen of a database that is attached: its registers, their fields and directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.companydb.attach import AttachPlan
from samsyn.companydb.leaving_out import Needed
from samsyn.companydb.naming import label
from samsyn.companydb.verdicts import OVERRULED, Reason, Verdict
from samsyn.core.catalog import Direction, RecordType
from samsyn.core.errors import SamsynError
from samsyn.webkit.registers.naming import named

TABLE, WAY, WITHOUT = "table:", "direction:", "without:"
"""What stands before a name in the form."""


class FieldLine(msgspec.Struct, frozen=True):
    """A field as the form shows it; `why` it stays, where it cannot be left out."""

    name: str
    label: str
    left_out: bool
    why: str = ""
    always: bool = False
    """It cannot be left out whatever the direction."""


class Line(msgspec.Struct, frozen=True):
    """A table that can be synced, as the form shows it."""

    name: str
    label: str
    records: int | None
    estimated: bool
    chosen: bool
    direction: str
    advice: bool
    """It can be synced, and had better not be."""
    fields: tuple[FieldLine, ...]
    """Those of a table that is taken; the others are seen when it is."""

    @property
    def left_out(self) -> int:
        """How many fields are left out."""
        return sum(field.left_out for field in self.fields)


class Chosen(msgspec.Struct, frozen=True):
    """What a sent form says, as attach takes it."""

    tables: frozenset[str]
    exclude: tuple[str, ...]
    directions: tuple[str, ...]


def lines(planned: AttachPlan, posted: Mapping[str, str] | None = None) -> list[Line]:
    """The tables, as they are planned, or as a form says that was not taken."""
    types = {(t.schema, t.table): t for t in planned.catalog.types}
    return [
        _line(planned, one, types.get((one.schema, one.table)), posted)
        for one in planned.verdicts
        if one.synced or one.reason in OVERRULED or one.reason is Reason.NOT_CHOSEN
    ]


def chosen(planned: AttachPlan, posted: Mapping[str, str]) -> Chosen:
    """What was chosen; fields of tables that the form did not show stay as they were."""
    shown = lines(planned)
    known = {direction.value for direction in Direction}
    tables = frozenset(line.name for line in shown if posted.get(TABLE + line.name))
    ways = {name: posted.get(WAY + name, "") for name in tables}
    fields = {field.name for line in shown for field in line.fields}
    left_out = {name for name in fields if posted.get(WITHOUT + name)}
    return Chosen(
        tables,
        (*sorted(left_out), *sorted(planned.selection.without - fields)),
        tuple(f"{name}={way}" for name, way in ways.items() if way in known),
    )


def needed_words(error: SamsynError) -> str | None:
    """Why a field cannot be left out; None for any other error."""
    match error.code:
        case "FIELD_IS_REQUIRED":
            return (
                _(
                    "%(field)s cannot be left out while records are made online: the database asks for a value."
                    " Let the register go to online only, or keep the field."
                )
                % error.facts
            )
        case "FIELD_IS_KEY" | "FIELD_IS_REFERRED":
            return _("%(field)s cannot be left out: records are told apart by it.") % error.facts
    return None


def _line(
    planned: AttachPlan,
    one: Verdict,
    record_type: RecordType | None,
    posted: Mapping[str, str] | None,
) -> Line:
    tables = planned.selection.tables
    way = (record_type.direction if record_type else Direction.BOTH).value
    return Line(
        one.type,
        named(record_type).label or one.type if record_type else one.type,
        one.records,
        one.records_estimated,
        (one.synced if tables is None else one.type in tables)
        if posted is None
        else bool(posted.get(TABLE + one.type)),
        way if posted is None else posted.get(WAY + one.type, way),
        one.reason in OVERRULED,
        tuple(_fields(planned, one, record_type, posted)) if record_type else (),
    )


def _fields(
    planned: AttachPlan,
    one: Verdict,
    record_type: RecordType,
    posted: Mapping[str, str] | None,
) -> Iterator[FieldLine]:
    """The fields that are taken and those left out by choice; what does not come back the same is told elsewhere."""
    needs = planned.needed.get((one.schema, one.table), {})
    told = {field.column: (field.label or field.name, False) for field in named(record_type).shown}
    out = [left.field for left in one.left_out if left.reason is Reason.EXCLUDED]
    told |= {column: (pgettext("field", label(column)), True) for column in out}
    for column, (words, left_out) in told.items():
        name = f"{one.type}.{column}"
        why = needs.get(column)
        yield FieldLine(
            name,
            words,
            left_out if posted is None else bool(posted.get(WITHOUT + name)),
            _why(why),
            why in (Needed.KEY, Needed.REFERRED),
        )


def _why(why: Needed | None) -> str:
    match why:
        case Needed.KEY:
            return _("It tells one record from another.")
        case Needed.REFERRED:
            return _("Other registers refer to it.")
        case Needed.REQUIRED:
            return _("It must have a value: left out only where the register goes to online only.")
        case None:
            return ""
