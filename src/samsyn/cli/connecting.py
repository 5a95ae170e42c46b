"""`samsyn connect` and `samsyn disconnect`: a company database and its company online."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import ClassVar

import click

from samsyn.agent import approving, pairing, syncing
from samsyn.agent.lease import this_computer
from samsyn.agent.tracing import traced
from samsyn.cli.outcome import show_rest
from samsyn.cli.voice import FAILED, OK, Voice, helped, spoken
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import CompanyUrl, parse
from samsyn.core.errors import SamsynError


class ChangesWaiting(SamsynError):
    """Disconnecting now leaves changes that the other side has not seen: `waiting_up`."""

    code: ClassVar[str] = "CHANGES_WAITING"


@click.command("connect", help=helped("CONNECT"))
@click.argument("url", metavar="URL")
@click.option("--online", required=True, metavar="URL", help=helped("ONLINE"))
@click.option("--code", metavar="CODE", help=helped("CODE"))
@click.option("--now", is_flag=True, help=helped("NOW"))
@spoken
def connect(url: str, online: str, code: str | None, now: bool, out: Voice) -> int:
    where, me = parse(url), this_computer()
    if code is None:
        code = _approved(where, online, out)
    made = pairing.connect(where, online, code, me)
    answer = {
        "connected": True,
        "connection": made.id,
        "company": made.company,
        "company_name": made.company_name,
        "online": made.online,
        "newcomer": made.newcomer,
    }
    if made.newcomer:
        out.say("CONNECTED_NEWCOMER", company_name=made.company_name)
    if not now:
        out.data(answer)
        out.say("CONNECTED", company_name=made.company_name, online=made.online, url=url)
        return OK
    out.say("CONNECTED_NOW", company_name=made.company_name, online=made.online)
    with out.progress() as progress:
        rest = syncing.sync(where, me, progress=progress, trace=traced(where))
    return show_rest(rest, out, answer)


def _approved(where: CompanyUrl, online: str, out: Voice) -> str:
    """A code that a person approves in a browser, meanwhile; what cannot be connected is told before."""
    with closing(open_company_db(where)) as db:
        if (known := books.connection(db)) is not None:
            raise pairing.AlreadyConnected(company_name=known.company_name, online=known.online)

    def show(address: str, code: str) -> None:
        if not out.talks:
            click.echo(address, err=True)
        out.say("CONNECT_APPROVE", address=address, code=code)

    return approving.approved(where, online, this_computer(), show)


@click.command("disconnect", help=helped("DISCONNECT"))
@click.argument("url", metavar="URL")
@click.option("--yes", is_flag=True, help=helped("YES"))
@click.option("--force", is_flag=True, help=helped("DISCONNECT_FORCE"))
@spoken
def disconnect(url: str, yes: bool, force: bool, out: Voice) -> int:
    where = parse(url)
    if not yes and not _confirmed(url, out):
        return FAILED
    ended = pairing.disconnect(where, force=force)
    out.data(
        {
            "connected": False,
            "company": ended.company,
            "company_name": ended.company_name,
            "online": ended.online,
            "told_service": ended.told,
            "waiting_up": ended.waiting_up,
        }
    )
    out.say("DISCONNECTED", company_name=ended.company_name)
    if not ended.told:
        out.say("DISCONNECTED_UNTOLD", online=ended.online)
    if ended.waiting_up:
        out.say("DISCONNECTED_WAITING", waiting_up=ended.waiting_up)
    return OK


def _confirmed(url: str, out: Voice) -> bool:
    """Where changes wait a person is asked, and a program must say --yes."""
    db = open_company_db(parse(url))
    try:
        waiting = pairing.unsent_changes(db) if books.connection(db) is not None else 0
    finally:
        db.close()
    if not waiting:
        return True
    if not out.talks or not sys.stdin.isatty():
        raise ChangesWaiting(waiting_up=waiting, url=url)
    return click.confirm(out.word("DISCONNECT_ANYWAY", waiting_up=waiting))
