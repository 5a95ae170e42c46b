"""Bytes on the wire: JSON by msgspec, zstd above a size, and limits that both sides keep."""

from __future__ import annotations

import hashlib
from typing import ClassVar, TypeVar

import msgspec
import zstandard

from samsyn.core.errors import SamsynError

T = TypeVar("T")

COMPRESS_FROM_BYTES = 1_000
MAX_BODY_BYTES = 64 * 1024 * 1024
"""After decompression."""
BATCH_CHANGES = 2_000
CHUNK_RECORDS = 5_000
CHUNK_BYTES = 8 * 1024 * 1024
PULL_RECORDS = 2_000
HOLD_S = 55.0
"""How long a held request waits before it answers that nothing is new."""
JSON_TYPE = "application/json"
SESSION_HEADER = "Samsyn-Sync"
"""A request of a session names it by this header, for logs alone."""


class Limits(msgspec.Struct, frozen=True):
    """How much an agent takes at a time: changes of a batch, records of a chunk, rows of a page."""

    batch_changes: int = BATCH_CHANGES
    chunk_records: int = CHUNK_RECORDS
    pull_records: int = PULL_RECORDS


ORDINARY = Limits()

_encoder = msgspec.json.Encoder()


class BodyTooLarge(SamsynError):
    """A body is larger than the limit, compressed or not."""

    code: ClassVar[str] = "BODY_TOO_LARGE"


class BadBody(SamsynError):
    """A body is not what the protocol says; `detail` tells where."""

    code: ClassVar[str] = "BAD_BODY"


def encode(message: object) -> bytes:
    """A message as JSON."""
    return _encoder.encode(message)


def compress(body: bytes) -> tuple[bytes, str | None]:
    """The body for the wire and its Content-Encoding."""
    if len(body) < COMPRESS_FROM_BYTES:
        return body, None
    return zstandard.ZstdCompressor(level=1).compress(body), "zstd"


def decompress(body: bytes, encoding: str | None) -> bytes:
    """The JSON of a body; BodyTooLarge, BadBody."""
    if encoding in (None, "", "identity"):
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(bytes=len(body), limit=MAX_BODY_BYTES)
        return body
    if encoding != "zstd":
        raise BadBody(detail=f"unknown Content-Encoding {encoding}")
    reader = zstandard.ZstdDecompressor().stream_reader(body)
    try:
        plain = reader.read(MAX_BODY_BYTES + 1)
    except zstandard.ZstdError as error:
        raise BadBody(detail="not a zstd frame") from error
    if len(plain) > MAX_BODY_BYTES:
        raise BodyTooLarge(bytes=len(plain), limit=MAX_BODY_BYTES)
    return plain


def decode(body: bytes, type_: type[T]) -> T:
    """The message in a body; BadBody names the first thing that is wrong."""
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadBody(detail=str(error)) from error


def body_hash(body: bytes) -> str:
    """The hash that chains batches."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def session_name(link: str) -> str:
    """What a session is called in the logs of both sides: tells nothing of the link that it began with."""
    return hashlib.blake2b(link.encode(), digest_size=6).hexdigest()
