"""How far the office has come, with the moments: when it took online changes, and how many went either way."""

from __future__ import annotations

import msgspec

from samsyn.records.tenant import Tenant

HOUR = len("2026-11-29T22")


class Hour(msgspec.Struct, frozen=True):
    """Changes that came from the office (`up`) and that it took (`down`) in the hour that begins at `at`."""

    at: str
    up: int
    down: int


def note_taken(tenant: Tenant, before: int, upto: int, at: str) -> None:
    """The office has taken the online changes up to a number; told late or twice it changes nothing.

    A connection that begins anew tells again what an earlier one had told.
    """
    if upto <= before:
        return
    tenant.execute(
        "INSERT INTO records_taken (company_id, upto, at)"
        " SELECT %(company)s, %(upto)s, %(at)s WHERE NOT EXISTS (SELECT 1 FROM records_taken"
        " WHERE company_id = %(company)s AND upto >= %(upto)s) ON CONFLICT DO NOTHING",
        upto=upto,
        at=at,
    )
    found = tenant.row(
        "SELECT count(*) FROM records_change WHERE company_id = %(company)s"
        " AND NOT (source = 'office') AND seq > %(before)s AND seq <= %(upto)s",
        before=before,
        upto=upto,
    )
    count(tenant, at, down=int(found[0]) if found else 0)


def taken_upto(tenant: Tenant) -> int:
    """The number up to which the office has taken in online changes, as far as it has told."""
    found = tenant.row("SELECT max(cursor) FROM records_connection WHERE company_id = %(company)s")
    return int(found[0] or 0) if found else 0


class Came(msgspec.Struct, frozen=True):
    """How far an online change has come: whether the office has taken it in, and when where that is known."""

    taken: bool
    at: str | None


def came(tenant: Tenant, record: str, first: int, last: int) -> dict[int, Came]:
    """How far the online changes of a record have come, by number, from the first to the last asked for."""
    found = tenant.rows(
        "SELECT c.seq, (SELECT t.at FROM records_taken AS t WHERE t.company_id = c.company_id"
        " AND t.upto >= c.seq ORDER BY t.upto LIMIT 1),"
        " (SELECT max(cursor) FROM records_connection AS n WHERE n.company_id = c.company_id)"
        " FROM records_change AS c WHERE c.company_id = %(company)s AND c.record_id = %(record)s"
        " AND c.fields IS NOT NULL AND NOT (c.source = 'office')"
        " AND c.seq >= %(first)s AND c.seq <= %(last)s",
        record=record,
        first=first,
        last=last,
    )
    return {seq: Came(at is not None or (cursor or 0) >= seq, at) for seq, at, cursor in found}


def forget_taken(tenant: Tenant, after: int) -> None:
    """The office was put back: what it had taken after a number it no longer has."""
    tenant.execute(
        "DELETE FROM records_taken WHERE company_id = %(company)s AND upto > %(after)s",
        after=after,
    )


def count(tenant: Tenant, at: str, *, up: int = 0, down: int = 0) -> None:
    """Count changes into the hour of the moment."""
    if up or down:
        tenant.execute(
            "INSERT INTO records_traffic (company_id, hour, up, down)"
            " VALUES (%(company)s, %(hour)s, %(up)s, %(down)s) ON CONFLICT (company_id, hour)"
            " DO UPDATE SET up = records_traffic.up + excluded.up,"
            " down = records_traffic.down + excluded.down",
            hour=at[:HOUR],
            up=up,
            down=down,
        )


def hours(tenant: Tenant, since: str) -> list[Hour]:
    """The hours in which something went either way, from a moment on, in order."""
    found = tenant.rows(
        "SELECT hour, up, down FROM records_traffic"
        " WHERE company_id = %(company)s AND hour >= %(since)s ORDER BY hour",
        since=since[:HOUR],
    )
    return [Hour(f"{hour}:00:00Z", up, down) for hour, up, down in found]


def drop_old(tenant: Tenant, before: str) -> int:
    """Let go of moments and counts that are older, but for the newest moment; how many."""
    gone = tenant.execute(
        "DELETE FROM records_taken WHERE company_id = %(company)s AND at < %(before)s AND upto <"
        " (SELECT max(upto) FROM records_taken WHERE company_id = %(company)s)",
        before=before,
    )
    return gone + tenant.execute(
        "DELETE FROM records_traffic WHERE company_id = %(company)s AND hour < %(before)s",
        before=before[:HOUR],
    )
