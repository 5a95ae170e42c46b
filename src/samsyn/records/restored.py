"""What taking the connection up again after a restore wrote, for whoever wants it undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from samsyn.core.reopen import AtOffice
from samsyn.protocol.restoring import Cut
from samsyn.records import since
from samsyn.records.catalogs import types
from samsyn.records.errors import UndoTooLarge
from samsyn.records.since import View
from samsyn.records.tenant import Tenant, as_list, one_of

BRING_BACK = "bring_back"
BACKUP_IS_TRUTH = "backup_is_truth"


class Written(NamedTuple):
    """Rows of the log by record, and what an office that was put back held of these records."""

    rows: dict[str, set[int]]
    held: dict[str, AtOffice]


def written(tenant: Tenant, oldest: str, limit: int) -> Written:
    """The rows of the log by which the latest restore of the office stands, by record.

    What was brought back are the writes after the backup themselves; where the
    backup is the truth it is what overrode them. Nothing where the latest
    restore is older than the moment `oldest`. UndoTooLarge for more rows than the limit.
    """
    found = tenant.row(
        "SELECT connection, kind, cursor, batch, first_lost, upto, chunk FROM records_restore"
        " WHERE company_id = %(company)s AND at >= %(oldest)s AND kind IN (%(back)s, %(truth)s)"
        " ORDER BY upto DESC, epoch DESC LIMIT 1",  # the log's order: clocks may be set back
        oldest=oldest,
        back=BRING_BACK,
        truth=BACKUP_IS_TRUTH,
    )
    if found is None:
        return Written({}, {})
    connection, kind, cursor, batch, first_lost, upto, chunk = found
    if kind == BACKUP_IS_TRUTH:
        rows = tenant.rows(
            "SELECT c.record_id, c.office_seq FROM records_conflict AS c JOIN records_change AS r"
            " ON r.company_id = c.company_id AND r.seq = c.online_seq"
            " WHERE c.company_id = %(company)s AND r.action = 'reopen' AND r.seq > %(upto)s LIMIT %(limit)s",
            upto=upto,
            limit=limit + 1,
        )
    else:
        known = types(tenant)
        view = View(connection, Cut(cursor, batch, first_lost, upto, chunk), frozenset(known))
        rows = since.rows_after(tenant, view, known, limit + 1)
    if len(rows) > limit:
        raise UndoTooLarge(limit=limit)
    selected: dict[str, set[int]] = {}
    for record, seq in rows:
        selected.setdefault(record, set()).add(seq)
    if kind == BACKUP_IS_TRUTH:
        return Written(selected, {})
    held = _held(tenant, upto, selected)
    return Written({record: rows for record, rows in selected.items() if record in held}, held)


def _held(tenant: Tenant, upto: int, records: Iterable[str]) -> dict[str, AtOffice]:
    """What the office held of each record of which anything was brought back after a number of the log."""
    found = tenant.rows(
        "SELECT record_id, whole FROM records_change WHERE company_id = %(company)s"
        f" AND seq > %(upto)s AND action = 'reopen' AND {one_of('record_id', 'ids')} ORDER BY seq",
        upto=upto,
        ids=as_list(list(records)),
    )
    held: dict[str, AtOffice] = {}
    for record, whole in found:
        now = msgspec.json.decode(whole, type=AtOffice)
        before = held.get(record)  # of its quarantine
        fields = {**before.fields, **now.fields} if before is not None else now.fields
        held[record] = AtOffice(now.there, fields)
    return held
