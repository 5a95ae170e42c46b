"""Long passwords that are guessed as fast as short ones are refused; any composition else is taken."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from samsyn.webkit.passwords import Guessable

EASY = (
    "password2026!",
    "P@ssw0rd2024!!",
    "Samsyn-Samsyn-Samsyn",
    "samsyn 2026 !!!",
    "Superanvändare1",
    "qwertyuiop123",
    "abcdefghijklm",
    "abcabcabcabc",
    "123456789012",
    "iloveyouiloveyou",
    "aaaaaaaaaaaa",
    "............",
)
HARD = (
    "lingon-torp-52-kvist",
    "ett riktigt långt lösenord",
    "482910375628",
    "korrekt häst batteri",
    "samsyn blåbär torp 7",
    "ÅÄÖ-vinter-känguru",
    "k7qf2m9xw4tz",
)


@pytest.mark.parametrize("password", EASY)
def test_a_common_word_made_longer_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Guessable().validate(password)
    assert refused.value.code == "password_guessable"


@pytest.mark.parametrize("password", HARD)
def test_several_words_digits_alone_and_letters_of_any_kind_are_taken(password: str) -> None:
    Guessable().validate(password)
