"""A backup as one file: what it is of, then the database, compressed, and sealed where a password was given.

`SAMSYN BACKUP 1`, a line of JSON, then pieces of at most a megabyte, each
with its length. Sealed pieces are AES-256-GCM under a key made of the password
by scrypt; number and last-of-all are part of each nonce, so that a file that
was cut, or whose pieces changed places, does not open (the STREAM construction).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from samsyn.core.errors import SamsynError

MAGIC = b"SAMSYN BACKUP 1\n"
PIECE = 1 << 20
MAX_HEAD = 10_000
OPENED_BYTES = 64 << 30
"""A backup never opens to more: no small file fills the disk."""


class BackupUnreadable(SamsynError):
    """It is no backup of ours, was cut or changed, or the password is wrong: `why`."""

    code: ClassVar[str] = "BACKUP_UNREADABLE"


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a backup is of."""

    company: str
    """The id of the company database in its installation."""
    name: str
    at: str
    salt: str = ""
    """Hexadecimal; empty where there is no password."""

    @property
    def sealed(self) -> bool:
        """Whether a password opens it."""
        return bool(self.salt)


def seal(database: Path, target: Path, head: Head, password: str) -> None:
    """Write the backup; it stands under its name only when it is whole."""
    salt = os.urandom(16) if password else b""
    told = msgspec.structs.replace(head, salt=salt.hex())
    draft = target.with_name(f".{target.name}.part")
    try:
        with database.open("rb") as source, draft.open("wb") as file:
            os.chmod(draft, 0o600)
            file.write(MAGIC + msgspec.json.encode(told) + b"\n")
            cipher = _Cipher(password, salt) if password else None
            for number, (piece, last) in enumerate(_with_last(_compressed(source))):
                body = cipher.seal(number, piece, last=last) if cipher else bytes([last]) + piece
                file.write(struct.pack(">I", len(body)) + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def read_head(file: BinaryIO) -> Head:
    """What a backup is of; the file stands at its first piece. Raises BackupUnreadable."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupUnreadable(why="no_backup")
    line = file.readline(MAX_HEAD)
    try:
        return msgspec.json.decode(line, type=Head)
    except msgspec.DecodeError as error:
        raise BackupUnreadable(why="no_backup") from error


def unseal(backup: Path, target: Path, password: str) -> Head:
    """The database of a backup, in a new file. Raises BackupUnreadable."""
    with backup.open("rb") as file, target.open("wb") as database:
        os.chmod(target, 0o600)
        head = read_head(file)
        if head.sealed and not password:
            raise BackupUnreadable(why="password")
        cipher = _Cipher(password, bytes.fromhex(head.salt)) if head.sealed else None
        try:
            _decompress(_pieces(file, cipher), database)
        except (zstandard.ZstdError, ValueError) as error:
            raise BackupUnreadable(why="damaged") from error
    return head


class _Cipher:
    """Seals and opens pieces under a password."""

    def __init__(self, password: str, salt: bytes) -> None:
        key = Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(password.encode())
        self._aes, self._salt = AESGCM(key), salt

    def seal(self, number: int, piece: bytes, *, last: bool) -> bytes:
        """The piece, sealed for its place."""
        return self._aes.encrypt(self._nonce(number, last), piece, None)

    def open(self, number: int, body: bytes) -> tuple[bytes, bool]:
        """The piece, and whether it is the last. Raises InvalidTag."""
        try:
            return self._aes.decrypt(self._nonce(number, False), body, None), False
        except InvalidTag:
            return self._aes.decrypt(self._nonce(number, True), body, None), True

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._salt[:7] + struct.pack(">I", number) + bytes([last])


def _pieces(file: BinaryIO, cipher: _Cipher | None) -> Iterator[bytes]:
    number, last = 0, False
    while not last:
        size = file.read(4)
        if len(size) < 4 or (length := struct.unpack(">I", size)[0]) > 2 * PIECE or not length:
            raise BackupUnreadable(why="damaged")
        body = file.read(length)
        if len(body) < length:
            raise BackupUnreadable(why="damaged")
        if cipher is None:
            piece, last = body[1:], body[0] == 1
        else:
            try:
                piece, last = cipher.open(number, body)
            except InvalidTag as error:
                raise BackupUnreadable(why="damaged" if number else "password") from error
        yield piece
        number += 1
    if file.read(1):
        raise BackupUnreadable(why="damaged")


def _compressed(source: BinaryIO) -> Iterator[bytes]:
    compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
    yield from compressor.read_to_iter(source, read_size=PIECE, write_size=PIECE)


def _decompress(pieces: Iterator[bytes], target: BinaryIO) -> None:
    whole = zstandard.ZstdDecompressor().decompressobj()
    written = 0
    for piece in pieces:
        data = whole.decompress(piece)
        written += len(data)
        if written > OPENED_BYTES:
            raise BackupUnreadable(why="damaged")
        target.write(data)
    if not whole.eof:
        raise BackupUnreadable(why="damaged")


def _with_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held: bytes | None = None
    for piece in pieces:
        if held is not None:
            yield held, False
        held = piece
    yield held or b"", True
