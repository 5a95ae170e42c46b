"""The end of a history: no company has another's values, and Samsyn is taken away without a trace (G9, G10)."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence

import apsw

from samsyn.companydb import attach
from simulation import template
from simulation.company import Company
from simulation.schema import STATEMENTS
from simulation.verdict import Broken

GIVEN_ONCE = re.compile(r"[okn]\d+")


def check_apart(companies: Sequence[Company]) -> None:
    """A value that only one company's people have written is with that company alone. Raises Broken."""
    written = {company.name: _values(company) for company in companies}
    for one, other in itertools.combinations(written, 2):
        if both := written[one] & written[other]:
            raise Broken("G9", f"{one} and {other} both have {min(both)}")


def _values(company: Company) -> set[str]:
    """What histories give once: a letter and a number that nobody else gets."""
    rows = [v for table in company.rows.values() for row in table.values() for v in row]
    found = company.tenant.rows("SELECT fields FROM records_record WHERE company_id = %(company)s")
    cells = [v for (text,) in found for v in json.loads(text).values()]
    return {v for v in (*rows, *cells) if isinstance(v, str) and GIVEN_ONCE.fullmatch(v)}


def check_detached(company: Company) -> None:
    """After detach the schema is, to the byte, that of a database that never knew us. Raises Broken."""
    for agent in company.agents:
        agent.killed()
    report = attach.detach(company.url)
    if report.left or not report.identical:
        raise Broken("G10", f"detach leaves {report.left}, identical: {report.identical}")
    ours = template.schema_of(company.program)
    never = _without_us(company)
    if ours != never:
        odd = [one for one in ours if one not in never] or [one for one in never if one not in ours]
        raise Broken("G10", f"after detach the schema is another: {odd[0]}")


def _without_us(company: Company) -> list[tuple[str, ...]]:
    """The schema as the program's own statements alone make it."""
    database = apsw.Connection(":memory:")
    try:
        for statement in (*STATEMENTS, *company.shape.ran):
            database.execute(statement)
        return template.schema_of(database)
    finally:
        database.close()
