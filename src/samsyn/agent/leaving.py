"""What the end of a connection would mean online, asked before anybody ends it."""

from __future__ import annotations

from contextlib import closing

from samsyn.agent.runner import connected_service
from samsyn.companydb import books
from samsyn.companydb.rows import CompanyDb
from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import Leaving


def leaving(db: CompanyDb) -> Leaving | None:
    """As the service tells; None where it does not answer, or is older than this question."""
    try:
        with closing(connected_service(db)) as service:
            return service.fetch(f"leaving?cursor={books.cursor(db)}", Leaving)
    except SamsynError:
        return None
