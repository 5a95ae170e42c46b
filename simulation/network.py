"""The way between an agent and the service: every message has a fate, and others act meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from samsyn.agent.service import ServiceRefused, ServiceUnreachable
from samsyn.core.errors import SamsynError
from simulation.office import Agent, Killed
from simulation.store import ServiceDied, dying_at
from simulation.trace import Trace
from simulation.verdict import Broken

T = TypeVar("T")

MOST_MESSAGES = 400
MOST_FOR_EACH_LINE = 4
"""More than what happened can need to come to rest, one record a message: then both sides play ping-pong."""


@dataclass
class Weather:
    """How likely it is, for each message, that something befalls it."""

    lost: float = 0.0
    unanswered: float = 0.0
    repeated: float = 0.0
    late: float = 0.0
    service_dies: float = 0.0


@dataclass
class Late:
    """A message that was sent and given up, and that may still arrive."""

    name: str
    work: Callable[[], Any]  # Any: whatever the service answers


@dataclass
class Network:
    """One network for all offices of a history."""

    random: Random
    trace: Trace
    weather: Weather
    meanwhile: Callable[[], None]
    """Lets others act while a message is on its way."""
    parted: bool = False
    late: list[Late] = field(default_factory=list)
    messages: int = 0
    calm: bool = False
    """Nothing befalls a message any more."""

    def call(self, agent: Agent, name: str, work: Callable[[], T]) -> T:
        """Sends a request and gives its answer, or raises what the agent would see."""
        self._count()
        if agent.db is not None and agent.db.connection.in_transaction:
            raise Broken("G10", f"{agent.name} holds a transaction while it asks the service")
        if self.calm:
            return self._served(name, work)
        who = agent.name
        self._others_act(agent)
        if self.parted:
            self.trace(f"{who}: {name} does not get through")
            raise ServiceUnreachable(online="simulation", reason="parted")
        if self._happens(self.weather.lost):
            if self._happens(self.weather.late):
                self.late.append(Late(name, work))
                self.trace(f"{who}: {name} is delayed, and given up")
            else:
                self.trace(f"{who}: {name} is lost")
            raise ServiceUnreachable(online="simulation", reason="lost")
        if self._happens(self.weather.late):
            self.late.append(Late(name, work))
        answer = self._served(name, work)
        if self._happens(self.weather.repeated):
            self.trace(f"{who}: {name} arrives twice")
            answer = self._served(name, work)
        self._others_act(agent)
        if self._happens(self.weather.unanswered):
            self.trace(f"{who}: {name} is done, and its answer is lost")
            raise ServiceUnreachable(online="simulation", reason="unanswered")
        return answer

    def _others_act(self, agent: Agent) -> None:
        self.meanwhile()
        if agent.doomed:
            raise Killed

    def deliver_late(self) -> None:
        """A message of before arrives now; nobody waits for its answer."""
        if not self.late:
            return
        message = self.late.pop(self.random.randrange(len(self.late)))
        try:
            self._served(message.name, message.work)
            became = "is answered"
        except SamsynError as error:
            became = str(getattr(error, "problem", "") or error.code)
        self.trace(f"late: {message.name} {became}")

    def _served(self, name: str, work: Callable[[], T]) -> T:
        with self._service_that_may_die(name):
            try:
                return work()
            except SamsynError as error:
                if getattr(error, "status", 500) >= 500:
                    raise ServiceUnreachable(online="simulation", reason=error.code) from error
                raise ServiceRefused(problem=error.code, status=400, **error.facts) from error

    @contextmanager
    def _service_that_may_die(self, name: str) -> Iterator[None]:
        if self.calm or not self._happens(self.weather.service_dies):
            yield
            return
        try:
            with dying_at(self.random.randint(1, 14)):
                yield
        except ServiceDied:
            self.trace(f"the service dies in {name}")
            raise ServiceUnreachable(online="simulation", reason="died") from None

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.random.random() < chance

    def _count(self) -> None:
        self.messages += 1
        most = MOST_MESSAGES + MOST_FOR_EACH_LINE * self.trace.lines
        if self.calm and self.messages > most:
            raise Broken("G1", f"no rest after {most} messages")

    def calm_down(self) -> None:
        """Everything gets through from now on."""
        self.calm, self.parted, self.messages = True, False, 0
