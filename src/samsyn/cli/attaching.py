"""`samsyn attach` and `samsyn detach`: capture comes into a company database, and goes again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import click

from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.cli.words import verdict_said
from samsyn.companydb import attach as attaching
from samsyn.companydb import books
from samsyn.companydb.attach import Attached, AttachPlan, References
from samsyn.companydb.attached import NotAttached, is_attached
from samsyn.companydb.grouping import given
from samsyn.companydb.numbering import TypeChange, changes
from samsyn.companydb.opening import opened
from samsyn.companydb.suggest import Suggestion
from samsyn.companydb.urls import CompanyUrl, parse
from samsyn.companydb.verdicts import LeftOut, Verdict
from samsyn.core.catalog import Direction
from samsyn.core.errors import SamsynError


class StillConnected(SamsynError):
    """Detach would cut the connection: `company_name`."""

    code: ClassVar[str] = "STILL_CONNECTED"


@click.command("attach", help=helped("ATTACH"))
@click.argument("url", metavar="URL")
@click.option("--tables", metavar="A,B", help=helped("TABLES"))
@click.option("--exclude", metavar="A,B", help=helped("EXCLUDE"))
@click.option(
    "--references",
    type=click.Choice([r.value for r in References]),
    help=helped("REFERENCES"),
)
@click.option("--group", "groups", multiple=True, metavar="TYPE:A,B", help=helped("GROUP"))
@click.option("--groups/--no-groups", "evident", default=None, help=helped("GROUPS"))
@click.option("--again", is_flag=True, help=helped("AGAIN"))
@click.option(
    "--renamed", "renames", multiple=True, metavar="TABLE.OLD=NEW", help=helped("RENAMED")
)
@click.option("--rule", "rules", multiple=True, metavar="TYPE.FIELD=SIDE", help=helped("RULE"))
@click.option(
    "--direction", "directions", multiple=True, metavar="TYPE=WAY", help=helped("DIRECTION")
)
@click.option("--dry-run", is_flag=True, help=helped("DRY_RUN"))
@spoken
def attach(
    url: str,
    tables: str | None,
    exclude: str | None,
    references: str | None,
    groups: tuple[str, ...],
    evident: bool | None,
    rules: tuple[str, ...],
    directions: tuple[str, ...],
    renames: tuple[str, ...],
    again: bool,
    dry_run: bool,
    out: Voice,
) -> int:
    where = parse(url)
    again = again or bool(renames)
    if again:
        with opened(where, writing=False) as session:
            if not is_attached(session):
                raise NotAttached()
    plan = attaching.plan(
        where,
        tables=_names(tables),
        exclude=_names(exclude),
        references=None if references is None else References(references),
        groups=[given(text) for text in groups] if groups or evident is False else None,
        evident_groups=evident,
        rules=rules,
        directions=directions,
        renames=renames,
    )
    if again:
        _show_changes(changes(plan.wanted), out)
        for rename in plan.evident_renames if dry_run else ():
            out.say("AGAIN_EVIDENT", rename=rename, url=where.text)
    else:
        _show_plan(plan, out)
        if plan.wanted.kept and (other := changes(plan.wanted)):
            _show_changes(other, out)
    done = None if dry_run else attaching.attach(plan)
    out.data(_told(plan, done, out))
    if done is None:
        out.say("ATTACH_DRY_RUN")
    else:
        _show_done(done, where, out)
    return OK


@click.command("detach", help=helped("DETACH"))
@click.argument("url", metavar="URL")
@click.option("--force", is_flag=True, help=helped("DETACH_FORCE"))
@spoken
def detach(url: str, force: bool, out: Voice) -> int:
    where = parse(url)
    with opened(where, writing=False) as session:
        attached = is_attached(session)
        connection = books.connection(session) if attached and not force else None
    if connection is not None:
        raise StillConnected(company_name=connection.company_name, url=where.text)
    report = attaching.detach(where)
    out.data(
        {
            "identical": report.identical,
            "was_attached": attached,
            "changed_meanwhile": list(report.changed_meanwhile),
            "left": list(report.left),
        }
    )
    if not attached:
        out.say("DETACH_NOTHING")
    elif report.identical and not report.changed_meanwhile:
        out.say("DETACHED_IDENTICAL", url=where.text)
    elif report.identical:
        out.say("DETACHED_CHANGED", changed=report.changed_meanwhile)
    else:
        out.say("DETACHED_LEFT", left=report.left or report.changed_meanwhile)
    return OK


def _names(told: str | None) -> list[str] | None:
    if told is None:
        return None
    return [name.strip() for name in told.split(",") if name.strip()]


# --- for people -----------------------------------------------------------------------


def _show_plan(plan: AttachPlan, out: Voice) -> None:
    if not out.talks:
        return
    out.say("ATTACH_PLAN", url=plan.url.text)
    out.line("")
    out.table(
        ("COL_TABLE", "N_RECORDS", "COL_SYNCED", "COL_WHY"),
        _lines(plan.verdicts, out),
    )
    out.line("")
    fields = [(verdict, left) for verdict in plan.verdicts for left in verdict.left_out]
    for verdict, left in fields:
        out.line(f"{_table(verdict)}: {_why_field(verdict, left, out)}")
    for suggestion in plan.suggestions:
        _show_suggestion(plan, suggestion, out)
    for record_type in plan.catalog.types:
        for group in record_type.groups:
            out.say("GROUP", type=record_type.name, fields=group)
        if record_type.online_wins:
            out.say("ONLINE_WINS", type=record_type.name, fields=record_type.online_wins)
        if record_type.direction is not Direction.BOTH:
            out.say(f"DIRECTION_{record_type.direction.name}", type=record_type.name)
    cost = plan.cost
    out.say(
        "ATTACH_COST",
        records=_grouped(cost.records),
        triggers=cost.triggers,
        load_s=max(1, round(cost.first_load_s)),
        wire=_size(cost.first_load_wire_bytes),
        identity=_size(cost.identity_bytes),
        journal=cost.journal_bytes_per_change,
    )


def _lines(verdicts: Sequence[Verdict], out: Voice) -> list[tuple[str, str, str, str]]:
    """A line for each table; those left out for one reason share a line."""
    synced = [(_table(v), _count(v), out.word("YES"), _why(v, out)) for v in verdicts if v.synced]
    why: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if not verdict.synced:
            why.setdefault(_why(verdict, out), []).append(verdict)
    left_out = [
        (", ".join(_table(v) for v in group), _count(group[0]) if len(group) == 1 else "", no, text)
        for no in [out.word("NO")]
        for text, group in why.items()
    ]
    return synced + left_out


def _show_suggestion(plan: AttachPlan, suggestion: Suggestion, out: Voice) -> None:
    candidate = suggestion.candidate
    out.say(
        "SUGGESTION_TAKEN" if _accepts(plan) else "SUGGESTION",
        type=candidate.type,
        field=candidate.field,
        to=f"{candidate.to_type}.{candidate.to_column}",
        found=suggestion.evidence.found,
        looked_at=suggestion.evidence.looked_at,
    )


def _show_changes(found: Sequence[TypeChange], out: Voice) -> None:
    """What is other than it was attached, in a line or two each."""
    if not found:
        out.say("AGAIN_SAME")
    for one in found:
        if one.what == "fields":
            for code, fields in (
                ("AGAIN_FIELDS_NEW", one.added),
                ("AGAIN_FIELDS_GONE", one.dropped),
                ("AGAIN_FIELDS_RETYPED", one.retyped),
            ):
                if fields:
                    out.say(code, type=one.type, fields=fields)
            for old, new in one.renamed:
                out.say("AGAIN_RENAMED", type=one.type, old=old, new=new)
        else:
            codes = {"new": "AGAIN_TYPE_NEW", "gone": "AGAIN_TYPE_GONE", "key": "AGAIN_KEY"}
            out.say(codes[one.what], type=one.type)


def _show_done(done: Attached, url: CompanyUrl, out: Voice) -> None:
    if done.mended:
        out.say("ATTACH_MENDED", types=done.mended)
    if done.removed:
        out.say("ATTACH_REMOVED", types=done.removed)
    if not done.catalog.types:
        out.say("ATTACH_NOTHING")
    elif done.added or not done.kept:
        out.say("ATTACHED", count=len(done.catalog.types), url=url.text)
    else:
        out.say("ATTACHED_AGAIN", count=len(done.catalog.types))


def _why(verdict: Verdict, out: Voice) -> str:
    if verdict.reason is not None:
        facts = {"table": verdict.table, "detail": verdict.detail}
        return verdict_said(verdict.reason.value, facts, out.language)
    if verdict.blind_spots:
        return out.word("BLIND_SPOTS", indexes=verdict.blind_spots)
    if verdict.left_out:
        return out.word("FIELDS_LEFT_OUT", fields=[left.field for left in verdict.left_out])
    return ""


def _why_field(verdict: Verdict, left: LeftOut, out: Voice) -> str:
    facts = {"table": verdict.table, "field": left.field, "detail": left.detail}
    return verdict_said(left.reason.value, facts, out.language)


def _table(verdict: Verdict) -> str:
    return f"{verdict.schema}.{verdict.table}" if verdict.schema else verdict.table


def _count(verdict: Verdict) -> str:
    if verdict.records is None:
        return ""
    return f"{'≈ ' if verdict.records_estimated else ''}{_grouped(verdict.records)}"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _size(size: int) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size //= 1000
    return f"{size:.0f} GB"


# --- for programs ---------------------------------------------------------------------


def _told(plan: AttachPlan, done: Attached | None, out: Voice) -> dict[str, Any]:
    cost = plan.cost
    return {
        "types": [_told_verdict(verdict, out) for verdict in plan.verdicts],
        "suggestions": [_told_suggestion(plan, s) for s in plan.suggestions],
        "groups": [
            {"type": record_type.name, "fields": list(group)}
            for record_type in plan.catalog.types
            for group in record_type.groups
        ],
        "online_wins": [
            {"type": record_type.name, "fields": list(record_type.online_wins)}
            for record_type in plan.catalog.types
            if record_type.online_wins
        ],
        "directions": {t.name: t.direction.value for t in plan.catalog.types},
        "cost": {name: getattr(cost, name) for name in cost.__struct_fields__},
        "changes": [
            {name: getattr(one, name) for name in one.__struct_fields__}
            for one in changes(plan.wanted)
        ],
        "evident_renames": list(plan.evident_renames),
        "attached": done is not None,
        "added": list(done.added) if done else [],
        "removed": list(done.removed) if done else [],
        "kept": list(done.kept) if done else [],
        "mended": list(done.mended) if done else [],
    }


def _told_verdict(verdict: Verdict, out: Voice) -> dict[str, Any]:
    return {
        "type": verdict.type,
        "table": verdict.table,
        "schema": verdict.schema,
        "synced": verdict.synced,
        "reason": _why(verdict, out) or None if verdict.reason else None,
        "code": verdict.reason.value if verdict.reason else None,
        "records": verdict.records,
        "records_estimated": verdict.records_estimated,
        "left_out": [
            {
                "field": left.field,
                "reason": _why_field(verdict, left, out),
                "code": left.reason.value,
            }
            for left in verdict.left_out
        ],
        "blind_spots": list(verdict.blind_spots),
    }


def _told_suggestion(plan: AttachPlan, suggestion: Suggestion) -> dict[str, Any]:
    candidate = suggestion.candidate
    return {
        "type": candidate.type,
        "field": candidate.field,
        "to_type": candidate.to_type,
        "to_column": candidate.to_column,
        "looked_at": suggestion.evidence.looked_at,
        "found": suggestion.evidence.found,
        "accepted": _accepts(plan),
    }


def _accepts(plan: AttachPlan) -> bool:
    return plan.selection.references is References.SUGGESTED
