"""What makes a password easy to guess although it is long: a common one, or the program's own word, made longer."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN_WORDS = frozenset({"samsyn", "samsynonline", "samsynkontor", "samsynid", "superanvandare"})
"""Words of the program itself, which whoever guesses tries first (docs/security.md)."""
KEYS = ("qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1234567890")
SPELLED = str.maketrans("åäáàöøóéèü013457@$!", "aaaaoooeeuoieastasi")
"""Å and Ä as A, and so on; then what people write for letters: 0 for O, 3 for E."""


class Guessable:
    """Refuses what is left of a long password when what costs nothing to guess is taken away."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object | None = None) -> None:
        """Raises ValidationError."""
        if any(self._guessed(core) for core in cores(password)):
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """The rule, in words."""
        return _(
            "A common password made longer by digits, signs or repetition is guessed as fast."
            " Take several words that do not belong together."
        )

    def _guessed(self, core: str) -> bool:
        return len(core) < 4 or core in OWN_WORDS or core in self._common or _runs(core)


def cores(password: str) -> set[str]:
    """What a password is made of, when signs around it and repetition are taken away."""
    plain = password.casefold()
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain) or plain
    found = {plain, stripped, *(one.translate(SPELLED) for one in (plain, stripped))}
    return {_once(re.sub(r"[\W_]+", "", one)) for one in found}


def _once(text: str) -> str:
    """What is repeated, once."""
    repeated = re.fullmatch(r"(.{1,20}?)\1+", text)
    return repeated[1] if repeated else text


def _runs(core: str) -> bool:
    """Whether it goes along the keys, the alphabet or the digits."""
    return any(core in keys * 2 or core in keys[::-1] * 2 for keys in KEYS)
