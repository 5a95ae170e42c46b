"""`samsyn update-connection`: the sync is taken up again after a restore, a move or a new password."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from samsyn.agent import home, pairing, syncing, updating
from samsyn.agent.lease import this_computer
from samsyn.agent.restore_plan import Plan, PlannedField, PlannedRecord
from samsyn.agent.tracing import traced
from samsyn.agent.underway import Choice
from samsyn.cli.moments import local
from samsyn.cli.outcome import show_rest
from samsyn.cli.showing import Showing
from samsyn.cli.undoing import take_back
from samsyn.cli.voice import ATTENTION, OK, Voice, helped, spoken
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import parse
from samsyn.protocol.restoring import Standing
from samsyn.protocol.undo import Choice as UndoChoice

SHOWN = 20
"""Records of the plan told in words; --json tells all."""


@click.command("update-connection", help=helped("UPDATE"))
@click.argument("url", metavar="URL")
@click.option("--plan", "plan_only", is_flag=True, help=helped("UPDATE_PLAN"))
@click.option("--bring-back", is_flag=True, help=helped("BRING_BACK"))
@click.option("--backup-is-truth", is_flag=True, help=helped("BACKUP_IS_TRUTH"))
@click.option("--undo", "undone", is_flag=True, help=helped("UPDATE_UNDO"))
@click.option("--code", metavar="CODE", help=helped("RENEW_CODE"))
@click.option("--moved", is_flag=True, help=helped("MOVED"))
@spoken
def update_connection(
    url: str,
    plan_only: bool,
    bring_back: bool,
    backup_is_truth: bool,
    undone: bool,
    code: str | None,
    moved: bool,
    out: Voice,
) -> int:
    chosen = bring_back + backup_is_truth
    if chosen > 1 or (chosen and (plan_only or undone)):
        raise click.UsageError(out.word("UPDATE_ONE"))
    if undone:
        return take_back(url, UndoChoice(restore=True), out, plan_only=plan_only)
    where, me = parse(url), this_computer()
    done: dict[str, Any] = {}
    if moved:
        with closing(open_company_db(where)) as db:
            done["home"] = home.move(db, me)
        out.say("UPDATE_MOVED", place=done["home"])
    if code is not None:
        renewed = pairing.renew(where, code, me)
        done["renewed"] = True
        out.say("UPDATE_RENEWED", company_name=renewed.company_name)
    if bring_back or backup_is_truth:
        choice = Choice.BRING_BACK if bring_back else Choice.BACKUP_IS_TRUTH
        with out.progress() as progress:
            standing = updating.update(where, me, choice, progress)
            rest = syncing.sync(where, me, progress=progress, trace=traced(where))
        out.say("UPDATE_SAME" if standing is Standing.SAME else "UPDATE_DONE", url=url)
        return show_rest(rest, out, done | {"standing": standing.value, "choice": choice.value})
    if done and not plan_only:
        out.data(done)
        return OK
    return _show_plan(url, updating.planned(where), out)


def _show_plan(url: str, plan: Plan, out: Voice) -> int:
    with closing(open_company_db(parse(url))) as db:
        showing, elsewhere = Showing(db), home.elsewhere(db, this_computer())
        out.data(
            {
                "standing": plan.standing.value,
                "elsewhere": elsewhere.facts if elsewhere else None,
                "backup_at": plan.backup_at,
                "online_since": plan.online_since,
                "office_lost": plan.office_lost,
                "since_restore": plan.since_restore,
                "conflicts": plan.clashes,
                "waiting_down": plan.waiting,
                "taken_in": [{"type": one.type, "fields": one.fields} for one in plan.taken_in],
                "records": [_record(showing, record) for record in plan.records],
            }
        )
        if elsewhere is not None:
            out.say(elsewhere.code, **elsewhere.facts)
        counts = {
            "online_since": plan.online_since,
            "office_lost": plan.office_lost,
            "since_restore": plan.since_restore,
            "clashes": plan.clashes,
            "waiting": plan.waiting,
        }
        at = local(plan.backup_at) if plan.backup_at else out.word("UNKNOWN_MOMENT")
        if elsewhere is None or plan.standing is not Standing.SAME:
            out.say(f"UPDATE_{plan.standing.name}", at=at, **counts)
        for one in plan.taken_in:
            out.say(
                "UPDATE_TAKES_IN", what=": ".join(filter(None, (one.type, ", ".join(one.fields))))
            )
        for record in plan.records[:SHOWN] if out.talks else ():
            _say_record(showing, record, out)
        if len(plan.records) > SHOWN:
            out.say("UPDATE_MORE", count=len(plan.records) - SHOWN)
    if plan.standing is Standing.OFFICE_BACK:
        out.say("UPDATE_CHOICES", url=url)
    elif plan.standing is Standing.SERVICE_BACK:
        out.say("UPDATE_CHOICE_SERVICE", url=url)
    return OK if plan.standing is Standing.SAME and elsewhere is None else ATTENTION


def _say_record(showing: Showing, record: PlannedRecord, out: Voice) -> None:
    said = out.word(
        f"UPDATE_RECORD_{record.what.upper()}",
        type=record.type,
        title=record.title,
        who=_who(record, out),
    )
    out.line(said + _clash(record.clash and record.what != "changed", out))
    for field in record.fields:
        told = _field(showing, record.type, field)
        said = out.word(
            "UPDATE_FIELD",
            field=field.field,
            office=showing.text(told["office"]),
            online=showing.text(told["online"]),
            who=_who(field, out),
        )
        out.line(said + _clash(field.clash, out))


def _who(written: PlannedRecord | PlannedField, out: Voice) -> str:
    return out.word("AT_OFFICE") if written.by_office else written.by or out.word("SOMEBODY")


def _clash(clash: bool, out: Voice) -> str:
    return out.word("UPDATE_CLASH") if clash else ""


def _record(showing: Showing, record: PlannedRecord) -> dict[str, Any]:
    return {
        "type": record.type,
        "record": record.record,
        "title": record.title,
        "what": record.what,
        "by": record.by,
        "at": record.at,
        "side": "office" if record.by_office else "online",
        "conflict": record.clash,
        "fields": [_field(showing, record.type, field) for field in record.fields],
    }


def _field(showing: Showing, type_name: str, field: PlannedField) -> dict[str, Any]:
    return {
        "field": field.field,
        "office": showing.value(type_name, field.field, field.office),
        "online": showing.value(type_name, field.field, field.online),
        "by": field.by,
        "at": field.at,
        "side": "office" if field.by_office else "online",
        "conflict": field.clash,
    }
