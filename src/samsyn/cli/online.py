"""`samsyn online …`: runs the service and keeps its companies.

Exit codes: 0 done, 1 it could not be done (the reason is told), 2 wrong usage, 4 an alarm is on
(`status`).
"""

from __future__ import annotations

import sys

import click
import msgspec

from samsyn.cli import online_companies
from samsyn.cli.online_group import Ran, now, online, service_command

__all__ = ["online", "online_companies"]
EXISTING = click.Path(dir_okay=False, exists=True)


@online.command()
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one.  [default: 8500]"
)
@click.option("--tls-cert", type=EXISTING, help="Certificate, PEM.")
@click.option("--tls-key", type=EXISTING, help="Its key, PEM.")
@click.option(
    "--behind-proxy",
    is_flag=True,
    default=None,
    help="A proxy on this machine speaks TLS for the service.",
)
@click.option(
    "--shared-port",
    is_flag=True,
    default=None,
    help="Several processes listen on the port, and the system shares the connections out.",
)
@service_command
def serve(service: Ran, /, **told: str | int | bool | None) -> None:
    """Run the service until Ctrl-C."""
    from samsyn.online import serve as server
    from samsyn.webkit.serving import begin_again

    out = service.out
    said = {key: value for key, value in told.items() if value is not None}
    address = server.address(msgspec.structs.replace(service.configure(), **said))
    service.open()
    again = server.serve(
        address, lambda url: out.told({"url": url, "ready": True}, "SERVING", url=url)
    )
    if again:
        begin_again()
    out.aside("STOPPED")


@online.command("check-config")
@service_command
def check_config(service: Ran) -> None:
    """Check the configuration and show it as it stands, without secrets."""
    from samsyn.online import configuration
    from samsyn.online import serve as server
    from samsyn.online.home import home

    out = service.out
    server.address(service.configure())
    found = [(o.key, configuration.shown(o), o.place) for o in configuration.told(home())]
    if out.as_json:
        out.data({key: {"value": value, "from": place} for key, value, place in found})
    for key, value, place in found if not out.as_json else ():
        code = "CONFIGURATION_LINE_SET" if place else "CONFIGURATION_LINE"
        out.line(code, key=key, value=msgspec.json.encode(value).decode(), place=place)


@online.command("create-company")
@click.argument("name")
@click.option("--owner", required=True, metavar="EMAIL", help="The first superuser.")
@service_command
def create_company(
    service: Ran,
    name: str,
    owner: str,
) -> None:
    """Create a company."""
    service.open()
    from samsyn.online.companies import accounts

    company = accounts.create_company(name, owner, now())
    answer = {"company": company.pk, "name": company.name}
    service.out.told(answer, "COMPANY_CREATED", plain=company.pk, owner=owner, **answer)


@online.command("list-companies")
@service_command
def list_companies(service: Ran) -> None:
    """List the companies of the service."""
    service.open()
    from samsyn.online.companies import accounts

    out = service.out
    companies = accounts.list_companies()
    rows = [
        {"company": c.company, "name": c.name, "created": c.created, "owners": list(c.owners)}
        for c in companies
    ]
    if out.as_json:
        out.data({"companies": rows})
    elif not rows:
        out.aside("NO_COMPANIES")
    for row in rows if not out.as_json else ():
        out.line("COMPANY_LINE", **{**row, "owners": ", ".join(row["owners"])})


@online.command("status")
@click.option("--company", metavar="ID", help="Only this company.")
@service_command
def status(
    service: Ran,
    company: str | None,
) -> None:
    """How each company's office stands to the service, with alarms. Exit code 4 where one is on."""
    service.open()
    from samsyn.cli.online_status import as_data, lines
    from samsyn.online.companies import accounts
    from samsyn.records.contact import contact
    from samsyn.records.tenant import Tenant

    out = service.out
    if company is not None:
        accounts.find_company(company)
    wanted = [c for c in accounts.list_companies() if company in (None, c.company)]
    moment = now().isoformat()
    found = [(c, contact(Tenant(c.company), moment)) for c in wanted]
    if out.as_json:
        out.data({"companies": [as_data(c, told) for c, told in found]})
    for c, told in found if not out.as_json else ():
        for code, facts in lines(c, told):
            if not out.quiet or code.startswith("OFFICE_"):
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
@service_command
def trim(
    service: Ran,
    period: str,
    company: str | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Let go of old changes, conflicts, settled quarantine and links. Offices may be connected."""
    service.open()
    from samsyn.cli.online_trim import before
    from samsyn.online.api import once
    from samsyn.online.companies import accounts
    from samsyn.records import clock, retention
    from samsyn.records.tenant import Tenant

    out = service.out
    if company is not None:
        accounts.find_company(company)
    moment = before(period, now(), force=force)
    for one in accounts.list_companies():
        if company in (None, one.company):
            tenant = Tenant(one.company)
            done = (
                retention.plan(tenant, moment)
                if dry_run
                else retention.trim(tenant, moment, clock.now())
            )
            answer = {"company": one.company, "name": one.name, **msgspec.to_builtins(done)}
            if not dry_run:
                once.forget_old(tenant, clock.now())
            out.told(answer, "TRIM_PLAN" if dry_run else "TRIMMED", **answer)


@online.command("pairing-code")
@click.option("--company", required=True, metavar="ID", help="The company.")
@service_command
def pairing_code(
    service: Ran,
    company: str,
) -> None:
    """Make a one-time code that connects a database at the office."""
    service.open()
    from samsyn.online.companies import accounts
    from samsyn.records import pairing
    from samsyn.records.tenant import Tenant

    found = accounts.find_company(company)
    code = pairing.make_code(Tenant(found.pk), found.name, int(now().timestamp()))
    service.out.told({"code": code}, "PAIRING_CODE", plain=code, code=code)


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
@service_command
def create_token(
    service: Ran,
    company: str,
    email: str,
    read_only: bool,
    scopes: tuple[str, ...],
    expires: str | None,
    name: str,
) -> None:
    """Make a token for another program to use the REST API."""
    if read_only and scopes:
        raise click.UsageError("--read-only and --scope exclude each other.")
    service.open()
    from samsyn.online.companies import expiry, tokens

    out, moment = service.out, now()
    last = expiry.moment(expires, moment) if expires is not None else None
    wanted = tokens.Wanted(tokens.scopes_of(read_only, scopes), name, last)
    made = tokens.create_token(company, email, wanted, moment)
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
@service_command
def new_password(
    service: Ran,
    email: str,
) -> None:
    """Give a person a new password, and end what he is signed in to."""
    service.open()
    from samsyn.online.people import passwords

    password = passwords.new_password(email)
    answer = {"email": email, "password": password}
    service.out.told(answer, "NEW_PASSWORD", plain=password, **answer)


if __name__ == "__main__":
    online()
