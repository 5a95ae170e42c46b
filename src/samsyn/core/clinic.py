"""The quarantine clinic's rules: which fixes apply to a change that one side cannot take."""

from __future__ import annotations

import enum
from collections.abc import Set

import msgspec

from samsyn.core.changes import Holder, Operation


class Fix(enum.Enum):
    """What can be done about a change in quarantine; the values are stable names."""

    EDIT = "edit"
    """Other values for fields."""
    TAKE_OFFICE = "take_office"
    """The office's values stand; what was written online is kept in the conflict log."""
    MERGE_WITH = "merge_with"
    """The new record and the one that holds its unique value become one."""
    NEW_KEY = "new_key"
    """Another value where the one given is taken."""
    WAIT = "wait"
    """Nothing: it goes through by itself when the record that it refers to arrives."""
    RETRY = "retry"
    SKIP = "skip"
    """The change is given up knowingly; it stays in the history."""
    EDIT_OFFICE = "edit_office"
    """To be mended in the office's own program: nothing that we can carry out."""
    SEND_AGAIN = "send_again"


class Case(msgspec.Struct, frozen=True):
    """What is known of a change in quarantine.

    `side` is the one that refused it, `fields` what was to be written,
    `parent_lives` whether the record that it waits for is there online.
    """

    side: str
    code: str
    operation: Operation
    fields: tuple[str, ...] = ()
    field: str | None = None
    holders: tuple[Holder, ...] = ()
    parent: str | None = None
    parent_lives: bool = False


class Offer(msgspec.Struct, frozen=True):
    """One fix that applies: the fields that it is about, the other record where there is one."""

    fix: Fix
    fields: tuple[str, ...] = ()
    record: str | None = None


PARENT_MISSING = "PARENT_MISSING"
UNIQUE_TAKEN = "UNIQUE_TAKEN"
NOT_OF_THE_VALUE = frozenset({"PERMISSION_MISSING", "PROGRAM_NEEDED"})
"""Nothing is wrong with what was written: somebody has to put the database right."""
SEEN_FROM_OUTSIDE = frozenset(
    {"REFUSED_BY_TRIGGER", "IGNORED_BY_TRIGGER", "REFERENCE_MISSING", "EVERYTHING_UNDONE"}
)
"""What another row may have caused, and nobody can tell which."""


def offers(case: Case) -> tuple[Offer, ...]:
    """The fixes that apply, in the order of what a person would most likely want."""
    if case.side == "online":
        at_fault = () if case.field is None else (case.field,)
        return (Offer(Fix.EDIT_OFFICE, at_fault), Offer(Fix.SEND_AGAIN), Offer(Fix.SKIP))
    edit = Offer(Fix.EDIT, _at_fault(case))
    retry = Offer(Fix.RETRY)
    leave = (
        Offer(Fix.SKIP)
        if case.operation is Operation.INSERT
        else Offer(Fix.TAKE_OFFICE, case.fields)
    )
    if case.code == PARENT_MISSING:
        wait = (Offer(Fix.WAIT, edit.fields, case.parent),) if case.parent_lives else ()
        return (*wait, edit, leave)
    if case.code == UNIQUE_TAKEN:
        return (*_merges(case), Offer(Fix.NEW_KEY, edit.fields), leave, retry)
    if case.code in NOT_OF_THE_VALUE:
        return (retry, edit, leave)
    return (edit, leave, retry)


def _merges(case: Case) -> tuple[Offer, ...]:
    """A record that the office does not have yet can become one with each that is in its way."""
    if case.operation is not Operation.INSERT:
        return ()
    return tuple(Offer(Fix.MERGE_WITH, h.fields, h.record) for h in case.holders)


def _at_fault(case: Case) -> tuple[str, ...]:
    """The fields to look at: the one named, those of the other record's unique value, or all."""
    if case.field is not None:
        return (case.field,)
    held = dict.fromkeys(name for holder in case.holders for name in holder.fields)
    return tuple(held) or case.fields


class Dependency(msgspec.Struct, frozen=True):
    """What an entry at the office waits for: other records, or something that nobody can name."""

    records: frozenset[str]
    anything: bool = False


def dependency(
    record: str, code: str, waits_for: str | None, holders: tuple[Holder, ...]
) -> Dependency:
    """What is to change before trying again can help; the record itself always may."""
    if code == PARENT_MISSING and waits_for is not None:
        return Dependency(frozenset({record, waits_for}))
    if code == UNIQUE_TAKEN and holders:
        return Dependency(frozenset({record, *(holder.record for holder in holders)}))
    return Dependency(frozenset({record}), code in SEEN_FROM_OUTSIDE or code == UNIQUE_TAKEN)


def is_due(waits: Dependency, changed: Set[str]) -> bool:
    """Whether one of these records, which have changed, is one that it waits for."""
    return not waits.records.isdisjoint(changed)
