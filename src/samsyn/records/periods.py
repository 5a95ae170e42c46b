"""How long the record store keeps what has happened, at least."""

from __future__ import annotations

ORDINARY_DAYS = 90
"""Kept so long at least, unless an operator insists."""
LEAST_DAYS = 8
"""Kept so long in any case: work of 7 days can be taken back (records.undo)."""
