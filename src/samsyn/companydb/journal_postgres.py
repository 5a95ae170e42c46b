"""The journal on PostgreSQL: claimed by presence, told apart by transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from samsyn.companydb.bookkeeping import MASK_BITS, book_name
from samsyn.companydb.books import without_types
from samsyn.companydb.opening import PostgresSession
from samsyn.companydb.rows import DELETED, REPLACING, JournalRow
from samsyn.core.catalog import RecordType

JOURNAL = book_name("postgresql", "journal")


class PostgresJournal(PostgresSession):
    """The part of `rows.CompanyDb` that is about the journal."""

    _masks = 1
    """How many mask columns the journal has."""

    def take_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        free = f"SELECT id FROM {JOURNAL}{without_types(held)} ORDER BY id LIMIT $1"
        rows = self.rows(
            f"DELETE FROM {JOURNAL} WHERE id IN ({free}) RETURNING {self._columns()}", limit
        )
        return sorted((self._journal_row(row) for row in rows), key=lambda row: row.id)

    def journal_of(self, record_type: RecordType, limit: int) -> list[JournalRow]:
        rows = self.rows(
            f"SELECT {self._columns()} FROM {JOURNAL} WHERE tab = $1 ORDER BY id DESC LIMIT $2",
            record_type.no,
            limit,
        )
        return [self._journal_row(row) for row in rows]

    def more_happened(self, held: Collection[int] = ()) -> bool:
        where = f"{without_types(held) or ' WHERE true'} AND op <> {REPLACING}"
        return bool(self.rows(f"SELECT 1 FROM {JOURNAL}{where} LIMIT 1"))

    def journal_size(self) -> int:
        return int(self.rows(f"SELECT count(*) FROM {JOURNAL}")[0][0])

    def first_journal(self, limit: int, held: Collection[int] = ()) -> list[JournalRow]:
        free = f"{JOURNAL}{without_types(held)}"
        rows = self.rows(f"SELECT {self._columns()} FROM {free} ORDER BY id LIMIT $1", limit)
        return [self._journal_row(row) for row in rows]

    def oldest_seen(self) -> int | None:
        found: int | None = self.rows(f"SELECT min(seen) FROM {JOURNAL}")[0][0]
        return found

    def mark(self) -> int:
        """The transaction's own rows carry its id, so the mark says only that there is one."""
        return int(self.rows("SELECT pg_current_xact_id()::text::bigint")[0][0])

    def is_over(self, mark: int) -> bool:
        oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        return int(self.rows(oldest)[0][0]) > mark

    def own_journal(self, mark: int) -> list[JournalRow]:
        rows = self.rows(
            f"SELECT {self._columns()} FROM {JOURNAL} WHERE tx = $1::text::xid8 ORDER BY id",
            str(mark),
        )
        return [self._journal_row(row) for row in rows]

    def written_meanwhile(self, mark: int, held: Collection[int] = ()) -> bool:
        """Each statement sees what has been committed by then, and a deleted row is locked."""
        taken = f"SELECT * FROM {JOURNAL}{without_types(held)}"
        return bool(
            self.rows(
                f"SELECT 1 FROM {JOURNAL} AS ours JOIN ({taken}) AS theirs"
                " ON theirs.tab = ours.tab AND theirs.nkey = ours.okey AND theirs.tx <> ours.tx"
                f" WHERE ours.tx = $1::text::xid8 AND ours.op = {DELETED} LIMIT 1",
                str(mark),
            )
        )

    def drop_journal(self, ids: Iterable[int]) -> None:
        if dropped := list(ids):
            self.run(f"DELETE FROM {JOURNAL} WHERE id = ANY($1::bigint[])", dropped)

    def add_journal(self, rows: Iterable[JournalRow]) -> None:
        masks = [f"m{n}" for n in range(self._masks)]
        marks = ", ".join(f"${n + 1}" for n in range(5 + self._masks))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {JOURNAL} (tab, op, seen, okey, nkey, {', '.join(masks)})"
                f" VALUES ({marks})".encode(),
                [
                    (
                        row.type_no,
                        row.op,
                        row.seen,
                        None if row.old is None else list(row.old),
                        None if row.new is None else list(row.new),
                        *(
                            row.mask >> (MASK_BITS * n) & (2**MASK_BITS - 1)
                            for n in range(self._masks)
                        ),
                    )
                    for row in rows
                ],
            )

    def _columns(self) -> str:
        masks = ", ".join(f"m{n}" for n in range(self._masks))
        return f"id, tab, op, seen, okey, nkey, {masks}"

    @staticmethod
    def _journal_row(row: Sequence[Any]) -> JournalRow:  # Any: stored values
        mask = sum((m or 0) << (MASK_BITS * n) for n, m in enumerate(row[6:]))
        old = tuple(row[4]) if row[4] is not None else None
        new = tuple(row[5]) if row[5] is not None else None
        return JournalRow(row[0], row[1], row[2], row[3] or 0, mask, old, new)
