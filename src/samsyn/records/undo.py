"""Undo: what somebody wrote online, in a batch or in an hour, is taken back at both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec

from samsyn.protocol.undo import Choice, OnlineBatch, Undo, UndoStep
from samsyn.records import restored
from samsyn.records.compensation import Planned, carry_out, plan
from samsyn.records.errors import BadUndo, UndoTooLarge
from samsyn.records.restored import Written
from samsyn.records.tenant import Tenant, snapshot
from samsyn.records.unit import Source, company_unit

DAYS = 7
"""How far back undo reaches: a limit on what is offered, which decides nothing."""
MAX_CHANGES = 100_000
"""Rows of the log that one undo reads: they are held in memory until it is done (60,000 records: 0.5 GB, 7 s)."""
_ONLINE = "company_id = %(company)s AND NOT (source = 'office') AND connection IS NULL"


def planned_undo(tenant: Tenant, choice: Choice, at: str) -> Undo:
    """What an undo would do; BadUndo, UndoTooLarge."""
    with snapshot():
        selected = _selected(tenant, choice, at)
        return _told(selected.rows, plan(tenant, *selected))


def undo(
    tenant: Tenant,
    choice: Choice,
    by: str | None,
    at: str,
    check: Callable[[Undo], None] = lambda _: None,
) -> Undo:
    """Take it back, as far as nobody has changed it since; BadUndo, UndoTooLarge.

    It is online work of its own, in one unit: the office hears of it as of any other.
    `check` sees the plan and may refuse it by raising.
    """
    with company_unit(tenant, Source.UNDO, by, at) as unit:
        selected = _selected(tenant, choice, at)
        planned = plan(tenant, *selected)
        check(_told(selected.rows, planned))
        done = carry_out(unit, planned)
        told = _told(selected.rows, planned)
        return msgspec.structs.replace(told, done=done, batch=unit.batch if done else None)


def batches(tenant: Tenant, at: str, limit: int = 100) -> list[OnlineBatch]:
    """The online batches of the last days, the newest first."""
    found = tenant.rows(
        "SELECT batch, min(author), min(source), min(at), count(*) FROM records_change"
        f" WHERE {_ONLINE} AND at >= %(oldest)s AND batch IS NOT NULL"
        " GROUP BY batch ORDER BY batch DESC LIMIT %(limit)s",
        oldest=_oldest(at),
        limit=limit,
    )
    return [OnlineBatch(*row) for row in found]


def _selected(tenant: Tenant, choice: Choice, at: str) -> Written:
    """The numbers of the chosen changes, by record."""
    if choice == Choice():
        raise BadUndo(detail="by, batch or hour")
    if choice.restore:
        return restored.written(tenant, _oldest(at), MAX_CHANGES)
    conditions = [_ONLINE, "at >= %(since)s"]
    values: dict[str, object] = {"since": _oldest(at)}
    if choice.by is not None:
        conditions.append("author = %(author)s")
        values["author"] = choice.by
    if choice.batch is not None:
        conditions.append("batch = %(batch)s")
        values["batch"] = choice.batch
    if choice.hour is not None:
        first = _hour(choice.hour)
        values["since"] = max(_oldest(at), _text(first))
        conditions.append("at < %(before)s")
        values["before"] = _text(first + dt.timedelta(hours=1))
    found = tenant.rows(
        "SELECT seq, record_id FROM records_change WHERE "
        + " AND ".join(conditions)
        + " ORDER BY seq LIMIT %(limit)s",
        limit=MAX_CHANGES + 1,
        **values,
    )
    if len(found) > MAX_CHANGES:
        raise UndoTooLarge(limit=MAX_CHANGES)
    selected: dict[str, set[int]] = {}
    for seq, record_id in found:
        selected.setdefault(record_id, set()).add(seq)
    return Written(selected, {})


def _told(selected: dict[str, set[int]], planned: list[Planned]) -> Undo:
    return Undo(
        changes=sum(map(len, selected.values())),
        steps=tuple(
            UndoStep(
                type=one.record.type,
                record=one.record.id,
                title=one.title,
                operation=step.operation.value,
                field=step.field,
                now=step.now,
                back=step.back,
                why_not=step.why_not,
                changed_by=step.changed_by,
            )
            for one in planned
            for step in one.steps
        ),
    )


def _oldest(at: str) -> str:
    return _text(dt.datetime.fromisoformat(at) - dt.timedelta(days=DAYS))


def _hour(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
        first = zoned.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadUndo(detail=f"{text[:40]} is no hour") from error
    if not 2000 <= first.year <= 9000:
        raise BadUndo(detail=f"{text[:40]} is no hour")
    return first


def _text(moment: dt.datetime) -> str:
    """A moment as the log writes it, so that texts compare as moments."""
    utc = moment.astimezone(dt.UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
