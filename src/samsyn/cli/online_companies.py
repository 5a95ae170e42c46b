"""`samsyn online companies …`: each company's standing with the service; `operator`, `storage`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from samsyn.cli.moments import local
from samsyn.cli.online_group import Ran, now, online, service_command

if TYPE_CHECKING:
    from samsyn.online.companies.models import Company
    from samsyn.online.operating.models import Care


MOMENTS = ("last_heard", "suspended", "delete_at", "last_seen", "revoked")


@online.group("companies")
def companies() -> None:
    """The companies: how they stand, their names, their suspension, their end."""


@companies.command("list")
@click.argument("words", default="")
@service_command
def list_all(service: Ran, words: str) -> None:
    """List the companies, or those with WORDS in name, id or a member's address."""
    service.open()
    from samsyn.online.operating.overview import overview

    out = service.out
    found = overview(words, now())
    if out.as_json:
        out.data({"companies": [msgspec.to_builtins(one) for one in found]})
    elif not found:
        out.aside("NO_COMPANIES")
    for one in found if not out.as_json else ():
        out.line("COMPANY_STANDS", **_facts(one))


@companies.command("show")
@click.argument("company")
@service_command
def show(service: Ran, company: str) -> None:
    """Show one company: members, office, storage, what is kept, and its end where it has one."""
    company_, care = _found(service, company)
    from samsyn.online.operating.overview import standing_of
    from samsyn.records.connections import connections
    from samsyn.records.storage import storage
    from samsyn.records.tenant import Tenant

    out, tenant = service.out, Tenant(company_.pk)
    one = standing_of(company_, care, now())
    had = connections(tenant)
    size = storage(tenant)
    if out.as_json:
        told = {"connections": had, "storage": size, **msgspec.to_builtins(one)}
        out.data(msgspec.to_builtins(told))
        return
    out.line("COMPANY_STANDS", **_facts(one))
    out.line("COMPANY_TAKES", **msgspec.to_builtins(size))
    out.line("COMPANY_KEEPS", days=one.keep_days)
    for each in had:
        code = "CONNECTION_LIVES" if each.revoked is None else "CONNECTION_ENDED"
        out.line(code, **_facts(each))


@companies.command("rename")
@click.argument("company")
@click.argument("name")
@service_command
def rename(service: Ran, company: str, name: str) -> None:
    """Give a company another name."""
    found, _ = _found(service, company)
    from samsyn.online.operating import care

    care.rename(found, name, _by(), now())
    service.out.told({"company": found.pk, "name": found.name}, "COMPANY_RENAMED", name=found.name)


@companies.command("suspend")
@click.argument("company")
@click.option("--why", default="", metavar="WORDS", help="What its members read.")
@service_command
def suspend(service: Ran, company: str, why: str) -> None:
    """Turn the company's office, programs and members away until it is resumed. Nothing is lost."""
    found, _ = _found(service, company)
    from samsyn.online.operating import care

    care.suspend(found, why, _by(), now())
    service.out.told({"company": found.pk, "suspended": True}, "NOW_SUSPENDED", name=found.name)


@companies.command("resume")
@click.argument("company")
@service_command
def resume(service: Ran, company: str) -> None:
    """Let a suspended company in again; its office goes on by itself."""
    found, _ = _found(service, company)
    from samsyn.online.operating import care

    care.resume(found, _by(), now())
    service.out.told({"company": found.pk, "suspended": False}, "COMPANY_RESUMED", name=found.name)


@companies.command("delete")
@click.argument("company")
@click.option("--at", metavar="DAY", help="The day: 2027-06-30, or in days: 30d.  [default: 30d]")
@click.option("--cancel", is_flag=True, help="The company stays.")
@click.option("--now", "at_once", is_flag=True, help="At once; the name must be said in --name.")
@click.option("--name", default="", metavar="NAME", help="The company's name, with --now.")
@service_command
def delete(
    service: Ran, company: str, at: str | None, cancel: bool, at_once: bool, name: str
) -> None:
    """Delete a company: at its date, by itself; its superusers are written to. Or cancel that."""
    if sum((at is not None, cancel, at_once)) > 1:
        raise click.UsageError("--at, --cancel and --now exclude each other.")
    found, _ = _found(service, company)
    if at_once and name != found.name:
        raise click.UsageError(f"--now needs --name {found.name!r}: nothing brings it back.")
    from samsyn.online.operating import care, ending

    out, moment = service.out, now()
    if cancel:
        care.cancel_deletion(found, _by(), moment)
        out.told({"company": company, "delete_at": None}, "KEPT_ON", name=found.name)
    elif at_once:
        ending.delete(found, moment, _by())
        out.told({"company": company, "deleted": True}, "DELETED", name=found.name)
    else:
        when = care.ordinary_end(moment) if at is None else care.end_of(at, moment)
        care.decide_deletion(found, when, _by(), moment)
        answer = {"company": company, "delete_at": when.isoformat()}
        out.told(answer, "TO_BE_DELETED", name=found.name, date=when.date().isoformat())


@companies.command("retention")
@click.argument("company")
@click.argument("days", required=False, type=click.IntRange(0))
@click.option("--default", "ordinary", is_flag=True, help="As the service does.")
@service_command
def retention(service: Ran, company: str, days: int | None, ordinary: bool) -> None:
    """How long a company's changes and conflicts are kept: show it, or set DAYS, 90 at least."""
    found, care_ = _found(service, company)
    from samsyn.online.operating import care

    if days is not None or ordinary:
        care.keep(found, None if ordinary else days, _by(), now())
        care_ = care.care_of(found.pk)
    told = care.days_kept(care_)
    service.out.told({"company": found.pk, "keep_days": told}, "COMPANY_KEEPS", days=told)


@online.command("export")
@click.option("--company", required=True, metavar="ID", help="The company.")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The new file.",
)
@click.option(
    "--office-database",
    is_flag=True,
    help="An SQLite database with real tables, that can be attached and connected.  [default: a zip in open formats]",
)
@service_command
def export(service: Ran, company: str, path: Path, office_database: bool) -> None:
    """Take a company along whole: CSV, JSON lines, files, change log, conflicts; or as a database."""
    found, _ = _found(service, company)
    from samsyn.online.operating import exporting

    try:
        exporting.export_to(found, path, database=office_database, by=_by(), now=now())
    except OSError as error:
        raise exporting.CannotWrite(file=str(path), reason=error.strerror or str(error)) from error
    answer = {"company": found.pk, "file": str(path), "bytes": path.stat().st_size}
    service.out.told(answer, "EXPORTED", plain=str(path), **answer, name=found.name)


@online.command("backup")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The new folder.",
)
@service_command
def backup(service: Ran, folder: Path) -> None:
    """Back up a service on SQLite while it runs: its store, its key, its configuration's file."""
    service.open()
    from samsyn.online import backup as backing
    from samsyn.online.home import home

    answer = {"folder": str(folder), "bytes": backing.back_up(home(), folder)}
    service.out.told(answer, "BACKED_UP", plain=str(folder), **answer)


@online.command("storage")
@click.option("--company", metavar="ID", help="Only this company.")
@service_command
def storage(service: Ran, company: str | None) -> None:
    """How much each company takes: records, rows of the change log, bytes. Reads all its rows."""
    service.open()
    from samsyn.online.companies import accounts
    from samsyn.records import storage as measuring
    from samsyn.records.tenant import Tenant

    out = service.out
    if company is not None:
        accounts.find_company(company)
    rows = [
        (one, measuring.storage(Tenant(one.company)))
        for one in accounts.list_companies()
        if company in (None, one.company)
    ]
    told = [{"company": c.company, "name": c.name, **msgspec.to_builtins(s)} for c, s in rows]
    if out.as_json:
        out.data({"companies": told})
    for row in told if not out.as_json else ():
        out.line("STORAGE_LINE", **row)


@online.command("operator")
@click.argument("email", required=False)
@click.option("--grant", is_flag=True, help="Appoint.")
@click.option("--revoke", is_flag=True, help="Dismiss.")
@service_command
def operator(service: Ran, email: str | None, grant: bool, revoke: bool) -> None:
    """Say who may open the operator's pages: a Samsyn ID with a second factor. Without EMAIL: list them."""
    if (grant and revoke) or (email is not None) != (grant or revoke):
        raise click.UsageError("EMAIL goes with --grant or --revoke.")
    service.open()
    from samsyn.online.operating import operators

    out = service.out
    if email is not None:
        (operators.grant if grant else operators.revoke)(email, _by(), now())
        answer = {"email": email, "operator": grant}
        out.told(answer, "OPERATOR_GRANTED" if grant else "OPERATOR_REVOKED", email=email)
    elif out.as_json:
        out.data({"operators": operators.addresses()})
    elif listed := operators.addresses():
        click.echo("\n".join(listed))
    else:
        out.aside("NO_OPERATORS")


def _found(service: Ran, company_id: str) -> tuple[Company, Care]:
    service.open()
    from samsyn.online.companies.accounts import find_company
    from samsyn.online.operating.care import care_of

    return find_company(company_id), care_of(company_id)


def _by() -> str:
    from samsyn.online.operating.acts import on_the_command_line

    return on_the_command_line()


def _facts(one: Any) -> dict[str, Any]:  # Any: facts of any kind for a sentence
    told = msgspec.to_builtins(one)
    return {name: _fact(name, value) for name, value in told.items()}


def _fact(name: str, value: Any) -> Any:  # Any: of any kind, in words
    match value:
        case None | "" | []:
            return "–"
        case list():
            return ", ".join(value)
        case str() if name in MOMENTS:
            return local(value)
    return value
