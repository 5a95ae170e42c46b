"""Attach and detach: planned without touching anything, then done in one transaction."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable

import msgspec

from samsyn import __version__
from samsyn.companydb import leaving_out, renaming
from samsyn.companydb.cost import Cost, estimate
from samsyn.companydb.directing import directed, with_directions
from samsyn.companydb.dump import Dump, differences, schema_dump
from samsyn.companydb.grouping import GivenGroup, grouped
from samsyn.companydb.grouping import still_there as still_there_groups
from samsyn.companydb.installing import Book, install, installer
from samsyn.companydb.kept import BooksDamaged
from samsyn.companydb.numbering import Numbered, numbered
from samsyn.companydb.opening import PostgresSession, SqliteSession, opened
from samsyn.companydb.probe import evidence, look
from samsyn.companydb.propose import Choice, propose, still_there
from samsyn.companydb.ruling import ruled, with_rules
from samsyn.companydb.schema import Schema
from samsyn.companydb.suggest import Suggestion, accepted, candidates, suggestions
from samsyn.companydb.trouble import driver_errors
from samsyn.companydb.urls import CompanyUrl
from samsyn.companydb.verdicts import Verdict
from samsyn.core.catalog import Catalog
from samsyn.core.errors import SamsynError

LEFT_OUT = "left_out"
"""The fact of which columns of each type were left out when it was attached."""


class SchemaMoved(SamsynError):
    """The schema is no longer the one that was planned for: plan again."""

    code = "SCHEMA_MOVED"
    transient = True


class References(enum.Enum):
    """Which references the catalog gets."""

    DECLARED = "declared"
    """Foreign keys alone."""
    SUGGESTED = "suggested"
    """Also those that are evident from names and values."""


class Selection(msgspec.Struct, frozen=True):
    """What was asked for, kept in the database for the next time."""

    tables: frozenset[str] | None
    exclude: frozenset[str]
    references: References
    evident_groups: bool = True
    groups: tuple[GivenGroup, ...] = ()
    online_wins: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    """`TYPE=up` or `TYPE=down`; all others go both ways."""
    without: frozenset[str] = frozenset()
    """Fields that are left out, as `TABLE.COLUMN`."""


class AttachPlan(msgspec.Struct, frozen=True):
    """What attach would do."""

    url: CompanyUrl
    digest: str
    """Of the schema and of what was attached when it was planned."""
    selection: Selection
    wanted: Numbered
    verdicts: tuple[Verdict, ...]
    suggestions: tuple[Suggestion, ...]
    """In the catalog as references only with References.SUGGESTED."""
    cost: Cost
    evident_renames: tuple[str, ...] = ()
    """What looks as if it had been renamed, as a person would say it; never taken for it by itself."""
    needed: leaving_out.Needs = {}
    """Columns that cannot be left out, and why."""

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


def plan(
    url: CompanyUrl,
    tables: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    references: References | None = None,
    groups: Iterable[GivenGroup] | None = None,
    evident_groups: bool | None = None,
    rules: Iterable[str] = (),
    renames: Iterable[str] = (),
    directions: Iterable[str] = (),
) -> AttachPlan:
    """Looks at the database and changes nothing.

    What is not given is as at the last attach; at the first, all tables and
    the declared references, and the groups that names tell of. `renames` are
    what the program has renamed since: TABLE=NEW or TABLE.COLUMN=NEW, `directions` TYPE=both, up or down;
    `exclude` names tables, and fields as TABLE.COLUMN. Raises
    TableUnknown, FieldUnknown, FieldNeeded, GroupUnknown, RuleUnknown, DirectionUnknown, RenameUnknown, RenameStays,
    RenameUnfit, DatabaseUnavailable, DatabaseBusy, PrivilegeMissing, ServerTooOld.
    """
    with opened(url, writing=False) as session:
        book, make = Book(session), installer(session)
        make.check_rights()
        schema = make.read_schema()
        attached = book.types()
        before = book.get("selection", Selection, EVERYTHING)
        said = [renaming.told(text, attached) for text in renames]
        without, renames = leaving_out.moved(before.without, said)
        before = msgspec.structs.replace(_moved(before, said), without=without)
        named = None if exclude is None else leaving_out.told(exclude, schema, attached)
        selection = _selection(_remembered(before, schema), tables, named, references)
        choice = Choice(selection.tables, selection.exclude)
        facts = leaving_out.without(look(session, schema, choice), selection.without, schema)
        proposal = propose(schema, facts, choice)
        found = suggestions(evidence(session, proposal.catalog, candidates(proposal.catalog)))
        catalog = proposal.catalog
        if selection.references is References.SUGGESTED:
            catalog = accepted(catalog, found)
        names = renaming.renames(attached, catalog, renames)
        evident = renaming.evident(attached, catalog, names)
        catalog = renaming.renamed(catalog, names)
        kept = still_there_groups(selection.groups, catalog)
        selection = _with_groups(selection, kept, groups, evident_groups)
        catalog = grouped(catalog, selection.groups, evident=selection.evident_groups)
        online_wins = ruled(before.online_wins, rules, catalog)
        ways = directed(before.directions, directions, catalog)
        selection = msgspec.structs.replace(selection, online_wins=online_wins, directions=ways)
        catalog = with_directions(with_rules(catalog, online_wins), ways)
        needs = leaving_out.needed(schema, catalog)
        leaving_out.check(needs, selection.without, schema, catalog)
        wanted = numbered(catalog, attached, book.get("next_no", int, 1))
        return AttachPlan(
            url=url,
            digest=_digest(schema, Catalog(schema.engine, tuple(attached))),
            selection=selection,
            wanted=wanted,
            verdicts=proposal.verdicts,
            suggestions=found,
            cost=estimate(wanted.catalog, schema, facts),
            evident_renames=evident,
            needed=needs,
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
        book.put("selection", plan.selection)
        book.put(LEFT_OUT, _left_out(plan))
    return Attached(
        catalog=plan.catalog,
        added=tuple(t.name for t in plan.wanted.added),
        removed=tuple(t.name for t in plan.wanted.removed),
        kept=tuple(new.name for _, new in plan.wanted.kept),
        mended=mended,
    )


def detach(url: CompanyUrl) -> DetachReport:
    """Takes everything of ours away, in one transaction. Without effect where nothing is."""
    with opened(url, writing=True) as session:
        first = _schema_before(session, url)
        with session.transaction():
            make = installer(session)
            untouched = schema_dump(session)
            make.remove_all()
            now = schema_dump(session)
            left = make.left()
            return DetachReport(
                identical=now == untouched and not left,
                changed_meanwhile=differences(untouched if first is None else first, now),
                left=left,
            )


def _schema_before(session: SqliteSession | PostgresSession, url: CompanyUrl) -> Dump | None:
    """The schema before attach, where that is still known: ours goes away without it too."""
    try:
        with driver_errors(url):
            return Book(session).get("schema_before", dict[str, str], None)
    except BooksDamaged:
        return None


def _left_out(plan: AttachPlan) -> dict[str, list[str]]:
    names = {(t.schema, t.table): t.name for t in plan.catalog.types}
    return {
        names.get((v.schema, v.table), v.type): [left.field for left in v.left_out]
        for v in plan.verdicts
    }


def _moved(before: Selection, renames: Iterable[renaming.Told]) -> Selection:
    """What was chosen by name is chosen under its new one."""
    tables = {one.table: one.new for one in renames if one.column is None}
    if before.tables is None or not tables:
        return before
    chosen = frozenset(tables.get(name, name) for name in before.tables)
    return msgspec.structs.replace(before, tables=chosen)


EVERYTHING = Selection(None, frozenset(), References.DECLARED)


def _remembered(before: Selection, schema: Schema) -> Selection:
    return Selection(
        tables=None if before.tables is None else still_there(before.tables, schema),
        exclude=still_there(before.exclude, schema),
        references=before.references,
        evident_groups=before.evident_groups,
        groups=before.groups,
        without=leaving_out.still_there(before.without, schema),
    )


def _selection(
    before: Selection,
    tables: Iterable[str] | None,
    named: leaving_out.Excluded | None,
    references: References | None,
) -> Selection:
    return Selection(
        tables=before.tables if tables is None else frozenset(tables),
        exclude=before.exclude if named is None else named.tables,
        references=before.references if references is None else references,
        evident_groups=before.evident_groups,
        groups=before.groups,
        without=before.without if named is None else named.fields,
    )


def _with_groups(
    selection: Selection,
    kept: tuple[GivenGroup, ...],
    groups: Iterable[GivenGroup] | None,
    evident_groups: bool | None,
) -> Selection:
    return msgspec.structs.replace(
        selection,
        groups=kept if groups is None else tuple(groups),
        evident_groups=selection.evident_groups if evident_groups is None else evident_groups,
    )


def _digest(schema: Schema, attached: Catalog) -> str:
    shape = msgspec.json.encode([schema, attached])
    return hashlib.blake2b(shape, digest_size=16).hexdigest()
