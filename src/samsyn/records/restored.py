"""What taking the connection up again after a restore wrote, for whoever wants it undone."""

from __future__ import annotations

from samsyn.protocol.restoring import Cut
from samsyn.records import since
from samsyn.records.catalogs import types
from samsyn.records.since import View
from samsyn.records.tenant import Tenant

BRING_BACK = "bring_back"
BACKUP_IS_TRUTH = "backup_is_truth"


def written(tenant: Tenant, oldest: str, limit: int) -> dict[str, set[int]]:
    """The rows of the log by which the latest restore of the office stands, by record; up to a limit.

    What was brought back are the writes after the backup themselves; where the
    backup is the truth it is what overrode them. Nothing where the latest
    restore is older than the moment `oldest`.
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
        return {}
    connection, kind, cursor, batch, first_lost, upto, chunk = found
    if kind == BACKUP_IS_TRUTH:
        rows = tenant.rows(
            "SELECT c.record_id, c.office_seq FROM records_conflict AS c JOIN records_change AS r"
            " ON r.company_id = c.company_id AND r.seq = c.online_seq"
            " WHERE c.company_id = %(company)s AND r.action = 'reopen' AND r.seq > %(upto)s LIMIT %(limit)s",
            upto=upto,
            limit=limit,
        )
    else:
        known = types(tenant)
        view = View(connection, Cut(cursor, batch, first_lost, upto, chunk), frozenset(known))
        rows = since.rows_after(tenant, view, known, limit)
    selected: dict[str, set[int]] = {}
    for record, seq in rows:
        selected.setdefault(record, set()).add(seq)
    return selected
