"""Tells the courier of this process that a letter may be due."""

from __future__ import annotations

import threading

letters_due = threading.Event()
"""Set when a transaction with news for somebody who wants letters has been committed."""
