"""`samsyn`: the command line."""

from __future__ import annotations

import click

from samsyn import __version__
from samsyn.cli.agent import agent
from samsyn.cli.attaching import attach, detach
from samsyn.cli.clinic import quarantine
from samsyn.cli.collector import collect_seldom
from samsyn.cli.computers import choose_computer, computers
from samsyn.cli.connecting import connect, disconnect
from samsyn.cli.demo import demo
from samsyn.cli.holding import held
from samsyn.cli.looking import (
    conflicts,
    history,
    ledger,
    log,
    status,
    trace,
    verify,
)
from samsyn.cli.office import office
from samsyn.cli.online import online
from samsyn.cli.syncing import pause, resume, sync
from samsyn.cli.undoing import undo
from samsyn.cli.updating import update_connection
from samsyn.cli.voice import helped


class InOrder(click.Group):
    """Lists its commands in the order in which a person meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=InOrder,
    help=helped("SAMSYN"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="samsyn")
def main() -> None:
    collect_seldom()


for command in (
    demo,
    attach,
    connect,
    sync,
    agent,
    pause,
    resume,
    status,
    conflicts,
    history,
    log,
    quarantine,
    held,
    verify,
    ledger,
    undo,
    trace,
    computers,
    choose_computer,
    update_connection,
    disconnect,
    detach,
    office,
    online,
):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="samsyn")
