"""The second wall between companies: PostgreSQL shows a connection the rows of one company alone.

Every statement names its company (`tenant.py`); that is the first wall. On
PostgreSQL each table of companies' data also has a policy of row-level security
(`walling.py`) that compares with the setting `samsyn.company`, which
`enter` sets. A statement that forgot its company, or joined to another's rows,
finds nothing there and writes nothing.

PostgreSQL asks no policy of a superuser or a role with BYPASSRLS: the service is to
run as an ordinary role that owns its database. Whoever migrates data of all
companies at once lifts the wall of the table for it: `ALTER TABLE … NO FORCE ROW LEVEL
SECURITY`, and `FORCE` at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import connection

SETTING = "samsyn.company"


class _Entered(msgspec.Struct, frozen=True):
    """Which company a connection was put on, and in which open transactions and savepoints.

    A rollback takes the setting back with everything else, so it stands for sure
    only while each of these is still open.
    """

    company: str
    raw: Any  # the driver's connection: another one knows nothing of the setting
    blocks: tuple[object, ...]

    def stands(self, company: str, raw: object, blocks: Sequence[object]) -> bool:
        inside = len(blocks) >= len(self.blocks)
        return (
            company == self.company
            and raw is self.raw
            and inside
            and all(a is b for a, b in zip(self.blocks, blocks, strict=False))
        )


def enter(company: str) -> None:
    """Put the connection on a company, for the open transaction or until another is entered."""
    if connection.vendor != "postgresql":
        return
    blocks: Sequence[object] = connection.atomic_blocks
    # Any: kept on the connection, which knows nothing of it
    place: Any = connection
    entered: _Entered | None = getattr(place, "samsyn_entered", None)
    if entered is not None and entered.stands(company, connection.connection, blocks):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, %s)", [SETTING, company, bool(blocks)])
    place.samsyn_entered = _Entered(company, connection.connection, tuple(blocks))


def is_walled() -> bool:
    """Whether this connection's role is one that the policies are asked of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active('records_record')")
        return bool(cursor.fetchone()[0])
