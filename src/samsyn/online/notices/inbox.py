"""A member's news in the store: listed, counted, marked as read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from samsyn.records.befalling import Fate
from samsyn.records.tenant import Row, Tenant, as_list, one_of

MOST = 100
"""Unread news are counted up to here."""
MOST_MAILED = 5_000
_COLUMNS = "id, fate, type, record_id, about, at, beyond, read_at"


class Notice(msgspec.Struct, frozen=True):
    """A piece of news as it is kept."""

    id: str
    fate: Fate
    type: str
    record: str
    about: str
    at: str
    beyond: int
    read: bool

    @property
    def office_seq(self) -> int | None:
        """The change that decided the conflicts it is about; None where it is about a refusal."""
        return int(self.about) if self.about.isascii() and self.about.isdigit() else None


def listed(
    tenant: Tenant, person: str, limit: int, before: str = "", *, unread: bool = False
) -> list[Notice]:
    """The news of a member, the newest first; go on before the last id."""
    where = " AND read_at IS NULL" if unread else ""
    where += " AND id < %(before)s" if before else ""
    return _read(tenant, person, where, limit, before=before)


def of_record(tenant: Tenant, person: str, record: str, limit: int = 10) -> list[Notice]:
    """The unread news of a member about a record."""
    where = " AND record_id = %(record)s AND read_at IS NULL"
    return _read(tenant, person, where, limit, record=record)


def by_ids(tenant: Tenant, person: str, ids: Sequence[str]) -> list[Notice]:
    """Some of a member's news."""
    return _read(tenant, person, f" AND {one_of('id', 'ids')}", len(ids), ids=as_list(ids))


def _read(tenant: Tenant, person: str, where: str, limit: int, **values: str) -> list[Notice]:
    found = tenant.rows(
        f"SELECT {_COLUMNS} FROM notice WHERE company_id = %(company)s"
        f" AND person_id = %(person)s{where} ORDER BY id DESC LIMIT %(limit)s",
        person=person,
        limit=limit,
        **values,
    )
    return [_notice(row) for row in found]


def count_unread(tenant: Tenant, person: str) -> int:
    """How many are unread, up to MOST."""
    found = tenant.row(
        "SELECT count(*) FROM (SELECT 1 FROM notice WHERE company_id = %(company)s"
        " AND person_id = %(person)s AND read_at IS NULL LIMIT %(most)s) AS unread",
        person=person,
        most=MOST,
    )
    return int(found[0]) if found else 0


def unmailed_ids(tenant: Tenant, person: str) -> list[str]:
    """What no letter has told yet and is unread, the newest first; of one letter at most."""
    found = tenant.rows(
        "SELECT id FROM notice WHERE company_id = %(company)s AND person_id = %(person)s"
        " AND mailed_at IS NULL AND read_at IS NULL ORDER BY id DESC LIMIT %(most)s",
        person=person,
        most=MOST_MAILED,
    )
    return [row[0] for row in found]


def mark_read(tenant: Tenant, person: str, at: str, ids: Sequence[str] | None = None) -> None:
    """These are read, or all of them."""
    some = "" if ids is None else f" AND {one_of('id', 'ids')}"
    tenant.execute(
        "UPDATE notice SET read_at = %(at)s WHERE company_id = %(company)s"
        f" AND person_id = %(person)s AND read_at IS NULL{some}",
        person=person,
        at=at,
        ids=as_list(ids or ()),
    )


def mark_about(tenant: Tenant, person: str, at: str, office_seq: int) -> None:
    """The news of what that change decided are read: the member has done something about it."""
    tenant.execute(
        "UPDATE notice SET read_at = %(at)s WHERE company_id = %(company)s"
        " AND person_id = %(person)s AND read_at IS NULL AND about = %(about)s",
        person=person,
        at=at,
        about=str(office_seq),
    )


def mark_mailed(tenant: Tenant, person: str, at: str, ids: Sequence[str]) -> None:
    """A letter has told these."""
    tenant.execute(
        "UPDATE notice SET mailed_at = %(at)s WHERE company_id = %(company)s"
        f" AND person_id = %(person)s AND mailed_at IS NULL AND {one_of('id', 'ids')}",
        person=person,
        at=at,
        ids=as_list(ids),
    )


def drop_old(tenant: Tenant, before: str) -> int:
    """Let go of news that are older; how many."""
    return tenant.execute(
        "DELETE FROM notice WHERE company_id = %(company)s AND at < %(before)s", before=before
    )


def forget(tenant: Tenant, person: str) -> None:
    """Nothing is kept for the person any more: he has left the company."""
    for table in ("notice", "notice_setting"):
        tenant.execute(
            f"DELETE FROM {table} WHERE company_id = %(company)s AND person_id = %(person)s",
            person=person,
        )


def _notice(row: Row) -> Notice:
    id_, fate, type_, record, about, at, beyond, read_at = row
    return Notice(id_, Fate(fate), type_, record, about, at, beyond, read_at is not None)
