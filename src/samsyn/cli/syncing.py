"""`samsyn sync`, `pause` and `resume`."""

from __future__ import annotations

import click

from samsyn.agent import pausing
from samsyn.agent import syncing as until_rest
from samsyn.agent.lease import this_computer
from samsyn.agent.tracing import traced
from samsyn.cli.outcome import show_rest
from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.companydb.urls import parse


@click.command("sync", help=helped("SYNC"))
@click.argument("url", metavar="URL")
@click.option(
    "--timeout",
    "timeout_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help=helped("TIMEOUT"),
)
@spoken
def sync(url: str, timeout_s: float, out: Voice) -> int:
    where = parse(url)
    with out.progress() as progress:
        rest = until_rest.sync(
            where,
            this_computer(),
            timeout_s=timeout_s,
            progress=progress,
            trace=traced(where),
        )
    return show_rest(rest, out)


@click.command("pause", help=helped("PAUSE"))
@click.argument("url", metavar="URL")
@spoken
def pause(url: str, out: Voice) -> int:
    pausing.pause(parse(url), paused=True)
    out.data({"paused": True})
    out.say("PAUSED", url=url)
    return OK


@click.command("resume", help=helped("RESUME"))
@click.argument("url", metavar="URL")
@spoken
def resume(url: str, out: Voice) -> int:
    pausing.pause(parse(url), paused=False)
    out.data({"paused": False})
    out.say("RESUMED", url=url)
    return OK
