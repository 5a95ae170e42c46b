"""`samsyn`: the command line."""

from __future__ import annotations

import os
from importlib import import_module

import click

from samsyn import __version__
from samsyn.cli.collector import collect_seldom
from samsyn.cli.words import language_of, said

COMMANDS = {
    "demo": "demo",
    "attach": "attaching",
    "connect": "connecting",
    "sync": "syncing",
    "agent": "agent",
    "pause": "syncing",
    "resume": "syncing",
    "status": "looking",
    "conflicts": "looking",
    "history": "looking",
    "log": "looking",
    "quarantine": "clinic",
    "held": "holding",
    "verify": "looking",
    "ledger": "looking",
    "undo": "undoing",
    "trace": "looking",
    "computers": "computers",
    "choose-computer": "computers",
    "update-connection": "updating",
    "disconnect": "connecting",
    "detach": "attaching",
    "office": "office",
    "online": "online",
}
"""Each command's module, in the order in which a person meets them."""


class OnDemand(click.Group):
    """Imports a command when it is asked for: all of them together take longer than most need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"samsyn.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found


@click.group(
    cls=OnDemand,
    help=said("HELP_SAMSYN", {}, language_of(os.environ)),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="samsyn")
def main() -> None:
    collect_seldom()


if __name__ == "__main__":
    main(prog_name="samsyn")
