"""`samsyn update-connection`: the sync is taken up again after a restore, a move or a new password."""

from __future__ import annotations

from contextlib import closing

import click

from samsyn.agent import home
from samsyn.agent.lease import this_computer
from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import parse


@click.command("update-connection", help=helped("UPDATE"))
@click.argument("url", metavar="URL")
@click.option("--moved", is_flag=True, required=True, help=helped("MOVED"))
@spoken
def update_connection(url: str, moved: bool, out: Voice) -> int:
    with closing(open_company_db(parse(url))) as db:
        place = home.move(db, this_computer())
    out.data({"home": place})
    out.say("UPDATE_MOVED", place=place)
    return OK
