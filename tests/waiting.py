"""Waiting for what must come true, with a deadline instead of a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], timeout_s: float = 30, every_s: float = 0.005) -> T:
    """What `condition` gives as soon as that is true; AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < deadline, f"still not so after {timeout_s} s: {condition}"
        time.sleep(every_s)
    return result
