"""The shapes of the API as its OpenAPI description tells them."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Value = Any  # Any: a field's value is told by the type's kinds, not by OpenAPI


class Problem(Schema):
    """A refusal, RFC 9457. `code` is stable; more facts may stand beside it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] | None = None


class FieldError(Schema):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class FieldShape(Schema):
    """One field of a record type."""

    name: str
    kind: str = Field(
        description="text, integer, decimal (as a string), real, boolean, date, datetime, time, interval"
        " (ISO 8601), blob (base64), json (its text), uuid, enum, array, reference (a record's id), other"
    )
    label: str
    required: bool
    nullable: bool
    read_only: bool = Field(description="The office alone gives the value.")
    has_default: bool
    max_length: int | None
    precision: int | None
    scale: int | None
    choices: list[str] | None
    reference: str | None = Field(description="The type of the record that it refers to.")


class TypeShape(Schema):
    """A record type of the company."""

    type: str
    label: str
    key: list[str]
    key_given_by: Literal["office", "person"]
    title: str | None
    may: Literal["read", "write", "delete"] = Field(
        description="How far the token goes here; each includes the one before."
    )
    loading: bool = Field(description="Its first load from the office is not complete.")
    fields: list[FieldShape]


class Types(Schema):
    """The record types of a company."""

    types: list[TypeShape]


class RecordShape(Schema):
    """A record."""

    id: str = Field(description="32 hexadecimal digits.")
    key: Value = Field(
        description="The office's key: a value, a list where it has several parts, null while pending."
    )
    version: int
    fields: dict[str, Value]


class Records(Schema):
    """A page of records."""

    records: list[RecordShape]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
    loading: bool


class NewRecordBody(Schema):
    """A record to be made."""

    fields: dict[str, Value]
    id: str | None = Field(None, description="A UUID of your own makes the request safe to repeat.")


class ChangedFields(Schema):
    """The fields to change; others stay."""

    fields: dict[str, Value]
    version: int | None = Field(None, description="As If-Match.")


class BatchOperation(Schema):
    """One operation of a batch."""

    op: Literal["create", "update", "delete"]
    type: str
    id: str | None = Field(None, description="The record; `@name` for one that this batch made.")
    name: str | None = Field(None, description="A name for the new record, for later operations.")
    fields: dict[str, Value] = Field(
        {},
        description="A reference may be `@name`: the record that this batch made under that name.",
    )
    version: int | None = Field(None, description="As If-Match.")


class BatchBody(Schema):
    """Operations that are done together or not at all, in order."""

    operations: list[BatchOperation] = Field(max_length=500)


class BatchResult(Schema):
    """What one operation made of its record."""

    op: str
    type: str
    id: str
    name: str | None
    record: RecordShape | None


class BatchAnswer(Schema):
    """The results in the order of the operations."""

    results: list[BatchResult]


class Written(Schema):
    """A field's value before and after."""

    old: Value
    new: Value


class ChangeShape(Schema):
    """One entry of the change log."""

    seq: int
    type: str
    record: str
    action: Literal["insert", "update", "delete", "revive", "reopen"]
    source: Literal["office", "rest", "web", "import", "undo", "reapply", "service"]
    by: str | None
    at: str
    batch: int | None = Field(
        description="Online work: what was written at once, by which it can be undone."
    )
    fields: dict[str, Written] | None = Field(
        description="Null for a record of the first load: its values are those of the record."
    )


class Changes(Schema):
    """A part of the change log, in order."""

    changes: list[ChangeShape]
    next: int | None = Field(
        description="Ask again with this `since`; null where no more is known yet."
    )
    head: int = Field(description="The number of the company's last change.")
    trimmed: int = Field(
        description="Changes up to this number are old and need not be there any more: whoever knows"
        " only what was before it reads the records anew."
    )


class ConflictShape(Schema):
    """An online value that the office's overrode, or a deletion that was undone."""

    type: str
    record: str
    key: Value
    field: str | None
    base: Value
    office: Value
    online: Value
    kept: str
    office_by: str | None
    online_by: str | None
    at: str
    outcome: str
    id: str
    group: list[str] = Field(description="The fields that were decided together with this one.")
    reapplied_seq: int | None = Field(
        description="The change that wrote the losing value once more."
    )


class Conflicts(Schema):
    """Conflicts, the newest first."""

    conflicts: list[ConflictShape]
    next: str | None


class HeldValueShape(Schema):
    """A field at stake, with what each side has there."""

    field: str
    office: Value
    online: Value


class RemedyShape(Schema):
    """A fix that applies to an entry."""

    fix: Literal[
        "edit",
        "take_office",
        "merge_with",
        "new_key",
        "wait",
        "retry",
        "skip",
        "edit_office",
        "send_again",
    ] = Field(
        description="edit_office is done in the office's own program; each other one by a POST of its name."
    )
    fields: list[str] = Field(description="The fields that it is about.")
    record: str | None = Field(description="The other record: to merge with, or to wait for.")
    title: str | None = Field(description="What people call that record.")


class InTheWayShape(Schema):
    """Another record that has a value which may be there only once."""

    record: str
    title: str | None
    fields: list[str]


class QuarantineShape(Schema):
    """A change that one side cannot accept, and what can be done about it."""

    id: str
    side: Literal["office", "online"] = Field(description="The side that does not take it.")
    type: str
    record: str
    key: Value
    title: str | None = Field(description="What people call the record.")
    field: str | None
    reason: str
    code: str
    since: str
    operation: Literal["insert", "update", "delete"]
    state: Literal["open", "under_way", "aside", "settled"]
    values: list[HeldValueShape]
    fixes: list[RemedyShape] = Field(description="In the order of what one would most likely want.")
    waits_for: str | None = Field(description="The record that must come first.")
    holders: list[InTheWayShape]
    fix: str | None = Field(description="What a person chose last.")
    fixed_by: str | None
    fixed_at: str | None


class FixBody(Schema):
    """What a fix needs: values for edit and new_key, the record and preferred fields for merge_with."""

    fields: dict[str, Value] = Field({}, description="The new values.")
    record: str | None = None
    prefer: list[str] = Field([], description="Fields whose new value is to replace the other's.")


class Quarantine(Schema):
    """What lies in quarantine, the oldest first."""

    quarantine: list[QuarantineShape]
    next: str | None


class AlarmShape(Schema):
    """Something that has waited for over a minute, and why."""

    code: Literal["OFFICE_NOT_HEARD", "OFFICE_TAKES_NOTHING", "OFFICE_STALLED"] = Field(
        description="OFFICE_STALLED: the office itself says so, with the fields that follow."
    )
    message: str
    since: str
    age_s: int = Field(description="For how many seconds.")
    what: str | None = Field(
        description="What waits there: up, down, load, held or missing; see `samsyn status`."
    )
    office_code: str | None = Field(description="Why, as the office's own code.")
    office_waiting: int | None = Field(description="How many of its changes are not sent.")
    type: str | None


class Status(Schema):
    """How the office stands to the service."""

    connected: bool = Field(description="The company has a connection with an office.")
    heard: bool = Field(description="The office holds a request now, or was heard just before.")
    computer: str | None
    last_heard: str | None
    waiting: int = Field(description="Records with online changes that the office has not taken.")
    oldest_s: int | None = Field(description="For how many seconds the oldest of them has waited.")
    behind_ms: int | None = Field(
        description="How old the oldest change of the office's last batch was when it came, in"
        " milliseconds; null where that is not known."
    )
    paused_since: str | None = Field(
        description="Since when a person has paused the sync at the office; null where nobody has,"
        " or the office is not heard."
    )
    alarms: list[AlarmShape]


class HeldShape(Schema):
    """A record type that waits for a person at the office, and why."""

    type: str
    side: Literal["office", "online", "schema"] = Field(
        description="Where what is held comes from; schema: the office's table was changed."
    )
    code: str
    since: str
    phase: Literal["held", "released", "undoing"]
    count: int = Field(description="How many records are concerned.")
    records: int
    fields: list[str]


class HeldTypes(Schema):
    """What is held; everything else is synced."""

    held: list[HeldShape]


class UndoBody(Schema):
    """Which online work to take back; what is given must all hold."""

    by: str | None = Field(None, description="The person, as the change log names them.")
    batch: int | None = Field(None, description="What was written at once under this number.")
    hour: str | None = Field(
        None, description="The hour from this moment on: 2026-11-23T14, in UTC or with a zone."
    )


class UndoStepShape(Schema):
    """One thing that is taken back, or stays."""

    type: str
    record: str
    title: str
    operation: Literal["insert", "update", "delete"] = Field(
        description="insert: the record comes back; delete: it goes again."
    )
    field: str | None
    now: Value
    back: Value
    why_not: str | None = Field(
        description="Why it stays: CHANGED_SINCE, RECORD_GONE, TYPE_GONE, REFERENCE_GONE, STILL_REFERRED, KEY_TAKEN."
    )
    changed_by: str | None


class Undo(Schema):
    """An undo, planned or carried out."""

    changes: int = Field(description="How many changes were chosen.")
    steps: list[UndoStepShape]
    done: int | None = Field(description="How many records were taken back; null for a plan.")
    batch: int | None = Field(description="By this number the undo can be undone.")


class ReapplyBody(Schema):
    """How to write a losing value once more."""

    anyway: bool = Field(False, description="Also over what somebody has written there since.")


class Reapplied(Schema):
    """Where the value stands now."""

    conflict: str
    type: str
    record: str
    seq: int = Field(description="The number of the change.")
    new: bool = Field(description="False where it had been written once more before.")
