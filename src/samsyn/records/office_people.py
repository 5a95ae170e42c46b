"""The users of the office's program as it told them last: kept whole, and shown beside the rights online."""

from __future__ import annotations

import msgspec

from samsyn.protocol.people import OfficeUser, OfficeUsers
from samsyn.protocol.wire import BodyTooLarge
from samsyn.records import connections
from samsyn.records.connections import Caller
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant, writing

MAX_BYTES = 1024 * 1024


class Told(msgspec.Struct, frozen=True):
    """The users, and when and by which computer they were told."""

    users: tuple[OfficeUser, ...]
    at: str
    computer: str


def store(caller: Caller, told: OfficeUsers, at: str) -> None:
    """Keep what the office tells in the place of what it told before. Raises Fenced, BodyTooLarge."""
    text = to_json(told.users)
    if len(text) > MAX_BYTES:
        raise BodyTooLarge(bytes=len(text), limit=MAX_BYTES)
    with writing():
        connections.check_fence(connections.state(caller, lock=True), told.fence)
        caller.tenant.execute(
            "INSERT INTO records_office_people (company_id, told, computer, at)"
            " VALUES (%(company)s, %(told)s, %(computer)s, %(at)s) ON CONFLICT (company_id)"
            " DO UPDATE SET told = excluded.told, computer = excluded.computer, at = excluded.at",
            told=text,
            computer=caller.computer,
            at=at,
        )


def office_people(tenant: Tenant) -> Told | None:
    """What the office told last; None where it never did."""
    found = tenant.row(
        "SELECT told, at, computer FROM records_office_people WHERE company_id = %(company)s"
    )
    if found is None:
        return None
    users = msgspec.json.decode(found[0], type=tuple[OfficeUser, ...])
    return Told(users, found[1], found[2])
