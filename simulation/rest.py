"""What must hold when nobody writes and everything has been said."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from samsyn.agent.verify import verify
from samsyn.records import ledger
from simulation import sight
from simulation.company import Company
from simulation.schema import REFERENCES
from simulation.shape import Shape
from simulation.sight import Key
from simulation.verdict import Broken


def check_rest(company: Company, random: Random) -> None:
    """Raises Broken for the first guarantee that does not hold."""
    _check_nothing_waits(company)
    _check_equal(company)
    if company.following:
        _check_followed(company)
    _check_conflicts(company)
    difference = ledger.ledger(company.tenant).difference
    if difference:
        raise Broken("G3", f"the ledger's difference is {difference}")
    if random.random() < 0.25:
        _check_verified(company)


def in_quarantine(company: Company) -> frozenset[str]:
    """The records that are listed on either side."""
    found = company.tenant.rows(
        "SELECT record_id FROM records_quarantine"
        " WHERE company_id = %(company)s AND resolved_at IS NULL"
    )
    return company.books.held | {record for (record,) in found}


def _check_nothing_waits(company: Company) -> None:
    for table in ("journal", "outbox", "report"):
        found = next(iter(company.program.execute(f"SELECT count(*) FROM samsyn_{table}")))[0]
        if found:
            raise Broken("G1", f"{found} rows wait in {table} at rest")


def _check_equal(company: Company) -> None:
    """Field by field, without any of the verifier's code (G1)."""
    rows = sight.rows_of(company.program, company.shape)
    ids = sight.identities(company.program, company.made.numbers)
    held = in_quarantine(company)
    office: dict[str, dict[str, Any]] = {}
    for name, table in rows.items():
        for key, values in table.items():
            record = ids.get((name, key))
            if record is None:
                raise Broken("G1", f"{name} {key} has no identity at rest")
            office[record] = _cells(company.shape, name, values, ids)
    online = _online(company)
    for record in sorted(office.keys() | online.keys()):
        if record in held:
            continue
        if office.get(record) != online.get(record):
            page = company.oracle.by_id.get(record)
            what = record if page is None else page.name
            raise Broken("G1", f"{what}: office {office.get(record)}, online {online.get(record)}")


def _cells(
    shape: Shape, name: str, values: tuple[Any, ...], ids: dict[tuple[str, Key], str]
) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column, value in zip(shape.fields(name), values, strict=True):
        target = REFERENCES.get((name, column))
        if target is not None and value is not None:
            value = ids.get((target, (value,)), {"$k": value})
        cells[column] = value
    return cells


def _online(company: Company) -> dict[str, dict[str, Any]]:
    found = company.tenant.rows(
        "SELECT id, type, fields FROM records_record WHERE company_id = %(company)s AND alive"
    )
    online: dict[str, dict[str, Any]] = {}
    for record, type_, text in found:
        fields = json.loads(text)
        online[record] = {name: fields.get(name) for name in company.shape.fields(type_)}
    return online


def _check_followed(company: Company) -> None:
    """Each field that the oracle follows has the value that it says (G2, G3)."""
    rows = sight.rows_of(company.program, company.shape)
    held = in_quarantine(company)
    ids = sight.identities(company.program, company.made.numbers)
    here = {record: key for (_, key), record in ids.items()}
    for page, name, known in company.oracle.followed():
        if page.id in held:
            continue
        key = page.key or here.get(page.id or "")  # one that came while its type waited
        if key is None:
            raise Broken("G1", f"{page.name} never came to the office")
        row = rows[page.type].get(key)
        value = None if row is None else row[company.shape.fields(page.type).index(name)]
        if row is None or value != known.expected:
            raise Broken("G2", f"{page.name} {name} is {value!r} and must be {known.expected!r}")
    for page, name, known in company.oracle.loosely_followed():
        if page.id in held or page.key not in rows[page.type]:
            continue
        value = rows[page.type][page.key][company.shape.fields(page.type).index(name)]
        if value not in known.last_written:
            raise Broken("G2", f"{page.name} {name} is {value!r}, {page.loose},"
                         f" and was last written as {known.last_written}")  # fmt: skip


def _check_conflicts(company: Company) -> None:
    """The log has what the batches told, each once (G3)."""
    found = company.tenant.rows(
        "SELECT record_id, field, office, online FROM records_conflict"
        " WHERE company_id = %(company)s AND outcome <> 'field_gone'"
    )
    logged = sorted(
        (r, f or "", json.dumps(json.loads(o)), json.dumps(json.loads(n))) for r, f, o, n in found
    )
    told = sorted(
        (r, f or "", json.dumps(o), json.dumps(n)) for r, f, o, n in company.oracle.conflicts
    )
    if logged != told:
        raise Broken("G3", f"conflicts logged {logged}, told {told}")


def _check_verified(company: Company) -> None:
    agent = next(a for a in company.agents if a.session is not None)
    assert agent.db is not None
    assert agent.session is not None
    session = agent.session

    def rest() -> None:
        session.exchange()

    certificate = verify(agent.db, agent.service, rest, company.clock.text())
    held = in_quarantine(company)
    left = [found for found in certificate.differences if found.record not in held]
    if left:
        raise Broken("G1", f"the verifier finds {left}")
