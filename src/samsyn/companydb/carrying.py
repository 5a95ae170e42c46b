"""What was left out of Samsyn stays left out when an older database, which still had it, is put back."""

from __future__ import annotations

from samsyn.companydb import attach, leaving_out
from samsyn.companydb.attach import EVERYTHING, Selection
from samsyn.companydb.installing import Book, installer
from samsyn.companydb.opening import opened
from samsyn.companydb.propose import still_there
from samsyn.companydb.urls import CompanyUrl


def selection_of(url: CompanyUrl) -> Selection:
    """What was chosen of a database. Raises what opening raises."""
    with opened(url, writing=False) as session:
        return Book(session).get("selection", Selection, EVERYTHING)


def carry_over(url: CompanyUrl, before: Selection) -> bool:
    """Leaves out of the database what `before` left out; whether there was anything to do.

    Directions to online only come along, as a value that the database asks for
    may be left out because of one. Raises what attach raises.
    """
    now = selection_of(url)
    with opened(url, writing=False) as session:
        schema = installer(session).read_schema()
    tables = now.tables
    if before.tables is not None:
        still = still_there(before.tables, schema)
        tables = still if now.tables is None else now.tables & still
    exclude = still_there(before.exclude, schema) - now.exclude
    without = leaving_out.still_there(before.without, schema) - now.without
    if not exclude and not without and tables == now.tables:
        return False
    names = {t.name for t in attach.plan(url).catalog.types}
    plan = attach.plan(
        url,
        tables=tables,
        exclude=[*now.exclude, *now.without, *exclude, *without],
        directions=[told for told in before.directions if told.rpartition("=")[0] in names],
    )
    attach.attach(plan)
    return True
