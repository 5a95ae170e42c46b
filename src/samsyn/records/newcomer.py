"""A database that is connected to a company without knowing how far the company's had come (FM21, G7).

It is another one, was attached anew, or was put back to a backup of before it
was connected: nobody can tell which. All that the log tells waits for it as
after a restore, upon what was there before. So a value that is as old as the
backup is brought up to date, and one that nobody knows is the office's work,
which wins with a conflict; what was made since comes into the database unless
it is there under its key.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from samsyn.core.catalog import KeyGiver
from samsyn.core.merge import Decision, Status
from samsyn.core.record import Record
from samsyn.core.reopen import Since, reopened
from samsyn.protocol.messages import Before
from samsyn.protocol.restoring import Cut
from samsyn.records import since
from samsyn.records.history import log_head
from samsyn.records.restoring import tell_refused_anew
from samsyn.records.rows import to_json
from samsyn.records.since import View
from samsyn.records.tenant import Tenant
from samsyn.records.unit import Source, Unit, company_unit


def is_newcomer(tenant: Tenant, before: Before | None) -> bool:
    """Whether a database that is being connected may lack what an earlier connection has brought about.

    The one before it is the last that has begun a session; where there is none, nothing can be lacking.
    """
    found = tenant.rows(
        "SELECT id, link, previous_link, cursor, batch FROM records_connection"
        " WHERE company_id = %(company)s AND link IS NOT NULL AND NOT followed"
    )
    return not all(before is not None and _goes_on(before, *row) for row in found)


def _goes_on(
    before: Before, id_: str, link: str, previous: str | None, cursor: int, batch: int
) -> bool:
    """It is the database of that connection, and has all that the service knows it to have said and taken."""
    is_newest = before.link == link or (before.link == previous and before.next_link == link)
    return (
        before.connection == id_ and is_newest and before.cursor >= cursor and before.batch >= batch
    )


def tell_all(tenant: Tenant, computer: str, at: str) -> None:
    """What the log tells waits for the database that is being connected.

    Page by page, so that nobody else who writes waits for all of it: the connection has not been given to anybody yet.
    """
    upto, place, more = log_head(tenant), None, True
    while more:
        with company_unit(tenant, Source.SERVICE, computer, at) as unit:
            view = View("", Cut(0, 0, None, upto), frozenset(unit.types), left=0, is_known=False)
            page = since.page(tenant, view, unit.types, place)
            _reopen(unit, page.records)
        place, more = page.after, page.more
    with company_unit(tenant, Source.SERVICE, computer, at) as unit:
        tell_refused_anew(unit)


def _reopen(unit: Unit, records: Sequence[tuple[Record, Since]]) -> None:
    unit.load(record.id for record, _ in records)
    for record, came in records:
        decision, kept = reopened(record, came, None, unit.next_seq, number_given=False)
        unit.take(record.id, decision, whole=to_json(kept))


def free_numbers(unit: Unit, type_: str) -> None:
    """What was not found under its number, once all rows are told, gets the next one that the database gives."""
    if unit.types[type_].type.key_giver is not KeyGiver.OFFICE:
        return
    for record in unit.waiting(type_):
        if record.born is not None:
            unit.take(record.id, Decision(replace(record, key=None), Status.UNCHANGED))
