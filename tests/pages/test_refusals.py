"""Every way in which a company's database refuses a change has words on the pages."""

from __future__ import annotations

import pytest

from samsyn.cli.words_of_refusals import WORDS
from samsyn.core.bad_value import BadValue
from samsyn.webkit.registers.faults import error_words
from samsyn.webkit.registers.refusals import DATABASE_SPEAKS, refusal_words

BY_THE_DATABASE = DATABASE_SPEAKS | {"PARENT_MISSING", "ROW_GONE", "IGNORED_BY_TRIGGER"}


@pytest.mark.parametrize("code", sorted(BY_THE_DATABASE))
def test_a_refusal_of_the_database_has_words_fm12(code: str) -> None:
    assert code in WORDS, "the command line tells it too"
    assert refusal_words(code) != error_words(BadValue("NO_SUCH_CODE"))


def test_a_refused_value_is_told_as_its_form_tells_it() -> None:
    assert refusal_words("NOT_NULL") == error_words(BadValue("NOT_NULL"))


def test_the_record_that_is_waited_for_is_named() -> None:
    told = refusal_words("PARENT_MISSING", "Contact", "Berg AB")
    assert "Contact" in told
    assert "Berg AB" in told
