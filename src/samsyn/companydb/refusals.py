"""What an engine's error says of a record: why it is not taken, or that it is not the record's fault."""

from __future__ import annotations

import re

import apsw
import psycopg

from samsyn.companydb.rows import Refusal

CONSTRAINTS = {
    apsw.SQLITE_CONSTRAINT_UNIQUE: "UNIQUE_TAKEN",
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY: "UNIQUE_TAKEN",
    apsw.SQLITE_CONSTRAINT_ROWID: "UNIQUE_TAKEN",
    apsw.SQLITE_CONSTRAINT_NOTNULL: "REQUIRED_MISSING",
    apsw.SQLITE_CONSTRAINT_CHECK: "CHECK_FAILED",
    apsw.SQLITE_CONSTRAINT_FOREIGNKEY: "REFERENCE_MISSING",
    apsw.SQLITE_CONSTRAINT_TRIGGER: "REFUSED_BY_TRIGGER",
    apsw.SQLITE_CONSTRAINT_DATATYPE: "VALUE_UNFIT",
}


def sqlite_refusal(error: apsw.Error) -> Refusal | None:
    """None for trouble that is not the record's: a full disk, a lock, a broken file."""
    text = str(error)
    match error:
        case apsw.ConstraintError():
            code = CONSTRAINTS.get(getattr(error, "extendedresult", 0), "CHECK_FAILED")
            named = re.search(r"constraint failed: \S*?\.([^,]+)$", text)
            return Refusal(code, text, named.group(1) if named else None)
        case apsw.MismatchError() | apsw.TooBigError():
            return Refusal("VALUE_UNFIT", text)
        case apsw.SQLError():
            return Refusal("PROGRAM_NEEDED" if "no such" in text else "REFUSED_BY_TRIGGER", text)
    return None


def _one_column(detail: str) -> str | None:
    """The column of a key as PostgreSQL's detail tells it, in whatever language: `(email)=(…)`."""
    found = re.search(r'\(("?)([^(),"]+)\1\)=\(', detail)
    return found[2] if found is not None else None


TROUBLE = frozenset("08 25 28 2D 40 53 55 57 58 F0 XX".split())
"""Classes of SQLSTATE that are nobody's change: connection, locks, disk, shutdown."""


def postgres_refusal(error: psycopg.Error) -> Refusal | None:
    """None for trouble that is not the record's: a lost connection, a full disk, a lock."""
    reason = (error.diag.message_primary or str(error)).strip()
    column = error.diag.column_name
    match error:
        case psycopg.errors.UniqueViolation() | psycopg.errors.ExclusionViolation():
            detail = error.diag.message_detail or reason
            return Refusal("UNIQUE_TAKEN", detail, column or _one_column(detail))
        case psycopg.errors.NotNullViolation():
            return Refusal("REQUIRED_MISSING", reason, column)
        case psycopg.errors.CheckViolation():
            return Refusal("CHECK_FAILED", reason, column)
        case psycopg.errors.ForeignKeyViolation():
            return Refusal("REFERENCE_MISSING", error.diag.message_detail or reason, column)
        case psycopg.errors.RestrictViolation():
            return Refusal("REFERENCE_MISSING", reason, column)
        case psycopg.errors.InsufficientPrivilege():
            return Refusal("PERMISSION_MISSING", reason, column)
        case psycopg.DataError() | psycopg.errors.ProgramLimitExceeded():
            return Refusal("VALUE_UNFIT", reason, column)
        case psycopg.errors.RaiseException() | psycopg.errors.AssertFailure():
            return Refusal("REFUSED_BY_TRIGGER", reason, column)
    if error.sqlstate is None or error.sqlstate[:2] in TROUBLE:
        return None
    return Refusal("REFUSED_BY_TRIGGER", reason, column)  # whatever code a trigger has made up
