"""An office that was put back to a backup, as its agent tells the service of it; it keeps no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from samsyn.core.reopen import AtOffice
from samsyn.protocol.messages import Chunks
from samsyn.protocol.restoring import Begin, Begun, Rejoin, Rejoined, Reopen, Reopening, Told
from samsyn.records import restoring
from samsyn.records.tenant import Tenant
from tests.records.office import Office

LATER = "2026-11-23T11:00:00.000Z"
TYPES = ("customer", "order")


def told(office: Office, **other: object) -> Told:
    """The state of the office's database, but for what is given."""
    now = Told(
        link=office.link,
        next_link=None,
        cursor=office.cursor,
        floor=office.floor,
        batch=office.number,
        batch_hash=office.hash,
        claimed=office.claimed,
        loaded=TYPES,
        mark=office.mark,
        chunks=Chunks(),
    )
    return structs.replace(now, **other)


def put_back(office: Office, was: Told) -> None:
    """The office's database is as it was, and a new agent runs on it."""
    office.link, office.cursor, office.mark, office.floor = (
        was.link,
        was.cursor,
        was.mark,
        was.floor,
    )
    office.number, office.hash, office.claimed = was.batch, was.batch_hash, was.claimed
    office.fence += 1


def begin(office: Office, was: Told, operation: str = "one", **other: Any) -> Begun:  # Any: fields
    """The restore is begun."""
    asked = Begin(was, operation, "bring_back", f"link of {operation}", office.fence)
    return restoring.begin(office.caller, structs.replace(asked, **other), LATER)


def reopen(
    office: Office,
    was: Told,
    after: int | None = None,
    held: Mapping[str, AtOffice] | None = None,
    operation: str = "one",
) -> Reopening:
    """A page of it is carried out."""
    asked = Reopen(was, operation, after, dict(held or {}))
    return restoring.reopen(office.caller, asked, LATER)


def rejoin(
    office: Office, was: Told, operation: str = "one", **other: Any
) -> Rejoined:  # Any: as above
    """The office joins a service that was put back."""
    asked = Rejoin(was, operation, f"link of {operation}", office.fence)
    return restoring.rejoin(office.caller, structs.replace(asked, **other), LATER)


def connection(office: Office, *columns: str) -> tuple[object, ...]:
    """What the store has of the connection."""
    found = office.tenant.row(
        f"SELECT {', '.join(columns)} FROM records_connection"
        " WHERE company_id = %(company)s AND id = %(id)s",
        id=office.caller.connection,
    )
    assert found is not None
    return found


def said_of(tenant: Tenant) -> list[tuple[str, AtOffice]]:
    """What the log keeps of each record that was reopened: what the office is taken to hold."""
    rows = tenant.rows(
        "SELECT record_id, whole FROM records_change WHERE company_id = %(company)s"
        " AND action = 'reopen' ORDER BY seq"
    )
    return [(record_id, msgspec.json.decode(whole, type=AtOffice)) for record_id, whole in rows]


def log(tenant: Tenant) -> list[tuple[object, ...]]:
    """All that anybody has written."""
    return tenant.rows(
        "SELECT seq, record_id, action, source, author, at FROM records_change"
        " WHERE company_id = %(company)s ORDER BY seq"
    )


def goes_on(office: Office) -> None:
    """The update has ended, and the agent has said hello since."""
    office.link, office.number = "link of one", 2
    office.hash, office.claimed = str(connection(office, "batch_hash")[0]), 2
    office.hello("link since")
