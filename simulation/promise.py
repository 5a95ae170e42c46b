"""What must come of a restore: known before it is carried out, held against what came of it (G7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from samsyn.agent.underway import Choice
from samsyn.protocol.restoring import Standing
from samsyn.protocol.wire import ORDINARY
from simulation import sight
from simulation.company import Company
from simulation.link import Link
from simulation.notes import FOLLOWS
from simulation.pages import Field, Page
from simulation.rest import in_quarantine
from simulation.sight import Key
from simulation.verdict import Broken

Value = Any  # a cell
Records = dict[str, dict[str, Value]]


class Unclear(NamedTuple):
    """What a backup holds that the service had not heard of, or that nobody had seen."""

    places: frozenset[tuple[str, Key]]
    gone: frozenset[str | None]
    """Records that the office has deleted."""
    types: frozenset[str]
    """Types that waited for a person, or were not loaded yet."""
    moved: frozenset[tuple[str, Key]] = frozenset()
    """Rows that had been put elsewhere, or anew: the journal may still tell of that."""

    @classmethod
    def of(cls, company: Company) -> Unclear:
        """As it is now."""
        unsent = frozenset(
            (page.type, page.key)
            for page in company.oracle.pages
            if page.key is not None and company.oracle.is_unsent(page)
        )
        gone = frozenset(page.id for page in company.oracle.pages if page.gone_at_office)
        moved = frozenset(
            (page.type, page.key)
            for page in company.oracle.pages
            if page.key is not None and page.made_anew
        )
        return cls(unsent, gone, frozenset(company.books.waiting) | _not_loaded(company), moved)

    def but(self, types: frozenset[str]) -> Unclear:
        """The same, and these types have other columns since."""
        return self._replace(types=self.types | types)


def living(company: Company) -> Records:
    """The records that live online, with their fields."""
    found = company.tenant.rows(
        "SELECT id, fields FROM records_record WHERE company_id = %(company)s AND alive"
    )
    return {record: json.loads(fields) for record, fields in found}


def dead(company: Company) -> set[str]:
    """The records of which the service knows that they were deleted."""
    found = company.tenant.rows(
        "SELECT id FROM records_record WHERE company_id = %(company)s AND NOT alive"
    )
    return {record for (record,) in found}


def pending(company: Company) -> dict[str, set[str]]:
    """The fields of each record with online work that the service knows the office not to have."""
    found = company.tenant.rows(
        "SELECT id, pending FROM records_record"
        " WHERE company_id = %(company)s AND pending IS NOT NULL"
    )
    return {record: set(json.loads(text).get("pending", {})) for record, text in found}


class Promise:
    """Made when one side has been put back; everything that happens from then on is followed."""

    def __init__(self, company: Company, unclear: Unclear) -> None:
        self._company, self._unclear = company, unclear
        self._before, self._dead = living(company), dead(company)
        self._pending = pending(company)
        self._told_before = len(company.oracle.conflicts)
        self._oracle = company.begin_anew()
        self._refused = in_quarantine(company)
        self._awaited = _awaited(company)
        self._vanished = _vanished(company)
        self._values = {id(f): f.office_value for _, _, f in self._fields()}
        """What the office had of each field."""
        self._nameless = {page.type for page in self._oracle.pages if page.id is None}
        """The types of which the office has rows that nobody has heard of under a record's name."""

    def check(self, standing: Standing, choice: Choice) -> None:
        """At rest: raises Broken for what did not come as was promised."""
        after, held = living(self._company), in_quarantine(self._company)
        for page in self._pages(held):
            if standing is Standing.SERVICE_BACK:
                self._service_back(page, after)
            elif choice is Choice.BACKUP_IS_TRUTH:
                self._truth(page, after)
            else:
                self._brought_back(page, after)

    def check_undone(self, stays: set[str]) -> None:
        """What was brought back, and nobody has touched since, is gone again; `stays` names what could not be."""
        after, held = living(self._company), in_quarantine(self._company)
        for page in self._pages(held):
            if page.id in stays or page.id not in after or page.id not in self._before:
                continue
            if page.key is None or page.unseen or page.id in self._unclear.gone:
                continue
            if page.pushed_out:
                continue  # by REPLACE, unseen: a row that came under its key is this record
            for name, known in self._quiet(page):
                if page.id in self._pending and name in self._pending[page.id]:
                    continue
                self._must_be(page, name, after, self._values.get(id(known)), "was undone")

    # --- one record ---

    def _brought_back(self, page: Page, after: Records) -> None:
        """All that the service has stands, but for work of the office since."""
        assert page.id is not None
        if self._is_unclear(page):
            return
        before = self._before.get(page.id)
        if before is None:
            # A service that was put back may never have heard of the record.
            told = page.id not in self._dead or self._is_told(page, None)
            came_back = page.id in after and not told
            if page.key is not None and self._is_quiet(page) and came_back:
                raise Broken("G7", f"{page.name} was deleted after the backup, and lives")
            return
        if page.key is None and page.type in self._given_since():
            return
        if not self._must_live(page, after):
            return
        for name, known in page.fields.items():
            wrote, online = known.office_writes > 0, known.online[-1:]
            if (wrote and online) or self._may_be_told_whole(page):
                continue
            if wrote and known.office_value in self._awaited.get((page.id, name), ()):
                continue  # the backup's journal may have held it, unsent: nobody can tell
            if wrote:
                self._must_be(page, name, after, known.office_value, "was written since")
                if known.online_value not in (known.office_value, self._values.get(id(known))):
                    self._must_be_told(page, name, known.online_value)
            elif online:
                self._must_be(page, name, after, online[0].value, "was written online since")
            else:
                self._must_be(page, name, after, before.get(name), "was brought back")

    def _truth(self, page: Page, after: Records) -> None:
        """All that the office has stands, but for work online since."""
        assert page.id is not None
        if page.key is None:
            sure = page.id in self._before and page.type not in self._nameless | self._given_since()
            if sure and page.id in after and self._is_quiet(page):
                raise Broken("G7", f"{page.name} is not in the backup, and lives")
            return
        if not self._must_live(page, after):
            return
        for name, known in page.fields.items():
            if known.online:
                continue
            self._must_be(page, name, after, known.office_value, "is as in the backup")
            lost, known_here = known.online_value, (known.office_value, self._values.get(id(known)))
            sure = page.id in self._before and not self._is_unclear(page)
            if sure and lost not in known_here:
                self._must_be_told(page, name, lost)

    def _service_back(self, page: Page, after: Records) -> None:
        """All that the office has stands, but for online work that the service has and nobody overrode."""
        assert page.id is not None
        if self._is_unclear(page) and page.id not in after:
            return
        deleted_online = page.id not in self._before
        if page.key is None or deleted_online or not self._must_live(page, after):
            return
        for name, known in page.fields.items():
            if known.online or name in self._pending.get(page.id, ()):
                allowed = (known.office_value, known.online_value)
                value = after[page.id].get(name)
                if value not in allowed:
                    raise Broken("G7", f"{page.name} {name} is {value!r}, not one of {allowed}")
            else:
                self._must_be(page, name, after, known.office_value, "is as the office has it")

    def _must_live(self, page: Page, after: Records) -> bool:
        """Whether it does; that it does not needs a reason."""
        if page.id in after:
            # A deletion that somebody overrode since, or another row in a place where nobody saw one go.
            return not (page.deleted_online or page.pushed_out)
        if page.type != "line" and not (page.gone_at_office or page.deleted_online):
            raise Broken("G7", f"{page.name} is gone after the restore, and nobody deleted it")
        return False

    def _must_be(self, page: Page, name: str, after: Records, value: Value, why: str) -> None:
        assert page.id is not None
        found = after[page.id].get(name)
        if found != value:
            raise Broken("G7", f"{page.name} {name} {why}: it is {found!r} and must be {value!r}")

    def _must_be_told(self, page: Page, name: str, lost: Value) -> None:
        if not (self._is_told(page, name) or self._is_told(page, None)):
            raise Broken("G3", f"{page.name} {name}: {lost!r} was lost by a restore, and not told")

    def _is_told(self, page: Page, name: str | None) -> bool:
        told = self._company.oracle.conflicts[self._told_before :]
        return any((record, field) == (page.id, name) for record, field, _, _ in told)

    # --- what is known ---

    def _pages(self, held: frozenset[str]) -> Iterator[Page]:
        left_out = self._unclear.types | self._oracle.decided
        for page in self._oracle.pages:
            if page.id is None or page.id in held | self._refused | self._vanished:
                continue
            if page.type not in left_out and page.loose != FOLLOWS:
                yield page

    def _fields(self) -> Iterator[tuple[Page, str, Field]]:
        for page in self._oracle.pages:
            for name, known in page.fields.items():
                yield page, name, known

    def _is_unclear(self, page: Page) -> bool:
        """What was written unseen cannot be told from what was in the backup."""
        if page.unseen or page.id in self._unclear.gone:
            return True
        return (page.type, page.first_key) in self._unclear.places

    def _may_be_told_whole(self, page: Page) -> bool:
        """A row that was put elsewhere, or anew, and of which a part of the journal is claimed, tells all that it holds."""
        anew = page.made_anew or (page.type, page.first_key) in self._unclear.moved
        return anew and self._company.limits.batch_changes < ORDINARY.batch_changes

    def _given_since(self) -> set[str]:
        """The types of which rows were made since: one with the key of a record may be that record."""
        return {page.type for page in self._oracle.pages if page.id is None}

    def _is_quiet(self, page: Page) -> bool:
        """Nobody has touched it since."""
        touched = (
            page.touched or page.gone_at_office or page.deleted_online or page.key != page.first_key
        )
        return not touched and len(list(self._quiet(page))) == len(page.fields)

    def _quiet(self, page: Page) -> Iterator[tuple[str, Field]]:
        for name, known in page.fields.items():
            if not known.office_writes and not known.online:
                yield name, known


def _awaited(company: Company) -> dict[tuple[str, str], list[Value]]:
    """What the first batch after the backup had told, by record and field."""
    rows = company.tenant.rows(
        "SELECT record_id, fields FROM records_change WHERE company_id = %(company)s"
        " AND source = 'office' AND fields IS NOT NULL AND batch = %(batch)s",
        batch=Link.of(company.program).claimed + 1,
    )
    told: dict[tuple[str, str], list[Value]] = {}
    for record, fields in rows:
        for name, (_, value) in json.loads(fields).items():
            told.setdefault((record, name), []).append(value)
    return told


def _vanished(company: Company) -> frozenset[str]:
    """Records whose row is gone, and no trigger saw it: a row that comes under that key is this record."""
    rows = sight.rows_of(company.program, company.shape)
    ids = sight.identities_now(company.program, company.made.numbers)
    return frozenset(record for (name, key), record in ids.items() if key not in rows[name])


def _not_loaded(company: Company) -> frozenset[str]:
    found = company.program.execute("SELECT name, value FROM samsyn_meta WHERE name GLOB 'load:*'")
    done = {int(name[5:]) for name, value in found if json.loads(value).get("done")}
    return frozenset(name for name, no in company.made.numbers.items() if no not in done)
