"""Proof that both sides are equal, with live traffic, and repair of what no trigger saw.

A type is compared (`comparing`), each candidate decided on (`confirming`),
differences repaired (`repairing`) and compared once more. What differs in too
many places to be mended one by one is loaded again (`resync`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from functools import partial

import msgspec

from samsyn.agent.certificates import TOLD_AT_MOST as KEPT_AT_MOST
from samsyn.agent.certificates import Difference, TypeCertificate, certificates
from samsyn.agent.comparing import ORDINARY, Between, Candidates, Comparison, Sizes
from samsyn.agent.confirming import Found, confirm
from samsyn.agent.drifting import SchemaChanged
from samsyn.agent.loading import load_order
from samsyn.agent.repairing import Repairer
from samsyn.agent.service import Service
from samsyn.companydb import books, held
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.trouble import schema_errors
from samsyn.core.catalog import RecordType

ATTEMPTS = 20
"""How often a record that will not rest is asked about."""
ROUNDS = 4
"""Comparisons of a type at most: found, repaired, proven, and once more for what came between."""
TOLD_AT_MOST = 1_000
"""Differences that are listed at most."""


class Certificate(msgspec.Struct, frozen=True):
    """The result of a verification; records in quarantine and held types are listed, not compared.

    So many records are `frozen` in a field; all else of them is compared.
    `differences` are those that are left, `repaired` those that were found and are no more.
    """

    identical: bool
    records: int
    differences: list[Difference]
    quarantine: list[str]
    at: str
    repaired: list[Difference] = []
    types: list[TypeCertificate] = []
    frozen: int = 0
    held: list[str] = []
    """The types that wait for a person."""


class Checked(msgspec.Struct):
    """One type as it was found."""

    resync_from: int
    records: int = 0
    frozen: int = 0
    found: list[Found] = msgspec.field(default_factory=list)
    restless: list[Found] = msgspec.field(default_factory=list)

    @property
    def is_much(self) -> bool:
        """Too much to be mended one by one."""
        return len(self.found) >= self.resync_from

    @property
    def differences(self) -> list[Found]:
        """Everything that is not known to be equal; an identity without a record is no difference."""
        return [f for f in self.found if f.what != "vanished"] + self.restless


class Verifier:
    """Compares types, and repairs them under a lease where there is a repairer.

    `work` brings what waits on its way, once; `between` is called between two
    readings and may do other work; both may raise, and then nothing is half done.
    """

    def __init__(
        self,
        db: CompanyDb,
        service: Service,
        work: Callable[[], object],
        *,
        between: Between = lambda: None,
        repairer: Repairer | None = None,
        sizes: Sizes = ORDINARY,
    ) -> None:
        self._db = db
        self._service = service
        self._works = work
        self._others_work = between
        self._repairer = repairer
        self._sizes = sizes

    def check(self, record_type: RecordType) -> tuple[Checked, list[Found]] | None:
        """The type as it is left, and what was repaired; None where it is held. Raises SchemaChanged."""
        if record_type.no in held.held(self._db):
            return None
        with schema_errors(SchemaChanged):
            told = self._checked(record_type)
        return None if record_type.no in held.held(self._db) else told

    def _work(self, record_type: RecordType) -> None:
        self._works()
        self._check_same(record_type)

    def _between(self, record_type: RecordType) -> None:
        self._others_work()
        self._check_same(record_type)

    def _check_same(self, record_type: RecordType) -> None:
        """Whoever worked meanwhile may have found that the table was attached anew."""
        if self._db.types.get(record_type.no) != record_type:
            raise SchemaChanged()

    def _checked(self, record_type: RecordType) -> tuple[Checked, list[Found]]:
        now = self._compared(record_type)
        first = now.differences
        if self._repairer is None:
            return now, []
        for _ in range(ROUNDS - 1):
            if now.is_much:
                break
            self._repairer.repair(record_type, now.found, now.records)
            if not now.differences or record_type.no in held.held(self._db):
                break
            self._work(record_type)
            now = self._compared(record_type)
        left = {(f.record, f.key) for f in now.differences}
        return now, [f for f in first if (f.record, f.key) not in left]

    def _compared(self, record_type: RecordType) -> Checked:
        checked = Checked(self._sizes.resync_from)
        self._work(record_type)
        refused = {entry.record for entry in books.quarantine(self._db)}
        reading = Comparison(
            self._db,
            self._service,
            record_type,
            refused,
            partial(self._between, record_type),
            self._sizes,
        )
        for candidates in reading.candidates():
            self._decide(record_type, candidates, checked)
            if checked.is_much:
                break
        checked.records, checked.frozen = reading.records, reading.frozen
        return checked

    def _decide(self, record_type: RecordType, asked: Candidates, checked: Checked) -> None:
        """Asks until everything has been seen at rest, or often enough."""
        waiting: Set[str] = frozenset()
        for _ in range(ATTEMPTS):
            verdict = confirm(self._db, self._service, record_type, asked)
            checked.found += verdict.found
            asked, waiting = verdict.undecided, verdict.waiting
            if not asked:
                return
            self._between(record_type)
            self._work(record_type)
        refused = {entry.record for entry in books.quarantine(self._db)}
        checked.restless += [
            Found("waits" if record in waiting else "never_at_rest", record)
            for record in asked.records
            if record not in refused
        ]
        checked.restless += [Found("never_at_rest", key=key) for key in asked.keys]


def verify(
    db: CompanyDb,
    service: Service,
    work: Callable[[], object],
    at: str,
    repairer: Repairer | None = None,
    sizes: Sizes = ORDINARY,
) -> Certificate:
    """Compares every synced record, and repairs where there is a repairer.

    `work` lets what waits be exchanged; with a repairer it also loads again what is asked for.
    """
    verifier = Verifier(db, service, work, repairer=repairer, sizes=sizes)
    differences: list[Difference] = []
    repaired: list[Difference] = []
    types: list[TypeCertificate] = []
    waiting: list[str] = []
    work()
    for record_type in load_order(db.types.values()):
        found = verifier.check(record_type)
        if found is not None and repairer is not None and found[0].is_much:
            repairer.load_again(record_type)
            work()
            first, found = found[0], verifier.check(record_type)
            found = None if found is None else (found[0], [*first.found, *found[1]])
        if found is None:
            waiting.append(record_type.name)
            continue
        checked, mended = found
        told = certified(db, record_type, at, checked, mended)
        if repairer is not None:
            repairer.remember(record_type, told)
        types.append(told)
        differences += _told(record_type, checked.differences)
        repaired += _told(record_type, mended)
    return Certificate(
        identical=not differences,
        records=sum(told.records for told in types),
        differences=differences[:TOLD_AT_MOST],
        quarantine=sorted({entry.record for entry in books.quarantine(db)}),
        at=at,
        repaired=repaired[:TOLD_AT_MOST],
        types=types,
        frozen=sum(told.frozen for told in types),
        held=waiting,
    )


def certified(
    db: CompanyDb, record_type: RecordType, at: str, checked: Checked, repaired: Sequence[Found]
) -> TypeCertificate:
    """The certificate of a type after a comparison."""
    before = certificates(db).get(record_type.no)
    left = len(checked.differences)
    return TypeCertificate(
        type=record_type.name,
        at=at,
        records=checked.records,
        found=left + len(repaired),
        repaired=len(repaired),
        left=left,
        frozen=checked.frozen,
        again=checked.is_much,
        count=1 if before is None else before.count + 1,
        differences=tuple(_told(record_type, checked.differences)[:KEPT_AT_MOST]),
        mended=tuple(_told(record_type, repaired)[:KEPT_AT_MOST]),
    )


def _told(record_type: RecordType, found: Iterable[Found]) -> list[Difference]:
    return [Difference(record_type.name, one.record, one.what) for one in found]
