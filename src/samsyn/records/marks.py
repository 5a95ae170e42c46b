"""Marks of online changes: is the change at an office's cursor the one that the office has taken in?

A service that is put back gives the numbers after its backup anew, to other
changes. Each unit of online work therefore has a random mark, which its rows of
the log carry and the office keeps beside its cursor: what has the same number
and mark is the same change, and so is all before it (G7).
"""

from __future__ import annotations

import secrets

from samsyn.protocol.messages import Cursor
from samsyn.records.errors import StateDiverged
from samsyn.records.tenant import Tenant


def fresh() -> str:
    """A mark that nothing had before."""
    return secrets.token_hex(8)


def marked(tenant: Tenant, number: int) -> Cursor:
    """The number with the mark of the change there; none where it is an older program's, or gone."""
    found = _row(tenant, number)
    return Cursor(number, "" if found is None else found[0] or "")


def check(tenant: Tenant, told: Cursor) -> None:
    """StateDiverged where another change is at the office's cursor, or none."""
    if not is_known(tenant, told):
        here = marked(tenant, told.number).mark
        raise StateDiverged(what="mark", office=told.mark, online=here or "-")


def is_known(tenant: Tenant, told: Cursor) -> bool:
    """Whether the change at the cursor is the one that the office tells of; no mark tells nothing.

    Retention may have let go of it. Then it is the one up to which this very
    service has heard of the office; a cursor beyond that cannot be vouched for.
    """
    if not told.mark:
        return True
    found = _row(tenant, told.number)
    if found is not None:
        return bool(found[0] == told.mark)
    heard = tenant.row("SELECT max(cursor) FROM records_connection WHERE company_id = %(company)s")
    assert heard is not None, "a connection tells it"
    return bool(told.number <= heard[0])


def _row(tenant: Tenant, number: int) -> tuple[str | None] | None:
    return tenant.row(
        "SELECT mark FROM records_change WHERE company_id = %(company)s AND seq = %(seq)s",
        seq=number,
    )
