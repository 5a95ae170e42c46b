"""*Trace log*: opened as text, and as a package for support without secrets and without values."""

from __future__ import annotations

import datetime
import io
import platform
import zipfile
from collections.abc import Iterator

import apsw
import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from samsyn import __version__
from samsyn.agent import runlog
from samsyn.agent.certificates import summary
from samsyn.agent.tracing import trace_of
from samsyn.companydb import books, held
from samsyn.companydb.rows import CompanyDb
from samsyn.office.access import here
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.connection.probing import sqlite_libraries
from samsyn.office.registers.opened import opened_for
from samsyn.office.synchronising.state import describe

SHOWN = 500
"""Lines on the page."""
PACKED_BYTES = 4_000_000
PACKED_RUNS = 1_000
SAFE = frozenset({"status", "problem", "asked", "what", "type", "count", "records", "computer"})
"""Facts of a line of the log that hold no value of anybody's record."""


@require_GET
def trace(request: HttpRequest) -> HttpResponseBase:
    """The last lines, and the ways to all of it."""
    at = here(request)
    lines = _text(at.opened).splitlines()
    told = {"alias": at.opened.alias, "lines": lines[-SHOWN:], "more": len(lines) > SHOWN}
    return render(request, "office_connection/trace.html", told)


@require_GET
def trace_file(request: HttpRequest) -> HttpResponseBase:
    """All of it as text in the browser."""
    return HttpResponse(_text(here(request).opened), content_type="text/plain; charset=utf-8")


@require_GET
def package(request: HttpRequest) -> HttpResponseBase:
    """A zip file for support: the trace, how it stands, the latest syncs, the shape of the catalog."""
    at = here(request)
    db = opened_for(request, at.opened.url).db
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in _files(db, at.opened):
            zipped.writestr(name, text)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    answer = HttpResponse(made.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = (
        f'attachment; filename="samsyn-support-{at.opened.alias}-{today}.zip"'
    )
    return answer


def _files(db: CompanyDb, company: CompanyDatabase) -> Iterator[tuple[str, str]]:
    yield "trace.log", _text(company)
    yield "state.json", _json({**_about(db, company), **_standing(db, company)})
    yield "syncs.json", _json([_run(run) for run in books.runs(db, PACKED_RUNS)])
    yield "catalog.json", _json([_shape(t) for t in db.types.values()])


def _about(db: CompanyDb, company: CompanyDatabase) -> dict[str, object]:
    """The program and the machine, without names and places."""
    libraries = sqlite_libraries(company.url)
    return {
        "samsyn": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "engine": db.engine,
        "sqlite": apsw.sqlite_lib_version(),
        "sqlite_last_writer": libraries.last,
        "origin": company.origin,
    }


def _standing(db: CompanyDb, company: CompanyDatabase) -> dict[str, object]:
    state, verified = describe(db, company), summary(db)
    return {
        "state": state.kind,
        "code": state.code,
        "waiting": state.waiting,
        "quarantine": [
            {"side": q.side, "type": q.type, "code": q.code, "since": q.since}
            for q in books.quarantine(db)
        ],
        "held": [{"type": h.type, "why": h.why, "since": h.since} for h in held.held(db).values()],
        "last_sync": state.last_sync,
        "cursor": books.cursor(db),
        "batch": books.taken(db).number,
        "verified": {"identical": verified.identical, "at": verified.at},
        "records": {t.name: db.count(t) for t in db.types.values()},
    }


def _run(run: books.Run) -> dict[str, object]:
    told = runlog.noted(run.message)
    facts = {} if told is None else {n: v for n, v in told.facts.items() if n in SAFE}
    code = told.code if told is not None else ""
    return {
        "at": run.at,
        "status": run.status,
        "up": run.up,
        "down": run.down,
        "code": code,
    } | facts


def _shape(record_type: object) -> object:
    """Names and kinds: what choices a field has is the company's own."""
    told = msgspec.to_builtins(record_type)
    for field in told["fields"]:
        field.pop("choices", None)
    return told


def _text(company: CompanyDatabase) -> str:
    path = trace_of(company.url)
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - PACKED_BYTES))
        return file.read().decode("utf-8", "replace")


def _json(told: object) -> str:
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()
