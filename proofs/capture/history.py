"""A random history: programs write, the agent claims in between, and at rest everything is compared."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

import msgspec

from proofs.capture.other_side import OtherSide
from proofs.capture.tables import Schema
from samsyn.companydb.opening import DatabaseBusy
from samsyn.companydb.rows import CompanyDb

BEFORE = 10
"""Statements before the database is attached."""
ROUNDS, BURSTS, BURST = 4, 5, 3
"""Times of rest, claims on the way to each, statements between claims."""
LIMITS = (1, 2, 3, 5, 2000, 2000)
"""How many journal rows a claim takes."""


class Say(msgspec.Struct, frozen=True):
    """A program says a statement."""

    program: int
    statement: str


class Claim(msgspec.Struct, frozen=True):
    """The agent claims so many journal rows, whatever is open elsewhere."""

    limit: int


class Rest(msgspec.Struct, frozen=True):
    """All programs end their transactions, the agent claims all, and both sides are compared."""

    limit: int


Step: TypeAlias = Say | Claim | Rest


class History(msgspec.Struct, frozen=True):
    """All that one seed stands for."""

    seed: int
    schema: Schema
    before: tuple[Say, ...]
    steps: tuple[Step, ...]


class Programs(Protocol):
    """The company's programs, and the database they write to."""

    def make(self, statement: str) -> None:
        """A statement of the schema. Raises where the database refuses it."""

    def say(self, program: int, statement: str) -> bool:
        """Runs a statement; false where the database refuses it."""

    def end(self) -> None:
        """Commits what is open, or rolls it back where it cannot be committed."""

    def attached(self) -> CompanyDb:
        """Attaches the database and opens it for the agent."""

    def close(self) -> None:
        """Ends every connection."""


class Dialect(Protocol):
    """What is random in one engine."""

    programs: int

    def schema(self, rng: random.Random) -> Schema:
        """Tables."""

    def beginning(self, rng: random.Random, program: int) -> Sequence[str]:
        """What a program says first."""

    def statement(self, rng: random.Random, schema: Schema) -> str:
        """What a program says next."""


def history(seed: int, dialect: Dialect) -> History:
    """The same seed gives the same history."""
    rng = random.Random(seed)
    schema = dialect.schema(rng)

    def said() -> Say:
        return Say(rng.randrange(dialect.programs), dialect.statement(rng, schema))

    before = [Say(n, s) for n in range(dialect.programs) for s in dialect.beginning(rng, n)]
    before += [Say(0, dialect.statement(rng, schema)) for _ in range(BEFORE)]
    steps: list[Step] = []
    for _ in range(ROUNDS):
        for _ in range(BURSTS):
            steps += [said() for _ in range(BURST)]
            if rng.random() < 0.4:
                steps.append(Claim(rng.choice(LIMITS)))
        steps.append(Rest(rng.choice(LIMITS)))
    return History(seed, schema, tuple(before), tuple(steps))


def played(told: History, programs: Programs) -> int:
    """How many statements the database took. Raises Wrong."""
    for statement in told.schema.statements:
        programs.make(statement)
    done = sum(programs.say(said.program, said.statement) for said in told.before)
    programs.end()
    db = programs.attached()
    try:
        other = OtherSide(db, told.seed)
        other.load()
        for step in told.steps:
            match step:
                case Say():
                    done += programs.say(step.program, step.statement)
                case Claim():
                    _claim(other, step.limit)
                case Rest():
                    programs.end()
                    other.rest(step.limit)
    finally:
        db.close()
    return done


def _claim(other: OtherSide, limit: int) -> None:
    with suppress(DatabaseBusy):  # a program is writing to the file: a later claim takes it
        other.claim(limit)


def text(told: History) -> str:
    """The history as a script for a reader."""
    lines = [f"{statement};" for statement in told.schema.statements]
    for step in (*told.before, "-- attach, load", *told.steps):
        match step:
            case Say():
                lines.append(f"/* {step.program} */ {step.statement};")
            case str():
                lines.append(step)
            case _:
                lines.append(f"-- {type(step).__name__.lower()} {step.limit}")
    return "\n".join(lines)
