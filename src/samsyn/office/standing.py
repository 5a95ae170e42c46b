"""How the office stands to the service, in the header of every page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.companydb.opening import DatabaseBusy
from samsyn.core.errors import SamsynError
from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.registers.opened import Opened
from samsyn.office.synchronising.state import describe
from samsyn.webkit.shell import SyncState


def standing(opened: Opened, company: CompanyDatabase, *, may_look: bool = False) -> SyncState:
    """The state in a line, with the way to more for whoever may look."""
    try:
        with opened.told():
            told = describe(opened.db, company)
    except DatabaseBusy:
        return SyncState("waiting", _("Another program holds the database"))
    except SamsynError:
        return SyncState("stopped", _("The database cannot be used"))
    if not may_look or company.is_sample:
        return SyncState(told.kind, told.words)
    where = [company.alias]
    if told.kind == "none":
        return SyncState(told.kind, told.words, reverse("online", args=where))
    return SyncState(
        told.kind,
        told.words,
        reverse("synchronisation", args=where),
        reverse("sync_state", args=where),
    )
