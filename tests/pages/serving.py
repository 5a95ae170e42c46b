"""An empty service in this process, for tests of pages and of what people do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import override_settings

from tests.records import stores


class Light(Argon2PasswordHasher):
    """Argon2id at its least cost: at Django's, the many sign-ins of tests take longer than all else in them."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@contextmanager
def empty_service(url: str, folder: Path) -> Iterator[None]:
    """On the store at a PostgreSQL URL, or on a new one in the folder."""
    cache.clear()
    told = {"SAMSYN_URL": "https://samsyn.example", "PASSWORD_HASHERS": [f"{__name__}.Light"]}
    with stores.opened(url, folder), override_settings(**told):
        yield
