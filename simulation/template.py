"""What every history begins with, made once in a process: companies attached, connected, loaded."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import apsw

from samsyn.companydb import attach, books
from samsyn.companydb.opening import opened
from samsyn.companydb.urls import SqliteUrl
from samsyn.protocol.messages import PairRequest
from samsyn.protocol.wire import Limits
from samsyn.records import connections, pairing
from samsyn.records.connections import Caller
from samsyn.records.tenant import Tenant
from simulation import store
from simulation.clock import VirtualClock
from simulation.network import Network, Weather
from simulation.office import Agent
from simulation.schema import STATEMENTS
from simulation.service import DirectService
from simulation.trace import Trace

COMPANIES = ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
AT, AT_S = "2026-11-23T10:00:00.000Z", 1_795_428_000
_URLS = itertools.count(1)


class Made(NamedTuple):
    """One company of the template."""

    office: apsw.Connection
    """A copy of its database."""
    schema: list[tuple[str, ...]]
    """What its schema was before attach."""
    caller: Caller
    numbers: dict[str, int]
    """The number that each type got at attach."""


class Template(NamedTuple):
    """The store and the offices at the start of a history."""

    store: store.Raw
    companies: tuple[Made, ...]


@functools.cache
def template(*, loaded: bool) -> Template:
    """Made on the store in memory that is open."""
    store.put_back(_empty())
    companies = tuple(_company(name, loaded=loaded) for name in COMPANIES)
    made = Template(store.backup(), companies)
    store.put_back(_empty())
    return made


@functools.cache
def _empty() -> store.Raw:
    return store.backup()


def new_url() -> SqliteUrl:
    """A database in memory that several connections of this process can open."""
    return SqliteUrl(f"file:/simulation-{next(_URLS)}?vfs=memdb")


def opened_by_program(url: SqliteUrl) -> apsw.Connection:
    """A connection of the company's own program; the database lives as long as one is open."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
    return apsw.Connection(url.path, flags=flags)


def copied(source: apsw.Connection, target: apsw.Connection) -> None:
    """The target becomes what the source is, as it is committed."""
    with target.backup("main", source, "main") as copy:
        copy.step(-1)


def copy_of(source: apsw.Connection) -> apsw.Connection:
    """A copy that nobody else sees."""
    target = apsw.Connection(":memory:")
    copied(source, target)
    return target


def schema_of(connection: apsw.Connection) -> list[tuple[str, ...]]:
    """Every object of the schema, as it is written down."""
    return sorted(
        connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
    )


def new_ids(random: Random) -> Callable[[], str]:
    """Record ids from the seed."""
    return lambda: f"{random.getrandbits(128):032x}"


def _company(name: str, *, loaded: bool) -> Made:
    url = new_url()
    program = opened_by_program(url)
    for statement in STATEMENTS:
        program.execute(statement)
    schema = schema_of(program)
    plan = attach.plan(url)
    attach.attach(plan)
    caller = _connected(url, Tenant(name))
    if loaded:
        _load(url, caller, Random(f"{name}/ids"))
    office = copy_of(program)
    program.close()
    return Made(office, schema, caller, {t.name: t.no for t in plan.catalog.types})


def _connected(url: SqliteUrl, tenant: Tenant) -> Caller:
    code = pairing.make_code(tenant, f"Firm {tenant.company[0]}", AT_S)
    paired = pairing.redeem(PairRequest(code, "desk", "firm", "sqlite"), AT, AT_S)
    with opened(url, writing=True) as session, session.transaction():
        books.set_fact(
            session,
            "connection",
            books.Connection(
                paired.connection, paired.secret, "simulation", paired.company, "Firm"
            ),
        )
    return connections.authenticate(paired.secret)


def _load(url: SqliteUrl, caller: Caller, random: Random) -> None:
    clock = VirtualClock("template", leaps=False)
    network = Network(random, Trace(), Weather(), lambda: None, calm=True)

    def service(agent: Agent) -> DirectService:
        return DirectService(caller, network, agent, clock)

    agent = Agent(
        "desk", url, service, lambda agent, touched: None, clock, new_ids(random), Limits()
    )
    while agent.work(lambda: 0):
        pass
    agent.close()
