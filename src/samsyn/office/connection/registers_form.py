"""The step *Registers*: which way each goes, with counts, and what cannot be kept the same and why."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.utils.translation import gettext as _

from samsyn.companydb import attach as attaching
from samsyn.companydb.attach import AttachPlan
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl
from samsyn.companydb.verdicts import Reason, Verdict
from samsyn.core.catalog import Direction
from samsyn.webkit.registers.naming import named

FIELD = "direction:"
"""What stands before a type's name in the form."""


class Going(msgspec.Struct, frozen=True):
    """A register and the way it goes."""

    name: str
    label: str
    field: str
    records: int
    direction: str


class LeftAside(msgspec.Struct, frozen=True):
    """A table, or a field of one, that cannot be kept the same."""

    name: str
    why: str


def directions() -> list[tuple[str, str]]:
    """The choices, in words."""
    return [
        (Direction.BOTH.value, _("Both ways")),
        (Direction.UP.value, _("To online only")),
        (Direction.DOWN.value, _("From online only")),
    ]


def going(db: CompanyDb) -> list[Going]:
    """The attached registers with counts."""
    return [
        Going(t.name, named(t).label, FIELD + t.name, db.count(t), t.direction.value)
        for t in db.types.values()
    ]


def chosen(posted: Mapping[str, str], db: CompanyDb) -> list[str]:
    """The directions of a sent form, as attach takes them; what is none of the choices is left as it was."""
    known = {direction.value for direction in Direction}
    told = ((t.name, posted.get(FIELD + t.name, "")) for t in db.types.values())
    return [f"{name}={way}" for name, way in told if way in known]


def change(url: CompanyUrl, ways: list[str]) -> None:
    """Keep the directions. Raises what attach raises."""
    attaching.attach(attaching.plan(url, directions=ways))


def left_aside(plan: AttachPlan) -> list[LeftAside]:
    """What is not synced, and why; what belongs to an engine or to Samsyn itself is nobody's news."""
    tables = [
        LeftAside(_table(one), _why(one.reason))
        for one in plan.verdicts
        if not one.synced and one.reason not in (None, Reason.SYSTEM_TABLE, Reason.SHADOW_TABLE)
    ]
    fields = [
        LeftAside(f"{_table(one)}.{left.field}", _why(left.reason))
        for one in plan.verdicts
        for left in one.left_out
        if one.synced
    ]
    return tables + fields


def _table(one: Verdict) -> str:
    return f"{one.schema}.{one.table}" if one.schema not in (None, "public") else one.table


def _why(reason: Reason | None) -> str:
    match reason:
        case Reason.EXCLUDED | Reason.NOT_CHOSEN:
            return _("Left out by choice.")
        case Reason.VIEW:
            return _("A view: its rows belong to other tables.")
        case Reason.VIRTUAL_TABLE | Reason.FOREIGN_TABLE:
            return _("Its rows lie elsewhere, where no change of them is seen.")
        case Reason.PARTITION | Reason.INHERITED:
            return _("Its rows are those of another table, and go with that.")
        case Reason.UNLOGGED:
            return _("The server empties it after a crash.")
        case Reason.UNREADABLE:
            return _("It cannot be read.")
        case Reason.PRIVILEGE_MISSING | Reason.NOT_WRITABLE:
            return _("Samsyn's database user lacks rights on it.")
        case Reason.ROW_SECURITY:
            return _("Policies of the database hide rows of it.")
        case Reason.NO_STABLE_KEY | Reason.KEY_NOT_ROUND_TRIP | Reason.KEY_HOLDS_NULL:
            return _("It has no key by which a row is told from another for ever.")
        case Reason.MISSING_COLLATION | Reason.MISSING_FUNCTION:
            return _("It needs something that only its own program brings along.")
        case Reason.LOCK_TABLE | Reason.SESSION_TABLE | Reason.MIGRATIONS | Reason.BOOKKEEPING:
            return _("The program keeps its own house in it: nothing to share.")
        case Reason.NOT_ROUND_TRIP | Reason.SESSION_DEPENDENT:
            return _("Its values do not come back the same.")
        case _:
            return _("It cannot be kept the same.")
