"""Attach and detach: planned without touching anything, then done in one transaction."""

from __future__ import annotations

import hashlib

import msgspec

from samsyn import __version__
from samsyn.companydb.dump import Dump, differences, schema_dump
from samsyn.companydb.installing import Book, install, installer
from samsyn.companydb.numbering import Numbered, numbered
from samsyn.companydb.opening import opened
from samsyn.companydb.propose import Verdict, propose
from samsyn.companydb.schema import Schema
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.catalog import Catalog
from samsyn.core.errors import SamsynError


class SchemaMoved(SamsynError):
    """The schema is no longer the one that was planned for: plan again."""

    code = "SCHEMA_MOVED"
    transient = True


class AttachPlan(msgspec.Struct, frozen=True):
    """What attach would do."""

    url: CompanyUrl
    digest: str
    """Of the schema and of what was attached when it was planned."""
    wanted: Numbered
    verdicts: tuple[Verdict, ...]

    @property
    def catalog(self) -> Catalog:
        """The types as they will be attached."""
        return self.wanted.catalog


class Attached(msgspec.Struct, frozen=True):
    """What attach did, by names of record types."""

    catalog: Catalog
    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    mended: tuple[str, ...]
    """Kept, but something of its capture was missing or changed: compare its records."""


class DetachReport(msgspec.Struct, frozen=True):
    """What detach did.

    `identical` says that nothing differs from before attach except what others
    changed meanwhile, which `changed_meanwhile` names; `left` names what could
    not be taken away.
    """

    identical: bool
    changed_meanwhile: tuple[str, ...]
    left: tuple[str, ...]


def plan(url: CompanyUrl) -> AttachPlan:
    """Looks at the database and changes nothing."""
    with opened(url, writing=False) as session:
        book, make = Book(session), installer(session)
        make.check_rights()
        schema = make.read_schema()
        attached = book.types()
        catalog, verdicts = propose(schema)
        wanted = numbered(catalog, attached, book.get("next_no", int, 1))
        return AttachPlan(
            url, _digest(schema, Catalog(schema.engine, tuple(attached))), wanted, verdicts
        )


def attach(plan: AttachPlan) -> Attached:
    """Does what was planned, in one transaction; again with the same plan it does nothing.

    Raises SchemaMoved where the plan no longer fits, DatabaseBusy, PrivilegeMissing.
    """
    with opened(plan.url, writing=True) as session, session.transaction():
        book, make = Book(session), installer(session)
        make.check_rights()
        schema = make.read_schema()
        if _digest(schema, Catalog(schema.engine, tuple(book.types()))) != plan.digest:
            raise SchemaMoved(url=plan.url.text)
        mended = install(session, schema, plan.wanted)
        book.put("attached", __version__)
    return Attached(
        catalog=plan.catalog,
        added=tuple(t.name for t in plan.wanted.added),
        removed=tuple(t.name for t in plan.wanted.removed),
        kept=tuple(new.name for _, new in plan.wanted.kept),
        mended=mended,
    )


def detach(url: CompanyUrl) -> DetachReport:
    """Takes everything of ours away, in one transaction. Without effect where nothing is."""
    with opened(url, writing=True) as session, session.transaction():
        book, make = Book(session), installer(session)
        untouched = schema_dump(session)
        first: Dump = book.get("schema_before", dict[str, str], untouched)
        make.remove_all()
        now = schema_dump(session)
        left = make.left()
        return DetachReport(
            identical=now == untouched and not left,
            changed_meanwhile=differences(first, now),
            left=left,
        )


def _digest(schema: Schema, attached: Catalog) -> str:
    shape = msgspec.json.encode([schema, attached])
    return hashlib.blake2b(shape, digest_size=16).hexdigest()
