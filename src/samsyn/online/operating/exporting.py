"""A company taken along: written to a file, or sent while it is made, by a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import queue
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import ClassVar

from django.db import connection
from django.utils.http import content_disposition_header

from samsyn.core.errors import SamsynError
from samsyn.online.companies.models import Company, Member
from samsyn.online.home import home
from samsyn.online.operating import acts
from samsyn.online.operating.acts import What
from samsyn.records.clock import text_of
from samsyn.records.export.archive import About, Sink, write_archive
from samsyn.records.export.names import file_name
from samsyn.records.export.office_database import write_office_database
from samsyn.records.tenant import Tenant

AT_ONCE = 2
"""Exports that one process makes beside each other."""
WAITS_S = 120.0
"""For so long somebody may take nothing; then the export ends, and lets go of the moment it reads."""
BLOCK = 256 * 1024
BLOCKS_AHEAD = 8
Work = Callable[[Sink], None]
_room = threading.BoundedSemaphore(AT_ONCE)


class CannotWrite(SamsynError):
    """The file of an export cannot be written; `file`, `reason`."""

    code: ClassVar[str] = "CANNOT_WRITE"


class TooManyExports(SamsynError):
    """Others are being made; soon there is room."""

    code: ClassVar[str] = "TOO_MANY_EXPORTS"
    transient: ClassVar[bool] = True


class NobodyTakes(Exception):
    """Who asked for it takes no more of it."""


def export_to(
    company: Company, path: Path, *, database: bool, by: str, now: datetime.datetime
) -> None:
    """Write a company into a new file; OSError where that cannot be. A file that was begun is taken away."""
    if path.exists():
        raise FileExistsError(17, "there is such a file", str(path))
    work = office_database(company) if database else archive(company, now)
    try:
        with path.open("xb") as file:
            work(file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    note(company, database=database, by=by, now=now)


def note(company: Company, *, database: bool, by: str, now: datetime.datetime) -> None:
    """Log that the company was exported."""
    acts.note(What.EXPORTED, by, now, company, detail="sqlite" if database else "zip")


def archive(company: Company, now: datetime.datetime) -> Work:
    """The work that makes the zip in open formats."""
    about = About(company.pk, company.name, text_of(now))

    def work(sink: Sink) -> None:
        members = Member.objects.filter(company=company).select_related("person")
        listed = [
            {
                "email": member.person.email,
                "name": member.person.name,
                "role": member.role,
                "since": text_of(member.created),
            }
            for member in members.order_by("person__email")
        ]
        write_archive(Tenant(company.pk), about, sink, {"members": listed})

    return work


def office_database(company: Company) -> Work:
    """The work that makes an office database: on the disk first, for SQLite goes back and forth in its file."""

    def work(sink: Sink) -> None:
        with tempfile.TemporaryDirectory(prefix="export-", dir=home()) as folder:
            path = Path(folder) / "company.sqlite"
            write_office_database(Tenant(company.pk), path)
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    sink.write(block)

    return work


def disposition(company: Company, now: datetime.datetime, *, database: bool) -> str:
    """The header that tells a browser what the file is called."""
    name = f"{file_name(company.name)} {now.date()}.{'sqlite' if database else 'zip'}"
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def sent(work: Work) -> AsyncIterator[bytes]:
    """The bytes of an export while it is made; TooManyExports.

    The thread that makes it waits for who takes it, so that little is in
    memory at a time, and gives up when nobody takes anything for WAITS_S.
    """
    if not _room.acquire(blocking=False):
        raise TooManyExports()
    export = _Export(work)
    export.start()
    return export.blocks()


class _Export:
    """An export between the thread that makes it and the coroutine that sends it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._blocks: queue.Queue[bytes | BaseException | None] = queue.Queue(BLOCKS_AHEAD)
        self._part = bytearray()
        self._given_up = threading.Event()

    def start(self) -> None:
        """Begin to make it."""
        threading.Thread(target=self._make, name="export", daemon=True).start()

    async def blocks(self) -> AsyncIterator[bytes]:
        """Block after block; an error breaks the answer off, so that nobody takes half for the whole."""
        try:
            while (block := await asyncio.to_thread(self._next)) is not None:
                if isinstance(block, BaseException):
                    raise block
                yield block
        finally:
            self._given_up.set()
            with contextlib.suppress(queue.Empty):  # the thread may wait for room
                while True:
                    self._blocks.get_nowait()

    def _next(self) -> bytes | BaseException | None:
        """The next block; None at the end, or when nobody waits for it any more."""
        while not self._given_up.is_set():
            with contextlib.suppress(queue.Empty):
                return self._blocks.get(timeout=0.5)
        return None

    def write(self, data: bytes, /) -> int:
        """Take bytes of the work; NobodyTakes."""
        self._part += data
        if len(self._part) >= BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand over what there is."""
        if self._part:
            self._put(bytes(self._part))
            self._part.clear()

    def _make(self) -> None:
        try:
            self._work(self)
            self.flush()
            self._put(None)
        except NobodyTakes:
            pass
        except BaseException as error:  # noqa: BLE001 - it is for who takes the export
            with contextlib.suppress(NobodyTakes):
                self._put(error)
        finally:
            connection.close()
            _room.release()

    def _put(self, block: bytes | BaseException | None) -> None:
        if self._given_up.is_set():
            raise NobodyTakes
        try:
            self._blocks.put(block, timeout=WAITS_S)
        except queue.Full:
            raise NobodyTakes from None
