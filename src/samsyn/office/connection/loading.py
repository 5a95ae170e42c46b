"""How far the first load has come, from the company database itself: whoever makes it, and whoever looks."""

from __future__ import annotations

import msgspec

from samsyn.agent.loading import to_load
from samsyn.companydb.rows import CompanyDb
from samsyn.office.agents import agents
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.synchronising.state import State, describe


class Register(msgspec.Struct, frozen=True):
    """A register that is being loaded."""

    label: str
    done: int
    total: int


class Loading(msgspec.Struct, frozen=True):
    """The load as a whole."""

    done: int
    total: int
    over: bool
    state: State
    registers: tuple[Register, ...]

    @property
    def percent(self) -> int:
        """Of a hundred; whole only when it is over."""
        if self.over:
            return 100
        return min(99, self.done * 100 // max(1, self.total))


def progress_of(db: CompanyDb, company: CompanyDatabase) -> Loading:
    """Where it stands now."""
    total = sum(db.count(t) for t in db.types.values())
    left = min(total, to_load(db))
    state = describe(db, company)
    ours = agents()
    known = {} if ours is None else ours.progress(company.pk)
    labels = {t.name: t.label or t.name for t in db.types.values()}
    now = tuple(
        Register(labels.get(name, name), done, of)
        for name, (done, of) in known.items()
        if done < of
    )
    over = left == 0 and bool(state.last_sync) and not state.waiting
    return Loading(total - left, total, over, state, now)
