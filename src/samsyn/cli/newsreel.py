"""What an agent has just moved, a line for each record, in words of the business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import apsw
import psycopg

from samsyn.agent.news import News
from samsyn.cli.showing import Showing
from samsyn.cli.voice import Voice
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl
from samsyn.core.catalog import RecordType
from samsyn.core.changes import Delete, Lost, OnlineChange, Operation, Put
from samsyn.core.errors import SamsynError

ONE_BY_ONE = 12
"""More records than this at once are counted instead."""
FIELDS = 5


class Newsreel:
    """Tells one database's news; used by the thread that syncs it."""

    def __init__(self, url: CompanyUrl, out: Voice, say: Callable[[str], None]) -> None:
        self._url = url
        self._out = out
        self._say = say
        self._db: CompanyDb | None = None
        self._lines: list[str] = []

    def __call__(self, news: News) -> None:
        known = self._db is not None
        self._lines = []
        try:
            self._tell(news)
        except (SamsynError, apsw.Error, psycopg.Error):
            self.close()  # a line that cannot be told must not stop what it tells of
            if known:
                self(news)  # the server may have ended the connection since
            return
        for line in self._lines:
            self._say(line)

    def close(self) -> None:
        """Ends its own connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _tell(self, news: News) -> None:
        if self._db is None:
            self._db = open_company_db(self._url)
        puts = [c for c in news.up if isinstance(c, Put | Delete)]
        held = {e.record for e in books.quarantine(self._db)} if news.down else set()
        taken = [c for c in news.down if c.id not in held]
        if len(puts) + len(taken) > ONE_BY_ONE:
            self._count("NEWS_MANY_UP", [c.type for c in puts])
            self._count("NEWS_MANY_DOWN", [c.type for c in taken])
        else:
            for change in puts:
                self._up(change)
            for coming in taken:
                self._down(coming)
        for lost in news.lost[:ONE_BY_ONE]:
            self._lost(lost)

    def _up(self, change: Put | Delete) -> None:
        match change:
            case Put(new=True):
                self._line("NEWS_UP_NEW", change.type, change.id)
            case Put():
                self._line("NEWS_UP", change.type, change.id, list(change.fields))
            case Delete():
                self._line("NEWS_UP_GONE", change.type, change.id)

    def _down(self, change: OnlineChange) -> None:
        match change.operation:
            case Operation.INSERT:
                self._line("NEWS_DOWN_NEW", change.type, change.id)
            case Operation.UPDATE:
                self._line("NEWS_DOWN", change.type, change.id, list(change.fields))
            case Operation.DELETE:
                self._line("NEWS_DOWN_GONE", change.type, change.id)

    def _lost(self, lost: Lost) -> None:
        showing = self._showing()
        title = showing.title(lost.type, lost.record, lost.key)
        if lost.field is None:
            how = self._out.word(f"OUTCOME_{lost.outcome.upper()}")
            told = self._out.word(
                "NEWS_CONFLICT_RECORD", type=self._label(lost.type), title=title, how=how
            )
            self._lines.append(told)
            return
        self._lines.append(
            self._out.word(
                "NEWS_CONFLICT" if lost.kept == "office" else "NEWS_CONFLICT_ONLINE",
                type=self._label(lost.type),
                title=title,
                field=self._field(lost.type, lost.field),
                office=showing.text(showing.value(lost.type, lost.field, lost.office)),
                online=showing.text(showing.value(lost.type, lost.field, lost.online)),
            )
        )

    def _line(self, code: str, type_: str, record: str, fields: Sequence[str] = ()) -> None:
        named = [self._field(type_, field) for field in fields[:FIELDS]]
        if len(fields) > FIELDS:
            named.append(f"+{len(fields) - FIELDS}")
        self._lines.append(
            self._out.word(
                code,
                type=self._label(type_),
                title=self._showing().title(type_, record, None),
                fields=named,
            )
        )

    def _count(self, code: str, types: list[str]) -> None:
        counted = [f"{self._label(name)} {number}" for name, number in Counter(types).items()]
        if counted:
            self._lines.append(self._out.word(code, number=len(types), types=counted))

    def _showing(self) -> Showing:
        assert self._db is not None, "opened before anything is told"
        return Showing(self._db)

    def _type(self, name: str) -> RecordType | None:
        assert self._db is not None, "opened before anything is told"
        return next((t for t in self._db.types.values() if t.name == name), None)

    def _label(self, name: str) -> str:
        record_type = self._type(name)
        return (record_type.label or name) if record_type is not None else name

    def _field(self, type_: str, name: str) -> str:
        record_type = self._type(type_)
        if record_type is None:
            return name
        return next((f.label or name for f in record_type.fields if f.name == name), name)
