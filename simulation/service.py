"""The service's own functions behind the agent's port, each message through the network."""

from __future__ import annotations

from functools import partial
from typing import Protocol, TypeVar

from samsyn.agent.service import ServiceRefused
from samsyn.protocol import wire
from samsyn.protocol.messages import (
    BatchAnswer,
    ChunkAnswer,
    Compare,
    Compared,
    Cursor,
    Digests,
    FixOrder,
    HeldReport,
    Hello,
    HelloAnswer,
    Identities,
    KnownRecords,
    Pull,
    QuarantineEntry,
    State,
)
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Look,
    Rejoin,
    Rejoined,
    Reopen,
    Reopening,
    Seen,
)
from samsyn.records import compare, connections, held, restoring
from samsyn.records.asking_api import fixed_by_office
from samsyn.records.connections import Caller
from samsyn.records.hello import hello, record_counts
from samsyn.records.load import load
from samsyn.records.pull import online_head, page_of_type, pull, waiting_down
from samsyn.records.push import push
from simulation.clock import VirtualClock
from simulation.network import Network
from simulation.office import Agent

T = TypeVar("T")


class Listener(Protocol):
    """Hears of what has taken effect at the service."""

    def pushed(self, body: bytes, fence: int, answer: BatchAnswer) -> None:
        """A batch was answered."""

    def loaded(self, body: bytes, answer: ChunkAnswer) -> None:
        """A chunk was answered."""


class Nobody:
    """Hears nothing."""

    def pushed(self, body: bytes, fence: int, answer: BatchAnswer) -> None:
        pass

    def loaded(self, body: bytes, answer: ChunkAnswer) -> None:
        pass


class DirectService:
    """What `agent.service.Service` asks, without HTTP."""

    def __init__(
        self,
        caller: Caller,
        network: Network,
        agent: Agent,
        clock: VirtualClock,
        listener: Listener | None = None,
    ) -> None:
        self._caller, self._network, self._agent, self._clock = caller, network, agent, clock
        self._listener = listener or Nobody()

    def hello(self, message: Hello) -> HelloAnswer:
        return self._network.call(
            self._agent, "hello", lambda: hello(self._caller, message, self._clock.text())
        )

    def push(
        self, body: bytes, fence: int, cursor: Cursor, age_ms: int | None = None
    ) -> BatchAnswer:
        return self._network.call(self._agent, "push", partial(self._push, body, fence, cursor))

    def _push(self, body: bytes, fence: int, cursor: Cursor) -> BatchAnswer:
        told = push(self._caller, body, fence, self._clock.text(), cursor)
        answer = wire.decode(told, BatchAnswer)
        self._listener.pushed(body, fence, answer)
        return answer

    def load(self, body: bytes) -> ChunkAnswer:
        return self._network.call(self._agent, "load", partial(self._load, body))

    def _load(self, body: bytes) -> ChunkAnswer:
        answer = load(self._caller, body, self._clock.text())
        self._listener.loaded(body, answer)
        return answer

    def pull(self, cursor: Cursor, floor: int, limit: int, fence: int) -> Pull:
        return self._network.call(
            self._agent,
            "pull",
            lambda: pull(self._caller, cursor, floor, limit, fence, self._clock.text()),
        )

    def pull_type(self, type_name: str, since: int, cursor: Cursor, floor: int, limit: int) -> Pull:
        return self._network.call(
            self._agent,
            "pull of a type",
            lambda: page_of_type(self._caller, since, cursor, floor, limit, type_name),
        )

    def records(self, type_name: str, after: str, limit: int) -> KnownRecords:
        return self._network.call(
            self._agent, "records", lambda: compare.records(self._caller, type_name, after, limit)
        )

    def tell_held(self, report: HeldReport) -> None:
        self._network.call(self._agent, "held", lambda: held.store(self._caller, report))

    def wait(self, since: int, cursor: Cursor) -> int:
        return online_head(self._caller.tenant)

    def digests(self, type_name: str) -> Digests:
        return self._network.call(
            self._agent, "digests", lambda: compare.digests(self._caller, type_name)
        )

    def identities(
        self, type_name: str, after: str, limit: int, bucket: int | None = None
    ) -> Identities:
        place = compare.Place(type_name, after, bucket)
        return self._network.call(
            self._agent, "identities", lambda: compare.identities(self._caller, place, limit)
        )

    def compare(self, asked: Compare) -> Compared:
        return self._network.call(
            self._agent, "compare", lambda: compare.compared(self._caller, asked)
        )

    def state(self, cursor: int) -> State:
        tenant = self._caller.tenant
        waiting = waiting_down(tenant, cursor)
        return State(tenant.company, "", online_head(tenant), waiting, 0, 0, record_counts(tenant))

    def fetch(self, name: str, type_: type[T]) -> T:
        raise ServiceRefused(problem="NOT_FOUND", asked=name)

    def mend(self, order: FixOrder) -> QuarantineEntry:
        return self._network.call(self._agent, "mend", lambda: fixed_by_office(self._caller, order))

    def ask(self, name: str, body: object, type_: type[T]) -> T:
        raise ServiceRefused(problem="NOT_FOUND", asked=name)

    def look(self, message: Look) -> Seen:
        return self._network.call(
            self._agent, "look", lambda: restoring.look(self._caller, message)
        )

    def begin(self, message: Begin) -> Begun:
        return self._network.call(
            self._agent,
            "begin",
            lambda: restoring.begin(self._caller, message, self._clock.steady()),
        )

    def reopen(self, message: Reopen) -> Reopening:
        return self._network.call(
            self._agent,
            "reopen",
            lambda: restoring.reopen(self._caller, message, self._clock.steady()),
        )

    def rejoin(self, message: Rejoin) -> Rejoined:
        return self._network.call(
            self._agent,
            "rejoin",
            lambda: restoring.rejoin(self._caller, message, self._clock.steady()),
        )

    def disconnect(self) -> None:
        connections.revoke(self._caller.tenant, self._caller.connection, self._clock.text())
