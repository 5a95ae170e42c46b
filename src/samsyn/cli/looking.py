"""The commands that only look: status, conflicts, history, log, quarantine, ledger, verify, trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from samsyn.agent import checking, lists, runlog, undoing
from samsyn.agent.lease import this_computer
from samsyn.agent.status import Status
from samsyn.agent.status import status as status_of
from samsyn.agent.tracing import trace_of, traced
from samsyn.cli import certificates, stalls
from samsyn.cli.holding import as_data, in_words
from samsyn.cli.moments import local
from samsyn.cli.showing import Showing
from samsyn.cli.voice import ATTENTION, OK, STALLED, Voice, helped, spoken
from samsyn.cli.words import reason_of
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import parse

F = TypeVar("F", bound=Callable[..., Any])  # Any: click's decorators
DAYS, ROWS = 7, 20
TRACE_LINES = 20


@click.command("status", help=helped("STATUS"))
@click.argument("url", metavar="URL")
@spoken
def status(url: str, out: Voice) -> int:
    found = status_of(parse(url), this_computer())
    why = "" if found.why is None else _why(found.why, out)
    connection = found.connection
    out.data(
        {
            "state": found.state,
            "reason": why or None,
            "code": reason_of(found.why.code, found.why.facts) if found.why else None,
            "waiting_up": found.waiting_up,
            "waiting_down": found.waiting_down or 0,
            "quarantine": found.quarantine,
            "held": [as_data(told, out) for told in found.held],
            "new_columns": {name: list(new) for name, new in found.new_columns.items()},
            "last_sync": found.last_sync,
            "connected": connection is not None,
            "company": connection.company if connection else None,
            "company_name": connection.company_name if connection else None,
            "online": connection.online if connection else None,
            "agent_runs": found.agent_runs,
            "sync_computer": found.sync_computer,
            "records": found.records,
            "verified": certificates.short(found.verified),
            "alarms": [stalls.as_data(alarm, out) for alarm in found.alarms],
        }
    )
    _show_status(found, why, out)
    return STALLED if found.alarms else OK


def _show_status(found: Status, why: str, out: Voice) -> None:
    if not out.talks:
        return
    rest = found.state == "in_sync" and (found.held or found.quarantine)
    out.say(f"STATE_{found.state.upper()}{'_REST' if rest else ''}")
    if why:
        out.line(why)
    for alarm in found.alarms:
        out.line(stalls.in_words(alarm, out))
    if found.connection is None:
        return
    connection = found.connection
    unknown = out.word("UNKNOWN")
    down = unknown if found.waiting_down is None else found.waiting_down
    lines: list[tuple[str, object]] = [
        ("ROW_COMPANY", f"{connection.company_name} ({connection.company}), {connection.online}"),
        ("ROW_RECORDS", found.records),
        ("ROW_WAITING_UP", found.waiting_up),
        ("ROW_WAITING_DOWN", down),
        ("ROW_QUARANTINE", found.quarantine),
        ("ROW_LAST_SYNC", local(found.last_sync) if found.last_sync else out.word("NEVER")),
        ("ROW_VERIFIED", certificates.in_a_row(found.verified, out)),
        ("ROW_AGENT", out.word("AGENT_RUNS" if found.agent_runs else "AGENT_RUNS_NOT")),
        ("ROW_SYNC_COMPUTER", found.sync_computer or out.word("NONE_YET")),
    ]
    if found.held:
        lines.insert(5, ("ROW_HELD", ", ".join(told.type for told in found.held)))
    width = max(len(out.word(code)) for code, _ in lines)
    for code, value in lines:
        out.line(f"  {out.word(code):<{width}}  {value}")
    for told in found.held:
        out.line(in_words(told, out))
    waiting = {told.type for told in found.held}
    for name, columns in found.new_columns.items():
        if name not in waiting:
            out.say("NEW_COLUMNS", type=name, fields=columns)


def _window(command: F) -> F:
    """--days, --limit and --all: a list is short unless more is asked for."""
    for option in (
        click.option("--all", "everything", is_flag=True, help=helped("ALL")),
        click.option("--limit", type=click.IntRange(1), metavar="N", help=helped("LIMIT")),
        click.option("--days", type=click.IntRange(1), metavar="N", help=helped("DAYS")),
    ):
        command = option(command)
    return command


@click.command("conflicts", help=helped("CONFLICTS"))
@click.argument("url", metavar="URL")
@_window
@click.option("--re-apply", "again", metavar="ID", help=helped("REAPPLY"))
@click.option("--anyway", is_flag=True, help=helped("ANYWAY"))
@spoken
def conflicts(
    url: str,
    days: int | None,
    limit: int | None,
    everything: bool,
    again: str | None,
    anyway: bool,
    out: Voice,
) -> int:
    with opened(url) as db:
        if again is not None:
            return _reapply(db, again, anyway, out)
        rows = [row for row in lists.conflicts(db) if _recent(row.at, days, everything)][:limit]
        showing = Showing(db)
        out.data([showing.conflict(row) for row in rows])
        if not rows:
            out.say("CONFLICTS_NONE")
        for row in rows if out.talks else ():
            told = showing.conflict(row)
            out.say(
                "CONFLICT" if row.field else "CONFLICT_RECORD",
                **{name: showing.text(value) for name, value in told.items()}
                | {
                    "at": local(row.at),
                    "title": showing.title(row.type, row.record, row.key),
                    "how": out.word(f"OUTCOME_{row.outcome.upper()}"),
                    "by": row.online_by or out.word("SOMEBODY"),
                },
            )
            if row.group:
                out.say("CONFLICT_GROUP", fields=row.group)
            if row.reapplied_seq is not None:
                out.say("CONFLICT_REAPPLIED")
        if any(row.id and row.reapplied_seq is None for row in rows):
            out.say("CONFLICTS_REAPPLY", url=url)
    return OK


def _reapply(db: CompanyDb, conflict: str, anyway: bool, out: Voice) -> int:
    done = undoing.reapply(db, conflict, anyway=anyway)
    out.data({"conflict": done.conflict, "record": done.record, "new": done.new, "seq": done.seq})
    out.say("REAPPLIED" if done.new else "REAPPLIED_BEFORE")
    return OK


@click.command("history", help=helped("HISTORY"))
@click.argument("url", metavar="URL")
@_window
@spoken
def history(url: str, days: int | None, limit: int | None, everything: bool, out: Voice) -> int:
    with opened(url) as db:
        runs = books.runs(db, books.KEPT_RUNS)
        kept = [run for run in runs if run.status != "error" and _recent(run.at, days, everything)]
        last = runlog.last_sync(db)
    by_day: dict[tuple[str, str], list[books.Run]] = {}
    for run in kept:
        by_day.setdefault((local(run.at)[:10], run.computer), []).append(run)
    days_told = [
        {
            "date": date,
            "computer": computer,
            "up": sum(run.up for run in group),
            "down": sum(run.down for run in group),
        }
        for (date, computer), group in by_day.items()
    ][:limit]
    out.data(
        {
            "last_sync": last.at or None,
            "last_sync_by": last.computer or None,
            "up": sum(run.up for run in kept),
            "down": sum(run.down for run in kept),
            "days": days_told,
        }
    )
    if last.at:
        out.say("HISTORY_LAST", at=local(last.at), computer=last.computer)
    else:
        out.say("HISTORY_NONE")
    if days_told:
        out.table(
            ("COL_DATE", "COL_COMPUTER", "N_UP", "N_DOWN"),
            [list(day.values()) for day in days_told],
        )
    return OK


@click.command("log", help=helped("LOG"))
@click.argument("url", metavar="URL")
@_window
@spoken
def log(url: str, days: int | None, limit: int | None, everything: bool, out: Voice) -> int:
    with opened(url) as db:
        rows = books.runs(db, books.KEPT_RUNS if everything or days else limit or ROWS)
    rows = [run for run in rows if days is None or _recent(run.at, days, everything)][:limit]
    told = [
        {
            "at": run.at,
            "status": run.status,
            "up": run.up,
            "down": run.down,
            "message": _message(run, out),
            "computer": run.computer,
        }
        for run in rows
    ]
    out.data(told)
    if not rows:
        out.say("LOG_NONE")
        return OK
    out.table(
        ("COL_TIME", "COL_STATUS", "N_UP", "N_DOWN", "COL_MESSAGE"),
        [
            (
                local(run.at),
                out.word(f"STATUS_{run.status.upper()}"),
                run.up,
                run.down,
                _message(run, out),
            )
            for run in rows
        ],
    )
    return OK


@click.command("ledger", help=helped("LEDGER"))
@click.argument("url", metavar="URL")
@spoken
def ledger(url: str, out: Voice) -> int:
    from samsyn.agent.pairing import unsent_changes

    with opened(url) as db:
        book = lists.ledger(db)
        answer = {
            **{name: getattr(book, name) for name in book.__struct_fields__},
            "waiting_up": unsent_changes(db),
        }
    out.data(answer)
    out.say("LEDGER", **answer)
    out.say("LEDGER_OK" if not book.difference else "LEDGER_DIFFERS", difference=book.difference)
    return OK if not book.difference else ATTENTION


@click.command("verify", help=helped("VERIFY"))
@click.argument("url", metavar="URL")
@click.option("--no-repair", is_flag=True, help=helped("NO_REPAIR"))
@click.option("--last", "last", is_flag=True, help=helped("VERIFY_LAST"))
@spoken
def verify(url: str, no_repair: bool, last: bool, out: Voice) -> int:
    where = parse(url)
    if last:
        return certificates.show(checking.last(where), out)
    found = checking.certify(where, this_computer(), repair=not no_repair, trace=traced(where))
    return certificates.show_new(found, out)


@click.command("trace", help=helped("TRACE"))
@click.argument("url", metavar="URL")
@click.option(
    "--lines", default=TRACE_LINES, show_default=True, type=click.IntRange(0), metavar="N",
    help=helped("LINES"),
)  # fmt: skip
@spoken
def trace(url: str, lines: int, out: Voice) -> int:
    path = trace_of(parse(url))
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    last = text.splitlines()[-lines:] if lines else []
    out.data({"path": str(path), "exists": path.is_file(), "lines": last})
    out.say("TRACE_AT" if text else "TRACE_NONE", path=path)
    for line in last:
        out.line(line)
    return OK


@contextmanager
def opened(url: str) -> Iterator[CompanyDb]:
    db = open_company_db(parse(url))
    try:
        yield db
    finally:
        db.close()


def _recent(at: str, days: int | None, everything: bool) -> bool:
    """Whether a moment is shown: times choose what is listed, and settle nothing."""
    if everything or not at:
        return True
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days or DAYS)
    return dt.datetime.fromisoformat(at) >= since


def _message(run: books.Run, out: Voice) -> str:
    noted = runlog.noted(run.message)
    if noted is None:
        return run.message
    return stalls.in_the_log(noted, out) or _why(noted, out)


def _why(noted: runlog.Noted, out: Voice) -> str:
    return out.word(reason_of(noted.code, noted.facts), **noted.facts)
