"""`samsyn office`: the office program in the browser, and what its operator does beside it."""

from __future__ import annotations

from pathlib import Path

import click

from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.companydb.urls import parse

PORT = 8400
HOME = click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help=helped("OFFICE_HOME")
)


@click.group("office", invoke_without_command=True, help=helped("OFFICE"))
@click.option("--host", default="127.0.0.1", show_default=True, help=helped("OFFICE_HOST"))
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=helped("OFFICE_PORT"),
)
@HOME
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=helped("OFFICE_TLS_CERT"),
)
@click.option(
    "--tls-key",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=helped("OFFICE_TLS_KEY"),
)
@click.option("--behind-proxy", is_flag=True, help=helped("OFFICE_BEHIND_PROXY"))
@click.option("--no-agent", is_flag=True, help=helped("OFFICE_NO_AGENT"))
@click.option("--no-agent-for", multiple=True, metavar="URL", help=helped("OFFICE_NO_AGENT_FOR"))
@click.option("--quiet", is_flag=True, help=helped("QUIET"))
@click.option("--json", "as_json", is_flag=True, help=helped("JSON"))
@click.pass_context
def office(context: click.Context, /, **options: object) -> None:
    if context.invoked_subcommand is None:
        context.invoke(serve, **options)


@click.command("serve", hidden=True)
@spoken
def serve(
    host: str,
    port: int,
    home: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: bool,
    no_agent: bool,
    no_agent_for: tuple[str, ...],
    out: Voice,
) -> int:
    from samsyn.office import serve as server
    from samsyn.office.startup import open_office
    from samsyn.webkit.serving import begin_again

    def ready(url: str) -> None:
        out.data({"url": url, "ready": True})
        out.say("OFFICE_SERVING", url=url)

    elsewhere = [parse(url) for url in no_agent_for]
    address = server.Address(host, port, tls_cert, tls_key, behind_proxy)
    server.check(address)
    open_office(home)
    if server.serve(address, ready, agents_for=lambda url: not no_agent and url not in elsewhere):
        begin_again()
    out.say("OFFICE_STOPPED")
    return OK


@office.command("new-password", help=helped("OFFICE_NEW_PASSWORD"))
@click.argument("username", metavar="USER")
@HOME
@spoken
def new_password(username: str, home: Path | None, out: Voice) -> int:
    from samsyn.office.startup import open_office

    open_office(home)
    from samsyn.office.people.operating import give_password

    given = give_password(username)
    out.data({"user": given.username, "password": given.password, "made": given.made})
    out.say("OFFICE_PASSWORD_GIVEN", user=given.username, password=given.password)
    return OK


@office.command("open", help=helped("OFFICE_OPEN"))
@click.argument("url", metavar="URL")
@click.option("--name", required=True, help=helped("OFFICE_OPEN_NAME"))
@click.option(
    "--detail",
    "details",
    multiple=True,
    type=(str, str),
    metavar="DETAIL VALUE",
    help=helped("OFFICE_OPEN_DETAIL"),
)
@HOME
@spoken
def open_(
    url: str, name: str, details: tuple[tuple[str, str], ...], home: Path | None, out: Voice
) -> int:
    from samsyn.office.startup import open_office

    open_office(home)
    from samsyn.office.companies.making import take_in
    from samsyn.office.companies.stating import state_details

    made = take_in(url, name)
    state_details(made, dict(details))
    out.data({"alias": made.alias, "name": made.name})
    out.say("OFFICE_OPENED", name=made.name, alias=made.alias)
    return OK


@office.command("register", help=helped("OFFICE_REGISTER"))
@click.argument("company", metavar="COMPANY")
@click.option("--contact", required=True, help=helped("OFFICE_REGISTER_CONTACT"))
@click.option("--phone", required=True, help=helped("OFFICE_REGISTER_PHONE"))
@HOME
@spoken
def register(company: str, contact: str, phone: str, home: Path | None, out: Voice) -> int:
    from samsyn.office.startup import open_office

    open_office(home)
    from samsyn.office.companies.stating import register_to

    register_to(company, contact, phone)
    out.data({"company": company, "contact": contact})
    out.say("OFFICE_REGISTERED", company=company, contact=contact)
    return OK


@office.command("link", help=helped("OFFICE_LINK"))
@click.argument("username", metavar="USER")
@click.option("--company", required=True, metavar="ALIAS", help=helped("OFFICE_LINK_COMPANY"))
@click.option("--employee", required=True, metavar="E-MAIL", help=helped("OFFICE_LINK_EMPLOYEE"))
@HOME
@spoken
def link(username: str, company: str, employee: str, home: Path | None, out: Voice) -> int:
    from samsyn.office.startup import open_office

    open_office(home)
    from samsyn.office.people import linking

    name = linking.link(username, company, employee)
    out.data({"user": username, "company": company, "employee": name})
    out.say("OFFICE_LINKED", user=username, name=name, company=company)
    return OK


if __name__ == "__main__":
    office(prog_name="samsyn office")
