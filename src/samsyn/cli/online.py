"""`samsyn online …`: runs the service and keeps its companies.

Exit codes: 0 done, 1 it could not be done (the reason is told), 2 wrong usage, 4 an alarm is on
(`status`).
"""

from __future__ import annotations

import datetime
import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import click
import msgspec

from samsyn.cli.online_words import WORDS
from samsyn.core.errors import SamsynError

P = ParamSpec("P")


@click.group("online", context_settings={"help_option_names": ["-h", "--help"]})
def online() -> None:
    """The service: run it, and keep its companies.

    Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 4 an alarm is on (status).
    """


def _service_command(command: Callable[P, None]) -> Callable[P, None]:
    """The options that every command here has, and errors as words."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        out = Voice(bool(kwargs["as_json"]), bool(kwargs["quiet"]))
        try:
            command(*args, **kwargs)
        except SamsynError as error:
            out.failed(error)
            sys.exit(1)

    for option in (
        click.option("--quiet", is_flag=True, help="Say nothing but what was asked for."),
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs."),
        click.option(
            "--database",
            metavar="URL",
            help="The service's database: postgresql://…  [default: SQLite in the home folder]",
        ),
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            help="The service's folder.  [default: ~/.local/share/samsyn/online]",
        ),
    ):
        told = option(told)
    return told


@online.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8500,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 takes a free one.",
)
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Certificate, PEM.",
)
@click.option(
    "--tls-key", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Its key, PEM."
)
@click.option(
    "--behind-proxy", is_flag=True, help="A proxy on this machine speaks TLS for the service."
)
@_service_command
def serve(
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: bool,
    home: Path | None,
    database: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run the service until Ctrl-C."""
    from samsyn.online import serve as server

    out = Voice(as_json, quiet)
    address = server.Address(host, port, tls_cert, tls_key, behind_proxy)
    server.check(address)
    _open(home, database)
    server.serve(address, lambda url: out.told({"url": url, "ready": True}, "SERVING", url=url))
    out.aside("STOPPED")


@online.command("create-company")
@click.argument("name")
@click.option("--owner", required=True, metavar="EMAIL", help="The first superuser.")
@_service_command
def create_company(
    name: str, owner: str, home: Path | None, database: str | None, as_json: bool, quiet: bool
) -> None:
    """Create a company."""
    _open(home, database)
    from samsyn.online.companies import accounts

    company = accounts.create_company(name, owner, _now())
    answer = {"company": company.pk, "name": company.name}
    voice = Voice(as_json, quiet)
    voice.told(answer, "COMPANY_CREATED", plain=company.pk, owner=owner, **answer)


@online.command("list-companies")
@_service_command
def list_companies(home: Path | None, database: str | None, as_json: bool, quiet: bool) -> None:
    """List the companies of the service."""
    _open(home, database)
    from samsyn.online.companies import accounts

    out = Voice(as_json, quiet)
    companies = accounts.list_companies()
    rows = [
        {"company": c.company, "name": c.name, "created": c.created, "owners": list(c.owners)}
        for c in companies
    ]
    if as_json:
        out.data({"companies": rows})
    elif not rows:
        out.aside("NO_COMPANIES")
    for row in rows if not as_json else ():
        out.line("COMPANY_LINE", **{**row, "owners": ", ".join(row["owners"])})


@online.command("status")
@click.option("--company", metavar="ID", help="Only this company.")
@_service_command
def status(
    company: str | None, home: Path | None, database: str | None, as_json: bool, quiet: bool
) -> None:
    """How each company's office stands to the service, with alarms. Exit code 4 where one is on."""
    _open(home, database)
    from samsyn.cli.online_status import as_data, lines
    from samsyn.online.companies import accounts
    from samsyn.records.contact import contact
    from samsyn.records.tenant import Tenant

    out = Voice(as_json, quiet)
    if company is not None:
        accounts.find_company(company)
    wanted = [c for c in accounts.list_companies() if company in (None, c.company)]
    now = _now().isoformat()
    found = [(c, contact(Tenant(c.company), now)) for c in wanted]
    if as_json:
        out.data({"companies": [as_data(c, told) for c, told in found]})
    for c, told in found if not as_json else ():
        for code, facts in lines(c, told):
            if not quiet or code.startswith("OFFICE_"):
                out.line(code, **facts)
    if any(told.alarms for _, told in found):
        sys.exit(4)


@online.command("trim")
@click.option(
    "--older-than", "period", default="90d", show_default=True, metavar="DAYSd", help="How old."
)
@click.option("--company", metavar="ID", help="Only this company.")
@click.option("--dry-run", is_flag=True, help="Only tell how much is older.")
@click.option("--force", is_flag=True, help="Take a period of less than 90 days, 8 at least.")
@_service_command
def trim(
    period: str,
    company: str | None,
    dry_run: bool,
    force: bool,
    home: Path | None,
    database: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Let go of old changes, conflicts, settled quarantine and links. Offices may be connected."""
    _open(home, database)
    from samsyn.cli.online_trim import before
    from samsyn.online.companies import accounts
    from samsyn.records import clock, retention
    from samsyn.records.tenant import Tenant

    out = Voice(as_json, quiet)
    if company is not None:
        accounts.find_company(company)
    now, moment = clock.now(), before(period, _now(), force=force)
    for one in accounts.list_companies():
        if company in (None, one.company):
            tenant = Tenant(one.company)
            done = (
                retention.plan(tenant, moment) if dry_run else retention.trim(tenant, moment, now)
            )
            answer = {"company": one.company, "name": one.name, **msgspec.to_builtins(done)}
            out.told(answer, "TRIM_PLAN" if dry_run else "TRIMMED", **answer)


@online.command("pairing-code")
@click.option("--company", required=True, metavar="ID", help="The company.")
@_service_command
def pairing_code(
    company: str, home: Path | None, database: str | None, as_json: bool, quiet: bool
) -> None:
    """Make a one-time code that connects a database at the office."""
    _open(home, database)
    from samsyn.online.companies import accounts
    from samsyn.records import pairing
    from samsyn.records.tenant import Tenant

    found = accounts.find_company(company)
    code = pairing.make_code(Tenant(found.pk), found.name, int(_now().timestamp()))
    Voice(as_json, quiet).told({"code": code}, "PAIRING_CODE", plain=code, code=code)


@online.command("create-token")
@click.option("--company", required=True, metavar="ID", help="The company.")
@click.option("--email", required=True, metavar="EMAIL", help="The person the program acts for.")
@click.option("--read-only", is_flag=True, help="The token cannot change anything.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="Only this: read, write or delete, also for one register (write:contacts); conflicts:read|mend,"
    " quarantine:read|mend, undo, webhooks. May be said several times.  [default: everything]",
)
@click.option("--expires", metavar="DAY", help="The token's last day: 2027-06-30, or in days: 90d.")
@click.option("--name", default="", metavar="NAME", help="What the program is called.")
@_service_command
def create_token(
    company: str,
    email: str,
    read_only: bool,
    scopes: tuple[str, ...],
    expires: str | None,
    name: str,
    home: Path | None,
    database: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make a token for another program to use the REST API."""
    if read_only and scopes:
        raise click.UsageError("--read-only and --scope exclude each other.")
    _open(home, database)
    from samsyn.online.companies import expiry, tokens

    out, now = Voice(as_json, quiet), _now()
    last = expiry.moment(expires, now) if expires is not None else None
    wanted = tokens.Wanted(tokens.scopes_of(read_only, scopes), name, last)
    made = tokens.create_token(company, email, wanted, now)
    answer = {
        "token": made.token,
        "company": company,
        "role": made.role,
        "read_only": made.read_only,
        "new_member": made.new_member,
        "scopes": list(made.scopes),
        "expires": last.isoformat() if last is not None else None,
    }
    rights = out.word("READS" if made.read_only else "READS_AND_WRITES")
    out.told(answer, "TOKEN", plain=made.token, token=made.token, email=email, rights=rights)
    if made.new_member:
        out.aside("TOKEN_NEW_MEMBER", email=email, role=made.role)


@online.command("new-password")
@click.argument("email")
@_service_command
def new_password(
    email: str, home: Path | None, database: str | None, as_json: bool, quiet: bool
) -> None:
    """Give a person a new password, and end what he is signed in to."""
    _open(home, database)
    from samsyn.online.people import passwords

    password = passwords.new_password(email)
    answer = {"email": email, "password": password}
    Voice(as_json, quiet).told(answer, "NEW_PASSWORD", plain=password, **answer)


class Voice:
    """Says things as the caller wants them: JSON, plain words, or only what was asked for."""

    def __init__(self, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def told(
        self, answer: dict[str, Any], code: str, /, plain: str | None = None, **facts: object
    ) -> None:
        """An answer: as JSON, as words, or quietly just the thing itself."""
        if self.as_json:
            self.data(answer)
        elif not self.quiet:
            self.line(code, **facts)
        elif plain is not None:
            click.echo(plain)

    def data(self, answer: dict[str, Any]) -> None:
        """One line of JSON, at once: another program may be waiting for it."""
        click.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()

    def line(self, code: str, /, **facts: object) -> None:
        """Words on standard output."""
        click.echo(self.word(code, **facts))
        sys.stdout.flush()

    def aside(self, code: str, /, **facts: object) -> None:
        """Words that are no answer: on standard error, not to programs, not quietly."""
        if not self.as_json and not self.quiet:
            click.echo(self.word(code, **facts), err=True)

    def failed(self, error: SamsynError) -> None:
        """The reason why it could not be done."""
        words = self.word(error.code, **error.facts)
        if self.as_json:
            self.data({"error": error.code, "message": words, **_plain(error.facts)})
        else:
            click.echo(words, err=True)

    def word(self, code: str, /, **facts: object) -> str:
        """The words of a code in the reader's language."""
        if code not in WORDS:
            return f"{code}: {facts}" if facts else code
        return WORDS[code][_speaks_swedish()].format(**facts)


def _speaks_swedish() -> bool:
    told = os.environ.get("SAMSYN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return told.lower().startswith("sv")


def _plain(facts: dict[str, object]) -> dict[str, object]:
    return {
        k: v if isinstance(v, str | int | float | bool | None) else str(v) for k, v in facts.items()
    }


def _open(home: Path | None, database: str | None) -> None:
    from samsyn.online.startup import open_service

    open_service(home, database)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


if __name__ == "__main__":
    online()
