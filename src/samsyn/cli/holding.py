"""`samsyn held`: what is held and why, what letting go would do, and a person's decision."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from samsyn.agent import holding
from samsyn.agent.holding import Plan, PlanRow
from samsyn.agent.runner import connected_service
from samsyn.cli.moments import local
from samsyn.cli.showing import Showing
from samsyn.cli.voice import ATTENTION, OK, Voice, helped, spoken
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.held import Held
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import parse
from samsyn.core.brakes import ORDINARY, BrakeLimits


@click.command("held", help=helped("HELD"))
@click.argument("url", metavar="URL")
@click.argument("type_name", metavar="[TYPE]", required=False)
@click.option("--plan", "planned", is_flag=True, help=helped("HELD_PLAN"))
@click.option("--release", "released", is_flag=True, help=helped("HELD_RELEASE"))
@click.option("--undo", "undone", is_flag=True, help=helped("HELD_UNDO"))
@click.option("--limit", metavar="PERCENT|off|default", help=helped("HELD_LIMIT"))
@spoken
def held(
    url: str,
    type_name: str | None,
    planned: bool,
    released: bool,
    undone: bool,
    limit: str | None,
    out: Voice,
) -> int:
    asked = sum((planned, released, undone, limit is not None))
    if asked > 1 or (asked and type_name is None):
        raise click.UsageError(out.word("HELD_ONE"))
    with closing(open_company_db(parse(url))) as db:
        if released or undone:
            assert type_name is not None
            (holding.release if released else holding.undo)(db, type_name)
            out.data({"type": type_name, "phase": "released" if released else "undoing"})
            out.say("HELD_RELEASED" if released else "HELD_UNDOING", type=type_name, url=url)
            return OK
        if limit is not None:
            assert type_name is not None
            limits = _limits(limit, out)
            holding.set_limits(db, type_name, limits)
            out.data({"type": type_name, "limit": None if limits.off else limits.share})
            out.say("HELD_LIMIT_SET", type=type_name, limit=limit)
            return OK
        if planned:
            assert type_name is not None
            return _plan(db, type_name, out)
        return _list(db, url, type_name, out)


def _list(db: CompanyDb, url: str, type_name: str | None, out: Voice) -> int:
    rows = [(told, n) for told, n in holding.listed(db) if type_name in (None, told.type)]
    out.data([as_data(told, out) | {"waiting_up": waiting} for told, waiting in rows])
    if not rows:
        out.say("HELD_NONE")
        return OK
    for told, waiting in rows:
        out.line(in_words(told, out))
        out.say("HELD_SINCE", since=local(told.since), waiting=waiting)
        schema = told.side.value == "schema"
        out.say("HELD_NEXT_SCHEMA" if schema else "HELD_NEXT", url=url, type=told.type)
    return ATTENTION


def _plan(db: CompanyDb, type_name: str, out: Voice) -> int:
    with closing(connected_service(db)) as service:
        plan = holding.plan(db, service, type_name)
    showing = Showing(db)
    rows = [_row(showing, type_name, row) for row in plan.rows]
    out.data({**as_data(plan.held, out), "changes": rows, "more": plan.more})
    out.line(in_words(plan.held, out))
    _show_plan(plan, rows, out)
    return OK


def _show_plan(plan: Plan, rows: list[dict[str, Any]], out: Voice) -> None:
    side = plan.held.side.value.upper()
    if rows:
        out.say(f"HELD_PLAN_{side}")
    for row in rows if out.talks else ():
        fields = ", ".join(
            f"{name}: {_text(told['from'])} → {_text(told['to'])}"
            for name, told in row["fields"].items()
        )
        out.say(
            f"HELD_ROW_{row['operation'].upper()}",
            title=row["name"] or _text(row["key"]),
            fields=fields,
        )
    if plan.more:
        out.say("HELD_MORE")


def _row(showing: Showing, type_name: str, row: PlanRow) -> dict[str, Any]:
    return {
        "operation": row.operation,
        "key": showing.key(row.key),
        "name": row.name or None,
        "fields": {
            field: {
                "from": showing.value(type_name, field, before),
                "to": showing.value(type_name, field, after),
            }
            for field, (before, after) in row.fields.items()
        },
    }


def as_data(told: Held, out: Voice) -> dict[str, Any]:
    """What is held, for programs."""
    return {
        "type": told.type,
        "side": told.side.value,
        "code": told.code,
        "phase": told.phase.value,
        "since": told.since,
        "count": told.count,
        "records": told.records,
        "fields": list(told.fields),
        "message": in_words(told, out),
    }


def in_words(told: Held, out: Voice) -> str:
    """What happened, what is safe and what to do, in the reader's language."""
    return out.word(told.why, **told.facts)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


def _limits(text: str, out: Voice) -> BrakeLimits:
    if text == "off":
        return BrakeLimits(off=True)
    if text == "default":
        return ORDINARY
    share = text.removesuffix("%").strip()
    if not share.isdigit() or not 0 < int(share) <= 100:
        raise click.UsageError(out.word("HELD_LIMIT_BAD", limit=text))
    return BrakeLimits(share=int(share) / 100)
