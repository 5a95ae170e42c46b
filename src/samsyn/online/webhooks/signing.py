"""Signs messages as Standard Webhooks has it, so that receivers can use a library they know.

https://www.standardwebhooks.com: HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """A secret as it is told to the receiver."""
    return MARK + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def headers(message: str, at_s: int, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """The headers of a message, with a signature by each secret that is good."""
    signed = f"{message}.{at_s}.".encode() + body
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(MARK))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def sealed(secret: str) -> str:
    """A secret as the database keeps it: the key is in the service's home, not there."""
    return _cipher().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """The secret again."""
    return _cipher().decrypt(kept.encode()).decode()


@functools.cache
def _cipher() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"samsyn webhooks")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
