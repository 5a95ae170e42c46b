"""What online work has replaced in the last minutes, read once for a batch and only where it is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from samsyn.core.changes import Put
from samsyn.core.merge import Action, Decision
from samsyn.core.stale import Replaced, may_be_stale, stale_fields
from samsyn.records.tenant import Tenant

MINUTES = 15
"""For how long a form may have stood open: it limits what is flagged, and decides nothing."""
MAX_ROWS = 5_000


class RecentOnline:
    """The latest online writes of a company, by record and field."""

    def __init__(self, tenant: Tenant, at: str) -> None:
        self._tenant, self._at = tenant, at
        self._found: dict[str, dict[str, Replaced]] | None = None

    def flagged(self, put: Put, decision: Decision) -> Decision:
        """The decision, with what a stale form took back among what was lost.

        A field that is in conflict already is told once: the office had refused the online value.
        """
        if decision.action is not Action.UPDATE or not may_be_stale(put, decision.written):
            return decision
        if self._found is None:
            self._found = self._read()
        stale = stale_fields(put, decision.written, self._found.get(put.id, {}))
        told = {lost.field for lost in decision.lost}
        fresh = (lost for lost in stale if lost.field not in told)
        return msgspec.structs.replace(decision, lost=(*decision.lost, *fresh))

    def _read(self) -> dict[str, dict[str, Replaced]]:
        since = dt.datetime.fromisoformat(self._at) - dt.timedelta(minutes=MINUTES)
        rows = self._tenant.rows(
            "SELECT seq, record_id, fields, author, at FROM records_change"
            " WHERE company_id = %(company)s AND NOT (source = 'office') AND at >= %(since)s"
            " AND connection IS NULL AND action = 'update' AND fields IS NOT NULL"
            " ORDER BY at DESC, seq DESC LIMIT %(limit)s",
            since=since.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            limit=MAX_ROWS,
        )
        found: dict[str, dict[str, Replaced]] = {}
        for seq, record_id, fields, author, at in sorted(rows):
            written = found.setdefault(record_id, {})
            for name, (old, new) in _written.decode(fields).items():
                before = written[name].before if name in written else ()
                written[name] = Replaced(seq, new, (*before, old), author, at)
        return found


_written = msgspec.json.Decoder(dict[str, tuple[Any, Any]])  # Any: cells
