"""Hears from Linux that somebody writes to a SQLite file; elsewhere nothing is heard."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import sys

IN_MODIFY, IN_MOVED_TO, IN_CREATE, IN_DELETE = 0x2, 0x80, 0x100, 0x200
IN_NONBLOCK, IN_CLOEXEC = os.O_NONBLOCK, getattr(os, "O_CLOEXEC", 0)
EVENT = struct.Struct("iIII")
READ_BYTES = 64 * 1024
COMPANIONS = ("", "-wal", "-journal")
"""What SQLite writes beside a database; the -shm file lies in memory."""


class FileEvents:
    """The kernel's inotify on the folder of a database: a companion file comes and goes."""

    def __init__(self, descriptor: int, path: str) -> None:
        self._descriptor = descriptor
        self._names = {os.fsencode(os.path.basename(path) + end) for end in COMPANIONS}

    def wait(self, timeout_s: float) -> bool:
        """Waits for a write to the database; true when there was one."""
        if not select.select([self._descriptor], [], [], timeout_s)[0]:
            return False
        heard = False
        while (events := self._read()) is not None:
            heard = heard or self._is_ours(events)
        return heard

    def close(self) -> None:
        """Hears no more."""
        os.close(self._descriptor)

    def _read(self) -> bytes | None:
        try:
            return os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return None

    def _is_ours(self, events: bytes) -> bool:
        place = 0
        while place < len(events):
            folder, _, _, length = EVENT.unpack_from(events, place)
            place += EVENT.size + length
            # Folder -1: the kernel has dropped events, and any of them may have been ours.
            if folder == -1 or events[place - length : place].rstrip(b"\0") in self._names:
                return True
        return False


def file_events(path: str) -> FileEvents | None:
    """The events of a database, where the system tells them."""
    if not sys.platform.startswith("linux"):
        return None
    real = os.path.realpath(path)
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(IN_NONBLOCK | IN_CLOEXEC)
    if descriptor < 0:
        return None  # too many watches already: the caller looks for itself
    wanted = IN_MODIFY | IN_MOVED_TO | IN_CREATE | IN_DELETE
    if libc.inotify_add_watch(descriptor, os.fsencode(os.path.dirname(real)), wanted) < 0:
        os.close(descriptor)
        return None
    return FileEvents(descriptor, real)
