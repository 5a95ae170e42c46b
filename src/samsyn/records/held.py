"""What the office holds back, and what does not get on there, as it last told: for whoever asks online."""

from __future__ import annotations

import msgspec

from samsyn.protocol.messages import HeldReport, HeldType
from samsyn.records import connections
from samsyn.records.connections import Caller
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant, writing


def store(caller: Caller, told: HeldReport) -> None:
    """Remember what is held now. Raises Fenced."""
    with writing():
        connections.check_fence(connections.state(caller, lock=True), told.fence)
        caller.tenant.execute(
            "UPDATE records_connection SET held = %(held)s, alarms = coalesce(%(alarms)s, alarms)"
            " WHERE company_id = %(company)s AND id = %(id)s",
            id=caller.connection,
            held=to_json(told.held),
            alarms=None if told.alarms is None else to_json(told.alarms),
        )


def held_types(tenant: Tenant) -> list[HeldType]:
    """The types that an office with a living connection holds, by name."""
    found = tenant.rows(
        "SELECT held FROM records_connection WHERE company_id = %(company)s"
        " AND revoked IS NULL AND held <> '[]'"
    )
    told = [one for (text,) in found for one in msgspec.json.decode(text, type=list[HeldType])]
    return sorted(told, key=lambda one: one.type)
