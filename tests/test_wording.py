"""Every page speaks Swedish and English, completely."""

from __future__ import annotations

import os
import re
from pathlib import Path

import polib
import pytest

from tests.wording import SOURCE, Message, catalogs, key, messages, po_file

PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")
DOUBLE = "either give it a context or translate it alike"


@pytest.fixture(scope="module", autouse=True)
def _settings() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")


def translated(folder: Path) -> dict[Message, polib.POEntry]:
    return {key(entry): entry for entry in polib.pofile(str(po_file(folder)))}


@pytest.mark.parametrize("folder", catalogs(), ids=lambda f: str(f.relative_to(SOURCE)))
def test_everything_that_pages_say_has_its_swedish(folder: Path) -> None:
    """`python3 dev.py translate` brings the files in step; then write what is missing."""
    said, known = messages()[folder], translated(folder)
    assert [m.text for m in said if m not in known or not known[m].translated()] == []
    assert [m.text for m in known if m not in said] == []
    assert [m.text for m, entry in known.items() if entry.fuzzy] == []


@pytest.mark.parametrize("folder", catalogs(), ids=lambda f: str(f.relative_to(SOURCE)))
def test_both_languages_have_the_same_places_and_tags(folder: Path) -> None:
    for message, entry in translated(folder).items():
        swedish = list(entry.msgstr_plural.values()) or [entry.msgstr]
        english = [message.text, message.plural] if message.plural else [message.text]
        for one, other in zip(english, swedish, strict=True):
            for pattern in (PLACEHOLDER, TAG):
                assert sorted(pattern.findall(one)) == sorted(pattern.findall(other)), one


def test_no_message_has_two_translations() -> None:
    seen: dict[Message, str] = {}
    for folder in catalogs():
        for message, entry in translated(folder).items():
            assert seen.setdefault(message, entry.msgstr) == entry.msgstr, f"{message}: {DOUBLE}"
