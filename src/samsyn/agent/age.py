"""How old the oldest change of the office is that may not have been sent."""

from __future__ import annotations

import time
from collections.abc import Callable


class UnsentAge:
    """Counts from the first commit that was noticed after everything had been sent.

    One thread notices, another sends; what is noticed while it is sent is
    counted on, so the age may be told as more than it is, never as less by
    more than the pause between two looks at the database.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since: float | None = None

    def notice(self) -> None:
        """Something was committed in the company database."""
        if self._since is None:
            self._since = self._monotonic()

    def all_sent(self, moment: float) -> None:
        """Everything that had been committed before the moment is sent."""
        since = self._since
        if since is not None and since <= moment:
            self._since = None

    def ms(self) -> int | None:
        """The age; None where nothing was noticed."""
        since = self._since
        return None if since is None else int((self._monotonic() - since) * 1000)
