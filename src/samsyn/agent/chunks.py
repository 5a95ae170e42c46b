"""The message that tells how rows stand: a chunk of a load, of a resync or of a repair."""

from __future__ import annotations

import msgspec

from samsyn.companydb import books
from samsyn.companydb.claim import floor
from samsyn.companydb.rows import CompanyDb
from samsyn.core.catalog import Catalog, RecordType
from samsyn.protocol import wire


def chunk_body(
    db: CompanyDb,
    fence: int,
    record_type: RecordType,
    records: msgspec.Raw,
    after_batch: int,
    *,
    last: bool,
) -> bytes:
    """A chunk of encoded records, as of the transaction in which they were read.

    The service takes it as long as `after_batch` is the last batch that it has taken.
    """
    cursor = books.marked_cursor(db)
    return wire.encode(
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
        }
    )
