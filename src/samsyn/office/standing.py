"""How the office stands to the service, in the header of every page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.companydb import books
from samsyn.companydb.opening import PostgresSession, SqliteSession
from samsyn.core.errors import SamsynError
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.registers.opened import Opened
from samsyn.webkit.shell import SyncState


def standing(opened: Opened, company: CompanyDatabase) -> SyncState:
    """The state in a line."""
    try:
        db = opened.db
    except SamsynError:
        return SyncState("stopped", _("The database cannot be opened"))
    assert isinstance(db, SqliteSession | PostgresSession), "both engines are sessions"
    if company.is_sample:
        return SyncState("none", _("Sample company"))
    if books.connection(db) is None:
        return SyncState("none", _("Not connected"))
    if books.is_waiting(db):
        return SyncState("waiting", _("Changes wait to be sent"))
    return SyncState("good", _("In sync"))
