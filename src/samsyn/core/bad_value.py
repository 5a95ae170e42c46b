"""What is wrong with a value that another program sent."""

from __future__ import annotations


class BadValue(Exception):
    """A value that the field cannot take; `code` is stable, the facts belong to its words.

    It is caught field by field and becomes one entry of the list of errors.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)
