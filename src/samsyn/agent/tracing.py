"""Where the trace log of a company database lies, whoever asks and whatever SAMSYN_HOME says then."""

from __future__ import annotations

from pathlib import Path

from samsyn.agent.lease import this_computer
from samsyn.agent.trace import Trace, file_trace, trace_path
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.errors import SamsynError


def traced(url: CompanyUrl) -> Trace:
    """A trace into the database's file; the database remembers where this computer has it."""
    trace = file_trace(url)
    try:
        db = open_company_db(url)
        try:
            if books.fact(db, _name(), str, "") != str(trace_path(url)):
                with db.transaction():
                    books.set_fact(db, _name(), str(trace_path(url)))
        finally:
            db.close()
    except SamsynError:
        pass  # what is traced will tell what is wrong
    return trace


def trace_of(url: CompanyUrl) -> Path:
    """The file that this computer last traced into."""
    try:
        db = open_company_db(url)
        try:
            known = books.fact(db, _name(), str, "")
        finally:
            db.close()
    except SamsynError:
        known = ""
    return Path(known) if known else trace_path(url)


def _name() -> str:
    return f"trace:{this_computer().id}"
