"""The identities of a type at the service, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn.agent.service import Service
from samsyn.protocol.messages import Identity

AT_ONCE = 5_000


def identity_pages(
    service: Service, type_name: str, at_once: int = AT_ONCE, bucket: int | None = None
) -> Iterator[list[Identity]]:
    """All records of a type, living and deleted, in the order of their ids; of one bucket or all."""
    after, more = "", True
    while more:
        page = service.identities(type_name, after, at_once, bucket)
        yield list(page.records)
        more = page.more
        after = page.records[-1].id if page.records else after
