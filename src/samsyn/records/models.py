"""The tables of the online record store; every key and index begins with the company."""

from __future__ import annotations

from django.db import models
from django.db.models import CompositePrimaryKey, Index, Q

from samsyn.records.columns import JsonText


class Company(models.Model):
    """The counter of a company's changes, and what its office database is.

    `head` is the number of the last change, `online_head` that of the last
    one the office is to be told.
    """

    company_id = models.CharField(max_length=12, primary_key=True)
    head = models.BigIntegerField(default=0)
    online_head = models.BigIntegerField(default=0)
    name = models.TextField(default="")
    engine = models.CharField(max_length=12, default="")
    catalog = models.CharField(max_length=32, default="", db_default="")
    """A random mark of the types as they stand: another one means to read them again."""
    trimmed_online = models.BigIntegerField(default=0, db_default=0)
    """The newest change for the office whose row retention has let go of (records.retention)."""
    checkpoint = models.TextField(default="", db_default="")
    """What the ledger has counted of rows that are gone (records.ledger.Checkpoint)."""
    suspended = models.CharField(max_length=32, null=True)
    """Since when nobody may read or write the company (records.suspension)."""

    class Meta:
        db_table = "records_company"


class KnownCatalog(models.Model):
    """A catalog fingerprint that the office has told: batches may still carry it."""

    pk = CompositePrimaryKey("company_id", "fingerprint")
    company_id = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=32)
    at = models.CharField(max_length=32)

    class Meta:
        db_table = "records_known_catalog"


class StoredType(models.Model):
    """A record type as the office's catalog describes it."""

    pk = CompositePrimaryKey("company_id", "name")
    company_id = models.CharField(max_length=12)
    name = models.TextField()
    spec = models.TextField()
    position = models.IntegerField()
    loaded = models.BooleanField(default=False)
    synced = models.BooleanField(default=True)
    """False when the catalog no longer has it; its records stay."""
    referenced = models.BooleanField(default=False, db_default=False)
    """All its records are in `records_reference` (references.py)."""

    class Meta:
        db_table = "records_type"


class StoredRecord(models.Model):
    """A record: its cells, and in `pending` what the office is not known to have taken."""

    pk = CompositePrimaryKey("company_id", "id")
    company_id = models.CharField(max_length=12)
    id = models.CharField(max_length=32)
    type = models.TextField()
    key = models.TextField(null=True)
    version = models.BigIntegerField()
    alive = models.BooleanField(default=True)
    fields = JsonText()
    pending = JsonText(null=True)

    class Meta:
        db_table = "records_record"
        indexes = (
            Index(fields=["company_id", "type", "id"], name="records_by_type"),
            Index(
                fields=["company_id", "type", "id"],
                condition=Q(pending__isnull=False),
                name="records_unsettled",
            ),
        )


class Reference(models.Model):
    """A record that may refer to another (references.py)."""

    pk = CompositePrimaryKey("company_id", "target", "record_id")
    company_id = models.CharField(max_length=12)
    target = models.CharField(max_length=32)
    record_id = models.CharField(max_length=32)

    class Meta:
        db_table = "records_reference"


class Change(models.Model):
    """The change log: one row for each change of a record, numbered without gaps.

    `fields` is {field: [old, new]}; a row of the first load (action insert,
    no batch) has none and is not in the index by record: a record whose first
    indexed row is no insert was loaded. `whole` is the deleted record. `connection` is set when the office caused the change,
    even where `source` is service: then the office must be told of it too.
    `batch` is the office's batch or, online, the first number of the unit
    that wrote it.
    """

    pk = CompositePrimaryKey("company_id", "seq")
    company_id = models.CharField(max_length=12)
    seq = models.BigIntegerField()
    type = models.TextField()
    record_id = models.CharField(max_length=32)
    action = models.CharField(max_length=8)
    source = models.CharField(max_length=8)
    author = models.TextField(null=True)
    at = models.CharField(max_length=32)
    fields = JsonText(null=True)
    seen = models.BigIntegerField(null=True)
    seen_by_field = JsonText(null=True)
    connection = models.CharField(max_length=12, null=True)
    batch = models.BigIntegerField(null=True)
    whole = JsonText(null=True)
    derived = JsonText(null=True)
    """The fields that the office's own triggers made, as a list."""
    mark = models.CharField(max_length=16, null=True)
    """Of what the office is told: a random text, another one for each unit (records.marks)."""
    chunk = models.BigIntegerField(null=True)
    """The number of the office's chunk that brought it."""

    class Meta:
        db_table = "records_change"
        indexes = (
            Index(
                fields=["company_id", "record_id", "seq"],
                condition=Q(fields__isnull=False),
                name="records_change_record",
            ),
            Index(
                fields=["company_id", "seq"],
                condition=~Q(source="office"),
                name="records_change_online",
            ),
            Index(
                fields=["company_id", "at"],
                condition=~Q(source="office"),
                name="records_change_at",
            ),
        )


class Conflict(models.Model):
    """One online value that the office's overrode; `office_seq` is the change that did."""

    pk = CompositePrimaryKey("company_id", "office_seq", "no")
    company_id = models.CharField(max_length=12)
    office_seq = models.BigIntegerField()
    no = models.IntegerField()
    type = models.TextField()
    record_id = models.CharField(max_length=32)
    key = models.TextField(null=True)
    field = models.TextField(null=True)
    base = models.TextField()
    office = models.TextField()
    online = models.TextField()
    online_seq = models.BigIntegerField()
    online_by = models.TextField(null=True)
    online_at = models.CharField(max_length=32, null=True)
    office_by = models.TextField(null=True)
    at = models.CharField(max_length=32)
    kept = models.CharField(max_length=8)
    outcome = models.CharField(max_length=24)
    reason = models.TextField(null=True)
    decided = models.TextField(null=True)
    """The fields that were decided together with this one, as a list."""
    reapplied_seq = models.BigIntegerField(null=True)

    class Meta:
        db_table = "records_conflict"
        indexes = (Index(fields=["company_id", "record_id"], name="records_conflict_record"),)


class Quarantined(models.Model):
    """A change that `side` cannot accept, kept until it is resolved."""

    pk = CompositePrimaryKey("company_id", "id")
    company_id = models.CharField(max_length=12)
    id = models.CharField(max_length=32)
    side = models.CharField(max_length=8)
    type = models.TextField()
    record_id = models.CharField(max_length=32)
    key = models.TextField(null=True)
    field = models.TextField(null=True)
    code = models.CharField(max_length=64)
    reason = models.TextField()
    since = models.CharField(max_length=32)
    item = models.TextField()
    """The change as it came; jsonb could not hold every one."""
    resolved_at = models.CharField(max_length=32, null=True)
    fix = models.CharField(max_length=16, null=True)
    """What a person chose last (core.clinic.Fix)."""
    fixed_by = models.TextField(null=True)
    fixed_at = models.CharField(max_length=32, null=True)
    told_anew = models.BigIntegerField(null=True)
    """The last number of the log when it was told to the office anew after a restore, and left for that."""

    class Meta:
        db_table = "records_quarantine"
        indexes = (
            Index(
                fields=["company_id", "record_id"],
                condition=Q(resolved_at__isnull=True),
                name="records_quarantine_open",
            ),
        )


class Connection(models.Model):
    """An office database's connection: credential, fence, link, last batch, cursor."""

    pk = CompositePrimaryKey("company_id", "id")
    company_id = models.CharField(max_length=12)
    id = models.CharField(max_length=12)
    computer = models.TextField()
    database = models.TextField()
    engine = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64)
    created = models.CharField(max_length=32)
    revoked = models.CharField(max_length=32, null=True)
    fence = models.BigIntegerField(default=0)
    link = models.TextField(null=True)
    previous_link = models.TextField(null=True)
    fingerprint = models.CharField(max_length=32, default="")
    batch = models.BigIntegerField(default=0)
    batch_hash = models.CharField(max_length=32, default="")
    batch_answer = models.BinaryField(null=True)
    floor = models.BigIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    last_seen = models.CharField(max_length=32, null=True)
    held = models.TextField(default="[]")
    alarms = models.TextField(default="[]", db_default="[]")
    """What does not get on at the office, as it says itself."""
    trimmed_batch = models.BigIntegerField(default=0, db_default=0)
    """The newest batch of which a row of the log is gone."""
    trimmed_link_batch = models.BigIntegerField(default=0, db_default=0)
    trimmed_link_cursor = models.BigIntegerField(default=0, db_default=0)
    trimmed_link_at = models.CharField(max_length=32, null=True)
    """Where both sides stood at the newest link that is gone."""
    epoch = models.IntegerField(default=0, db_default=0)
    chunk = models.BigIntegerField(default=0, db_default=0)
    """The highest number of a chunk that was taken (protocol.messages.Chunks)."""
    age_ms = models.BigIntegerField(null=True)
    """How old the oldest change of the last batch was when it came, as the office says."""
    age_at = models.CharField(max_length=32, null=True)
    followed = models.BooleanField(default=False, db_default=False)
    """A later connection has gone on from there."""
    newcomer = models.BooleanField(default=False, db_default=False)
    """Its database was not known to hold what the company's had come to (records.newcomer)."""

    class Meta:
        db_table = "records_connection"


class Taken(models.Model):
    """When the office had taken the online changes up to a number: one row for each step of its cursor."""

    pk = CompositePrimaryKey("company_id", "upto")
    company_id = models.CharField(max_length=12)
    upto = models.BigIntegerField()
    at = models.CharField(max_length=32)

    class Meta:
        db_table = "records_taken"


class Traffic(models.Model):
    """How many changes came from the office and were taken by it within an hour of UTC (`2026-11-29T22`)."""

    pk = CompositePrimaryKey("company_id", "hour")
    company_id = models.CharField(max_length=12)
    hour = models.CharField(max_length=13)
    up = models.BigIntegerField(default=0)
    down = models.BigIntegerField(default=0)

    class Meta:
        db_table = "records_traffic"


class OfficePeople(models.Model):
    """The users of the office's program with their rights, as it told them last (records.office_people)."""

    company_id = models.CharField(max_length=12, primary_key=True)
    told = models.TextField()
    computer = models.TextField()
    at = models.CharField(max_length=32)

    class Meta:
        db_table = "records_office_people"


class Link(models.Model):
    """A link of the past, with where both sides stood: it tells a restored database."""

    pk = CompositePrimaryKey("company_id", "connection", "link")
    company_id = models.CharField(max_length=12)
    connection = models.CharField(max_length=12)
    link = models.TextField()
    cursor = models.BigIntegerField()
    batch = models.BigIntegerField()
    at = models.CharField(max_length=32)
    epoch = models.IntegerField(default=0, db_default=0)
    """How many restores came before it."""
    left_cursor = models.BigIntegerField(null=True)
    left_batch = models.BigIntegerField(null=True)
    left_chunk = models.BigIntegerField(null=True)
    """The cursor, the last batch claimed and the last chunk read that the office told when it took the next link."""

    class Meta:
        db_table = "records_link"


class Restore(models.Model):
    """A restore of either side after which a connection was taken up again.

    `kind` is what the person chose: `bring_back`, `backup_is_truth`, or
    `rejoin` where the service was put back. Cursor, batch, first_lost, upto and
    chunk are the cut (`protocol.restoring.Cut`), `upto_batch` the last batch that the
    service had. `page_before`, `page_after` and `answer` are of the last page.
    """

    pk = CompositePrimaryKey("company_id", "connection", "epoch")
    company_id = models.CharField(max_length=12)
    connection = models.CharField(max_length=12)
    epoch = models.IntegerField()
    operation = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    link = models.TextField()
    cursor = models.BigIntegerField()
    batch = models.BigIntegerField()
    first_lost = models.BigIntegerField(null=True)
    upto = models.BigIntegerField()
    upto_batch = models.BigIntegerField()
    floor_before = models.BigIntegerField(null=True)
    """The floor of the connection until then."""
    chunk = models.BigIntegerField(null=True)
    at = models.CharField(max_length=32)
    computer = models.TextField()
    page_before = models.BigIntegerField(null=True)
    page_after = models.BigIntegerField(null=True)
    answer = models.BinaryField(null=True)

    class Meta:
        db_table = "records_restore"


class PairingCode(models.Model):
    """A code that makes one connection; the code names the company, so it is found without one."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    company_id = models.CharField(max_length=12)
    expires_s = models.BigIntegerField()
    used_at = models.CharField(max_length=32, null=True)
    renews = models.CharField(max_length=12, null=True)
    """The one connection that it renews; empty: it makes a new one; null: as it is asked."""

    class Meta:
        db_table = "records_pairing_code"


class Approval(models.Model):
    """An office that asks to be connected, and what a person said; no company is known before that."""

    secret_hash = models.CharField(max_length=64, primary_key=True)
    """As that of the pairing code that the secret becomes."""
    code_hash = models.CharField(max_length=64, unique=True)
    asked = models.TextField()
    """protocol.approval.Ask as JSON."""
    address = models.CharField(max_length=64)
    """The network address that asked."""
    asked_at = models.CharField(max_length=32)
    expires_s = models.BigIntegerField()
    answer = models.CharField(max_length=8)
    company_id = models.CharField(max_length=12, null=True)
    company_name = models.CharField(max_length=200, null=True)
    email = models.CharField(max_length=254, null=True)

    class Meta:
        db_table = "records_approval"
