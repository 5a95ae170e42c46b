"""What the record store refuses, with the HTTP status that tells it."""

from __future__ import annotations

from typing import ClassVar

from samsyn.core.errors import SamsynError


class RecordsError(SamsynError):
    """The root of the store's refusals. Nothing has changed when one is raised."""

    code: ClassVar[str] = "RECORDS_ERROR"
    status: ClassVar[int] = 400


class BadCompany(RecordsError):
    """Not a company id."""

    code: ClassVar[str] = "UNKNOWN_COMPANY"
    status: ClassVar[int] = 404


class UnknownType(RecordsError):
    """The company has no record type of that name; `type`."""

    code: ClassVar[str] = "UNKNOWN_TYPE"
    status: ClassVar[int] = 404


class UnknownField(RecordsError):
    """The type has no field of that name; `type`, `field`."""

    code: ClassVar[str] = "UNKNOWN_FIELD"
    status: ClassVar[int] = 422


class UnknownRecord(RecordsError):
    """No living record has that id; `record`."""

    code: ClassVar[str] = "UNKNOWN_RECORD"
    status: ClassVar[int] = 404


class FromOffice(RecordsError):
    """Records of this type are written at the office alone; `type`."""

    code: ClassVar[str] = "TYPE_FROM_OFFICE"
    status: ClassVar[int] = 409


class RecordExists(RecordsError):
    """A record with that id is or was there; `record`."""

    code: ClassVar[str] = "RECORD_EXISTS"
    status: ClassVar[int] = 409


class VersionMismatch(RecordsError):
    """The record has changed since; `record`, `version` (now), `wanted`."""

    code: ClassVar[str] = "VERSION_MISMATCH"
    status: ClassVar[int] = 412


class BadCell(RecordsError):
    """A value that is no cell; `field`, `detail`."""

    code: ClassVar[str] = "BAD_CELL"
    status: ClassVar[int] = 422


class BadQuery(RecordsError):
    """A filter, sort order or cursor that cannot be read; `detail`."""

    code: ClassVar[str] = "BAD_QUERY"
    status: ClassVar[int] = 400


class UnknownConflict(RecordsError):
    """No conflict has that id; `conflict`."""

    code: ClassVar[str] = "UNKNOWN_CONFLICT"
    status: ClassVar[int] = 404


class ChangedSince(RecordsError):
    """Somebody has written there since the conflict; `conflict`, `record`, `fields`."""

    code: ClassVar[str] = "CHANGED_SINCE"
    status: ClassVar[int] = 409


class CannotReapply(RecordsError):
    """What lost a conflict cannot be written once more; `conflict`, and a code in `why`."""

    code: ClassVar[str] = "CANNOT_REAPPLY"
    status: ClassVar[int] = 409


class NoLongerKept(RecordsError):
    """What is asked for is so old that it was let go of; `conflict`."""

    code: ClassVar[str] = "NO_LONGER_KEPT"
    status: ClassVar[int] = 410


class BadUndo(RecordsError):
    """No choice of what is to be undone, or one that cannot be read; `detail`."""

    code: ClassVar[str] = "BAD_UNDO"
    status: ClassVar[int] = 422


class UndoTooLarge(RecordsError):
    """More changes were chosen than one undo takes back; `limit`."""

    code: ClassVar[str] = "UNDO_TOO_LARGE"
    status: ClassVar[int] = 413


class StoreBusy(RecordsError):
    """The database was locked or away; the same again may succeed."""

    code: ClassVar[str] = "STORE_BUSY"
    status: ClassVar[int] = 503
    transient: ClassVar[bool] = True


class CompanySuspended(RecordsError):
    """The operator has suspended the company; `since`. It may pass: offices ask again."""

    code: ClassVar[str] = "COMPANY_SUSPENDED"
    status: ClassVar[int] = 503
    transient: ClassVar[bool] = True
    meant: ClassVar[bool] = True
    """No fault of the service: its log says nothing of it."""


# --- connections ---------------------------------------------------------------------


class NotConnected(RecordsError):
    """No credential, or one that no connection has."""

    code: ClassVar[str] = "NOT_CONNECTED"
    status: ClassVar[int] = 401


class ConnectionRevoked(RecordsError):
    """The connection was disconnected; `at`."""

    code: ClassVar[str] = "CONNECTION_REVOKED"
    status: ClassVar[int] = 401


class BadApprovalCode(RecordsError):
    """Nobody asks with that code: unknown, answered already or lapsed."""

    code: ClassVar[str] = "BAD_APPROVAL_CODE"
    status: ClassVar[int] = 404


class TooManyAsk(RecordsError):
    """More offices ask for approval at the moment than the service keeps; `retry_after_s`."""

    code: ClassVar[str] = "TOO_MANY_ASK"
    status: ClassVar[int] = 429
    transient: ClassVar[bool] = True


class BadPairingCode(RecordsError):
    """The code is unknown, used or too old."""

    code: ClassVar[str] = "PAIRING_CODE_INVALID"
    status: ClassVar[int] = 403


class OtherCompany(RecordsError):
    """The code is for a company that does not have the connection."""

    code: ClassVar[str] = "OTHER_COMPANY"
    status: ClassVar[int] = 409


class TooManyAttempts(RecordsError):
    """Too many wrong codes; `retry_after_s`."""

    code: ClassVar[str] = "TOO_MANY_ATTEMPTS"
    status: ClassVar[int] = 429
    transient: ClassVar[bool] = True


class ProtocolUnsupported(RecordsError):
    """The agent speaks another version; `spoken`, `supported`."""

    code: ClassVar[str] = "PROTOCOL_UNSUPPORTED"
    status: ClassVar[int] = 400


class Fenced(RecordsError):
    """A newer sync computer has taken over; `fence` (the newest), `told`."""

    code: ClassVar[str] = "FENCED"
    status: ClassVar[int] = 409


class LinkOld(RecordsError):
    """The database is as it was at an earlier hello: restored or copied; `cursor`, `batch`, `at`."""

    code: ClassVar[str] = "LINK_OLD"
    status: ClassVar[int] = 409


class LinkUnknown(RecordsError):
    """The database never was at this state with this connection."""

    code: ClassVar[str] = "LINK_UNKNOWN"
    status: ClassVar[int] = 409


class BackupTooOld(RecordsError):
    """The backup is from before what is kept of the change log and the links; `at`, where it is known."""

    code: ClassVar[str] = "BACKUP_TOO_OLD"
    status: ClassVar[int] = 409


class StateDiverged(RecordsError):
    """Office and service disagree on what was exchanged; `what`, `office`, `online`."""

    code: ClassVar[str] = "STATE_DIVERGED"
    status: ClassVar[int] = 409


class NothingToUpdate(RecordsError):
    """Office and service stand otherwise than was told: `standing`. Look again."""

    code: ClassVar[str] = "NOTHING_TO_UPDATE"
    status: ClassVar[int] = 409


class UpdateStale(RecordsError):
    """The update of the connection was begun anew meanwhile: look again."""

    code: ClassVar[str] = "UPDATE_STALE"
    status: ClassVar[int] = 409


# --- batches and chunks --------------------------------------------------------------


class BatchGap(RecordsError):
    """Not the next batch; `expected`, `number`."""

    code: ClassVar[str] = "BATCH_GAP"
    status: ClassVar[int] = 409


class BatchDiverged(RecordsError):
    """The batch follows another history than ours; `number`."""

    code: ClassVar[str] = "BATCH_DIVERGED"
    status: ClassVar[int] = 409


class CatalogUnknown(RecordsError):
    """The catalog's fingerprint was never told: say hello first; `fingerprint`."""

    code: ClassVar[str] = "CATALOG_UNKNOWN"
    status: ClassVar[int] = 409


class ChunkStale(RecordsError):
    """Read before a batch or a chunk that has come since, or before online changes taken since: read it again.

    `after_batch`, `batch`.
    """

    code: ClassVar[str] = "CHUNK_STALE"
    status: ClassVar[int] = 409


class TooManyRecords(RecordsError):
    """More records asked about at once than `limit`."""

    code: ClassVar[str] = "TOO_MANY_RECORDS"
    status: ClassVar[int] = 400


class BadRecord(RecordsError):
    """A record of a chunk cannot be stored; `record`, `detail`."""

    code: ClassVar[str] = "BAD_RECORD"
    status: ClassVar[int] = 422


# --- the quarantine clinic -----------------------------------------------------------


class UnknownEntry(RecordsError):
    """Nothing in quarantine has that id; `entry`."""

    code: ClassVar[str] = "UNKNOWN_QUARANTINE_ENTRY"
    status: ClassVar[int] = 404


class UnknownFix(RecordsError):
    """No fix has that name; `fix`, `known`."""

    code: ClassVar[str] = "UNKNOWN_FIX"
    status: ClassVar[int] = 404


class FixUnfit(RecordsError):
    """The fix does not apply to this entry; `fix`, `fixes` (those that do)."""

    code: ClassVar[str] = "FIX_DOES_NOT_APPLY"
    status: ClassVar[int] = 409


class FixIncomplete(RecordsError):
    """The fix needs more than was told; `fix`, `needs` (fields, record)."""

    code: ClassVar[str] = "FIX_INCOMPLETE"
    status: ClassVar[int] = 422


class EntrySettled(RecordsError):
    """The change has left quarantine already; `entry`, `at`, `fix`."""

    code: ClassVar[str] = "QUARANTINE_SETTLED"
    status: ClassVar[int] = 409
