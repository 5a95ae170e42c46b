"""`samsyn computers` and `samsyn choose-computer`: where the agent of a company database runs."""

from __future__ import annotations

import click

from samsyn.agent import computers as known
from samsyn.agent.clock import now_text
from samsyn.agent.lease import this_computer
from samsyn.cli.moments import local
from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import parse


@click.command("computers", help=helped("COMPUTERS"))
@click.argument("url", metavar="URL")
@spoken
def computers(url: str, out: Voice) -> int:
    db = open_company_db(parse(url))
    try:
        rows = known.computers(db)
    finally:
        db.close()
    out.data(
        [
            {
                "id": row.id,
                "name": row.name,
                "last_seen": row.last_seen or None,
                "chosen": row.chosen,
                "agent_runs": row.holds,
            }
            for row in rows
        ]
    )
    if not rows:
        out.say("COMPUTERS_NONE")
        return OK
    out.table(
        ("COL_COMPUTER", "COL_ROLE", "COL_SEEN", "COL_ID"),
        [(row.name, _role(row, out), local(row.last_seen), row.id) for row in rows],
    )
    return OK


@click.command("choose-computer", help=helped("CHOOSE"))
@click.argument("url", metavar="URL")
@click.argument("computer", required=False)
@click.option("--this", is_flag=True, help=helped("CHOOSE_THIS"))
@click.option("--any", "anyone", is_flag=True, help=helped("CHOOSE_ANY"))
@spoken
def choose_computer(url: str, computer: str | None, this: bool, anyone: bool, out: Voice) -> int:
    if sum((computer is not None, this, anyone)) != 1:
        raise click.UsageError(out.word("CHOOSE_ONE"))
    db = open_company_db(parse(url))
    try:
        if this:
            me = this_computer()
            with db.transaction():
                known.register(db, me, now_text())
            computer = me.id
        known.choose(db, computer)
        chosen = next((c for c in known.computers(db) if c.chosen), None)
    finally:
        db.close()
    out.data({"chosen": None if chosen is None else {"id": chosen.id, "name": chosen.name}})
    if chosen is None:
        out.say("CHOSEN_ANY")
    else:
        out.say("CHOSEN", computer=chosen.name)
    return OK


def _role(row: known.Known, out: Voice) -> str:
    roles = [out.word("ROLE_CHOSEN")] if row.chosen else []
    roles += [out.word("ROLE_HOLDS")] if row.holds else []
    return ", ".join(roles)
