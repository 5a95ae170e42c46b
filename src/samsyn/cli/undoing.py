"""`samsyn undo`: what was written online is taken back, planned first."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import click

from samsyn.agent import undoing
from samsyn.cli.looking import opened
from samsyn.cli.moments import local
from samsyn.cli.showing import Showing
from samsyn.cli.voice import ATTENTION, OK, Voice, helped, spoken
from samsyn.core.errors import SamsynError
from samsyn.protocol.undo import Choice, OnlineBatch, Undo, UndoStep

SHOWN = 200
"""Steps told in words; --json tells all."""


class BadHour(SamsynError):
    """`hour` is no hour."""

    code: ClassVar[str] = "BAD_HOUR"


@click.command("undo", help=helped("UNDO"))
@click.argument("url", metavar="URL")
@click.option("--by", metavar="EMAIL", help=helped("UNDO_BY"))
@click.option("--batch", type=click.IntRange(1), metavar="N", help=helped("UNDO_BATCH"))
@click.option("--hour", metavar="HOUR", help=helped("UNDO_HOUR"))
@click.option("--plan", "plan_only", is_flag=True, help=helped("UNDO_PLAN"))
@spoken
def undo(
    url: str, by: str | None, batch: int | None, hour: str | None, plan_only: bool, out: Voice
) -> int:
    choice = Choice(by, batch, _with_zone(hour))
    if choice == Choice():
        with opened(url) as db:
            return _show_batches(undoing.batches(db), url, out)
    return take_back(url, choice, out, plan_only=plan_only)


def take_back(url: str, choice: Choice, out: Voice, *, plan_only: bool) -> int:
    """Undoes what was chosen, or shows what that would do."""
    with opened(url) as db:
        found = undoing.planned(db, choice) if plan_only else undoing.undo(db, choice)
        showing = Showing(db)
        stays = sum(step.why_not is not None for step in found.steps)
        out.data(
            {
                "planned": plan_only,
                "changes": found.changes,
                "done": found.done,
                "batch": found.batch,
                "stays": stays,
                "steps": [_step(showing, step, out) for step in found.steps],
            }
        )
        _show(showing, found, out, plan_only=plan_only)
    if not plan_only and found.batch is not None:
        out.say("UNDONE", count=found.done, batch=found.batch, url=url)
    elif plan_only and len(found.steps) > stays:
        out.say("UNDO_PLANNED")
    return ATTENTION if stays else OK


def _show(showing: Showing, found: Undo, out: Voice, *, plan_only: bool) -> None:
    if not found.changes:
        out.say("UNDO_NOTHING_CHOSEN")
    elif not found.steps:
        out.say("UNDO_NOTHING_LEFT")
    for step in found.steps[:SHOWN] if out.talks else ():
        told = _step(showing, step, out)
        what = step.operation.upper()
        out.say(
            f"UNDO_STAYS_{what}" if step.why_not else f"UNDO_{what}",
            type=step.type,
            title=step.title,
            field=step.field,
            now=showing.text(told["now"]),
            back=showing.text(told["back"]),
            why=told["reason"],
        )
    if len(found.steps) > SHOWN:
        out.say("UNDO_MORE", count=len(found.steps) - SHOWN)


def _step(showing: Showing, step: UndoStep, out: Voice) -> dict[str, Any]:
    who = step.changed_by or out.word("SOMEBODY")
    return {
        "type": step.type,
        "record": step.record,
        "title": step.title,
        "operation": step.operation,
        "field": step.field,
        "now": showing.value(step.type, step.field, step.now),
        "back": showing.value(step.type, step.field, step.back),
        "why_not": step.why_not,
        "reason": out.word(f"WHY_{step.why_not}", who=who) if step.why_not else None,
        "changed_by": step.changed_by,
    }


def _show_batches(found: list[OnlineBatch], url: str, out: Voice) -> int:
    out.data(
        [
            {"batch": b.batch, "by": b.by, "source": b.source, "at": b.at, "changes": b.changes}
            for b in found
        ]
    )
    if not found:
        out.say("UNDO_NO_BATCHES")
        return OK
    out.table(
        ("N_BATCH", "COL_TIME", "COL_BY", "N_CHANGES"),
        [(b.batch, local(b.at), b.by, b.changes) for b in found],
    )
    out.say("UNDO_CHOOSE", url=url)
    return OK


def _with_zone(hour: str | None) -> str | None:
    """An hour as people here say it, with its zone."""
    if hour is None:
        return None
    try:
        return dt.datetime.fromisoformat(hour).astimezone().isoformat()
    except (ValueError, OverflowError) as error:
        raise BadHour(hour=hour) from error
