"""One history: steps drawn from a seed, then calm, rest, and everything that must hold."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from samsyn.core.errors import SamsynError
from samsyn.protocol.wire import Limits
from samsyn.records.pull import online_head
from simulation import brakes, copies, sight, store, template
from simulation.clock import VirtualClock
from simulation.company import Company
from simulation.ending import check_apart, check_detached
from simulation.network import Network, Weather
from simulation.office import Agent, Killed
from simulation.people import People
from simulation.program import Program
from simulation.rest import check_rest, in_quarantine
from simulation.restores import NOTICED, Restores
from simulation.trace import Trace
from simulation.upgrades import Upgrades
from simulation.verdict import CRASHED, Broken

MARKS = {"office": "o", "online": "n", "key": "k"}
"""Whoever writes a value shows in it."""
DEEPEST = 2
"""So many agents at most are in the middle of something at once."""
MOST_SESSIONS = 25
LENGTHS = (15, 25, 40, 60)
MOST_LINES = 6
"""For each step of a history, what happens meanwhile included."""
RIDDEN_OUT = frozenset({"LEASE_LOST", "LEASE_HELD"})
"""What stops an agent where there are two."""


class Lived(NamedTuple):
    """What came of a history."""

    seed: int
    hash: str
    steps: int
    broken: Broken | None


class History:
    """The world of one seed."""

    def __init__(self, seed: int, trace: Trace, *, leaps: bool = True) -> None:
        self.seed, self.trace = seed, trace
        self.random = random = Random(f"{seed}/history")
        self.clock = VirtualClock(str(seed), leaps=leaps)
        self.steps = random.choice(LENGTHS)
        self._values = 0
        made = template.template(loaded=random.random() > 0.08)
        store.put_back(made.store)
        self.network = Network(random, trace, _weather(random), self._meanwhile)
        limits = _limits(random)
        new_id = template.new_ids(Random(f"{seed}/ids"))
        dangling = random.random() < 0.3
        companies = made.companies if random.random() < 0.1 else made.companies[:1]
        self.companies = [
            Company(one, random, new_id, self.network, self.clock, trace, limits, dangling=dangling)
            for one in companies
        ]
        for company in self.companies:
            copies.settle(company)
        if random.random() < 0.25:
            for company in self.companies:
                brakes.tighten(company)
        self._programs = {c.name: Program(c, self.fresh) for c in self.companies}
        self._people = {c.name: People(c, self.fresh) for c in self.companies}
        self._upgrades = {c.name: Upgrades(c) for c in self.companies}
        self._restores = {
            c.name: Restores(
                c, self.network, self._somebody_works, self._rest_between, self._attach_again
            )
            for c in self.companies
        }
        self._weights = _weights(random) + _of_both(Random(f"{seed}/both"))
        trace(
            f"seed {seed}: {self.steps} steps, {len(self.companies)} companies, {limits},"
            f"{' references may lead nowhere,' if dangling else ''}"
            f" {self.network.weather}"
        )

    def live(self) -> None:
        """All steps, then rest. Raises Broken."""
        for _ in range(self.steps):
            self._step()
        self.network.calm_down()
        for company in self.companies:
            self._come_to_rest(company)
        for company in self.companies:
            check_rest(company, self.random)
        check_apart(self.companies)
        for company in self.companies:
            if self.random.random() < 0.3:
                check_detached(company)

    def close(self) -> None:
        """Ends every connection."""
        for company in self.companies:
            self._restores[company.name].close()
            company.close()

    def fresh(self, who: str) -> str:
        """Mostly a value that nobody has written before, at times one of a few."""
        if who != "key" and self.random.random() < 0.12:
            return self.random.choice(("x", "y", "vip"))
        self._values += 1
        return f"{MARKS[who]}{self._values}"

    # --- steps ---

    def _step(self) -> None:
        company = self.random.choice(self.companies)
        names, weights = zip(*self._weights, strict=True)
        (name,) = self.random.choices(names, weights)
        kinds: dict[str, Callable[[Company], None]] = {
            "program": lambda c: self._programs[c.name].act(),
            "unseen": lambda c: self._programs[c.name].act_unseen(),
            "verify": self._verify,
            "people": lambda c: self._people[c.name].act(),
            "agent": self._agent_acts,
            "second": self._second_agent,
            "kill": self._kill,
            "late": lambda c: self.network.deliver_late(),
            "part": self._part,
            "backup": lambda c: self._restores[c.name].make(),
            "put back": lambda c: self._restores[c.name].put_back(),
            "service backup": lambda c: self._restores[c.name].make_of_service(),
            "service put back": self._service_put_back,
            "both backup": lambda c: self._restores[c.name].make_of_both(),
            "both put back": self._both_put_back,
            "upgrade": lambda c: self._upgrades[c.name].act(),
            "attach": self._attach_again,
            "copy": copies.start,
            "decide": self._decide,
            "leap": lambda c: self.clock.leap(),
        }
        kinds[name](company)

    def _meanwhile(self) -> None:
        """While a message is on its way, others act."""
        while self._goes_on() and self.random.random() < 0.25:
            self.trace.depth += 1
            try:
                self._step()
            finally:
                self.trace.depth -= 1

    def _goes_on(self) -> bool:
        """Whether others may act: an agent that takes little at a time would never catch up."""
        return self.trace.depth < DEEPEST and self.trace.lines < self.steps * MOST_LINES

    def _somebody_works(self, company: Company) -> None:
        """At either side."""
        who = self.random.choice((self._programs, self._people))
        who[company.name].act()

    def _service_put_back(self, company: Company) -> None:
        """All companies of a service go back together; a history of one follows it."""
        if len(self.companies) == 1:
            self._restores[company.name].put_service_back()

    def _both_put_back(self, company: Company) -> None:
        if len(self.companies) == 1:
            self._restores[company.name].put_both_back()

    def _rest_between(self, company: Company) -> None:
        """Both sides come to rest in the middle of a history, and everything must hold."""
        was = self.network.calm, self.network.parted
        self.network.calm_down()
        try:
            self._come_to_rest(company)
            check_rest(company, self.random)
        finally:
            self.network.calm, self.network.parted = was

    def _agent_acts(self, company: Company) -> None:
        self._work(company, company.agents[0])

    def _second_agent(self, company: Company) -> None:
        self._work(company, company.agents[1])

    def _kill(self, company: Company) -> None:
        """An agent dies: at rest, in the middle of its next work, or while it waits."""
        agent = self.random.choice(company.agents)
        if agent.busy:
            agent.doomed = True
            self.trace(f"{agent.name} is killed while it waits")
        elif self.random.random() < 0.2:
            agent.killed()
            self.trace(f"{agent.name} is killed")
        else:
            self._work(company, agent, dies_at=self.random.randint(1, 60))

    def _attach_again(self, company: Company) -> None:
        self._upgrades[company.name].attach_again()

    def _decide(self, company: Company) -> None:
        brakes.decide(company)

    def _part(self, company: Company) -> None:
        self.network.parted = not self.network.parted
        self.trace("the network is parted" if self.network.parted else "the network is whole")

    def _verify(self, company: Company) -> None:
        """Everything is compared and repaired while work goes on."""
        self._let_work(company.agents[0], lambda agent: self._verified(company, agent))

    def _verified(self, company: Company, agent: Agent) -> bool:
        told = agent.verify(lambda: online_head(company.tenant))
        self.trace(
            f"{agent.name} has compared: {len(told.differences)} differ,"
            f" {len(told.repaired)} are repaired"
        )
        return True

    def _work(self, company: Company, agent: Agent, dies_at: int | None = None) -> bool:
        """An agent works until both sides rest, or trouble; whether it is to go on."""
        return self._let_work(agent, lambda one: self._synced(company, one, dies_at))

    def _synced(self, company: Company, agent: Agent, dies_at: int | None) -> bool:
        moved = agent.work(lambda: online_head(company.tenant), dies_at)
        self.trace(f"{agent.name} has synced{'' if moved else ', nothing to do'}")
        return moved

    def _let_work(self, agent: Agent, does: Callable[[Agent], bool]) -> bool:
        if agent.busy:
            return False
        if agent.stopped is not None:
            self.trace(f"{agent.name} is started again after {agent.stopped}")
            agent.killed()
        try:
            return does(agent)
        except Killed:
            self.trace(f"{agent.name} is killed")
            return True
        except SamsynError as error:
            self._trouble(agent, error)
            return True

    def _trouble(self, agent: Agent, error: SamsynError) -> None:
        code = str(getattr(error, "problem", "") or error.code)
        self.trace(f"{agent.name} has trouble: {code}")
        if error.transient:
            return
        if not self._company_of(agent).following and code in NOTICED:
            agent.stopped = code  # the other agent, while the connection is taken up again
            return
        if code in RIDDEN_OUT | {"FENCED"} and not self.network.calm:
            agent.stopped = code
            return
        raise Broken("G4", f"{agent.name} stops: {error}") from error

    def _company_of(self, agent: Agent) -> Company:
        return next(company for company in self.companies if agent in company.agents)

    # --- rest ---

    def _come_to_rest(self, company: Company) -> None:
        self.trace(f"{company.name}: calm")
        for agent in company.agents:
            agent.killed()
        agent = self.random.choice(company.agents)
        self.network.messages = 0
        company.unseen = company.unseen or company.unseen_before
        for _ in range(MOST_SESSIONS):
            if self._work(company, agent):
                continue
            if brakes.decide(company):
                continue
            if brakes.is_held_for_schema(company):
                self._attach_again(company)
                continue
            if not (company.unseen or sight.is_to_be_compared(company.program)):
                return
            company.unseen, company.unseen_before = False, bool(in_quarantine(company))
            self._let_work(agent, lambda one: self._verified(company, one))
        raise Broken("G1", f"{company.name} does not come to rest in {MOST_SESSIONS} sessions")


def _weather(random: Random) -> Weather:
    if random.random() < 0.3:
        return Weather()
    return Weather(
        lost=random.choice((0.0, 0.05, 0.15)),
        unanswered=random.choice((0.0, 0.05, 0.15)),
        repeated=random.choice((0.0, 0.1)),
        late=random.choice((0.0, 0.1, 0.3)),
        service_dies=random.choice((0.0, 0.0, 0.1)),
    )


def _limits(random: Random) -> Limits:
    few = random.choice((1, 2, 3, 7))
    taken = random.choice((1, 2, 3, 5, 2000))
    return random.choice((Limits(), Limits(), Limits(taken, few, few)))


def _weights(random: Random) -> tuple[tuple[str, float], ...]:
    """What this history is mostly about."""
    unseen = random.choice((0, 0, 0, 0.7))
    upgraded = random.choice((0, 0, 0, 0.8))
    return (
        ("program", random.choice((3, 8))),
        ("unseen", unseen),
        ("verify", 0.5 if unseen else random.choice((0, 0, 0.3))),
        ("people", random.choice((3, 8))),
        ("agent", random.choice((2, 5))),
        ("second", random.choice((0, 0, 1))),
        ("kill", random.choice((0, 1, 2))),
        ("late", random.choice((0, 1))),
        ("part", random.choice((0, 0, 0.3))),
        ("backup", random.choice((0, 0, 0.7))),
        ("put back", 0.4),
        ("service backup", random.choice((0, 0, 0, 0.5))),
        ("service put back", 0.3),
        ("copy", 0.1),
        ("decide", 0.7),
        ("upgrade", upgraded),
        ("attach", upgraded and 0.5),
        ("leap", 0.2),
    )


def _of_both(random: Random) -> tuple[tuple[str, float], ...]:
    """In some histories both sides are put back together."""
    if random.random() < 0.85:
        return ()
    return (("both backup", 1.5), ("both put back", 0.7), ("backup", 0.7))


def live(
    seed: int,
    say: Callable[[str], None] | None = None,
    *,
    leaps: bool = True,
) -> Lived:
    """The history of a seed, on the store in memory that is open."""
    trace = Trace(say)
    history = History(seed, trace, leaps=leaps)
    broken = None
    try:
        history.live()
    except Broken as error:
        trace(f"BROKEN {error}")
        broken = error
    except Exception as error:  # noqa: BLE001  # whatever a history ends with is a finding of its own
        trace(f"BROKEN {type(error).__name__}: {error}")
        broken = Broken(CRASHED, f"{type(error).__name__}: {error}")
    finally:
        history.close()
    return Lived(seed, trace.hash, trace.lines, broken)
