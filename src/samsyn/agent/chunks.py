"""The message that tells how rows stand: a chunk of a load, of a resync or of a repair."""

from __future__ import annotations

import msgspec

from samsyn.companydb import books
from samsyn.companydb.claim import floor
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import Catalog, RecordType
from samsyn.protocol import wire


class OutChunk(msgspec.Struct, frozen=True):
    """A chunk to be sent: its number, and its bytes."""

    number: int
    body: bytes


def out_chunk(
    db: CompanyDb,
    fence: int,
    record_type: RecordType,
    records: msgspec.Raw,
    after_batch: int,
    *,
    last: bool,
) -> OutChunk:
    """A chunk of encoded records, made in the transaction in which they are read.

    The service takes it as long as `after_batch` is the last batch that it has taken.
    A backup from after it has the rows as they are told here, and from before
    it another number: so the service tells them apart (G7).
    """
    number, cursor = books.read_chunk(db), books.marked_cursor(db)
    body = wire.encode(
        {
            "type": record_type.name,
            "fence": fence,
            "seen": cursor.number,
            "floor": floor(db),
            "after_batch": after_batch,
            "fingerprint": Catalog(db.engine, tuple(db.types.values())).fingerprint,
            "records": records,
            "last": last,
            "mark": cursor.mark,
            "number": number,
        }
    )
    return OutChunk(number, body)
