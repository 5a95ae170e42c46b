"""Codes as words: the one place where what the parts say becomes Swedish or English.

A part says `code` and facts; a table gives a sentence in each language, with
the facts in braces and the next step to take. A new code gets its row in the
table of its topic: words_of_databases, words_of_refusals, words_of_agent,
words_of_service, words_of_commands, words_of_running, words_of_restoring,
words_of_clinic, words_of_holding, words_of_stalls, words_of_undo, words_of_office,
words_of_help, online_words, words_of_operator.
Why a table is not synced is told apart from what goes wrong
(words_of_verdicts), as a code may mean both.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from string import Formatter

from samsyn.cli import (
    online_words,
    words_of_agent,
    words_of_clinic,
    words_of_commands,
    words_of_databases,
    words_of_help,
    words_of_holding,
    words_of_office,
    words_of_operator,
    words_of_refusals,
    words_of_restoring,
    words_of_running,
    words_of_service,
    words_of_stalls,
    words_of_undo,
    words_of_verdicts,
)
from samsyn.cli.moments import local
from samsyn.core.errors import SamsynError

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
Table = Mapping[str, tuple[str, str]]

TABLES: tuple[Table, ...] = (
    words_of_databases.WORDS,
    words_of_refusals.WORDS,
    words_of_agent.WORDS,
    words_of_service.WORDS,
    online_words.WORDS,
    words_of_operator.WORDS,
    words_of_commands.WORDS,
    words_of_help.WORDS,
    words_of_running.WORDS,
    words_of_restoring.WORDS,
    words_of_holding.WORDS,
    words_of_stalls.WORDS,
    words_of_clinic.WORDS,
    words_of_undo.WORDS,
    words_of_office.WORDS,
)
"""No code stands in two of them."""

VERDICTS: Table = words_of_verdicts.WORDS

_UNTOLD = "–"
_ASKED = ("SAMSYN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


class Language(enum.Enum):
    """A language we speak; the value is the word's place in a table's row."""

    ENGLISH = 0
    SWEDISH = 1


def language_of(environ: Mapping[str, str]) -> Language:
    """The language asked for: SAMSYN_LANG first, then the system's own settings, else English."""
    asked = next((environ[name] for name in _ASKED if environ.get(name)), "")
    return Language.SWEDISH if asked.lower().startswith("sv") else Language.ENGLISH


def said(code: str, facts: Mapping[str, object], language: Language) -> str:
    """What went wrong and what to do about it; a fact that was not told is a dash.

    A code without words, which only a newer service can send, is told as it is.
    """
    return _told(TABLES, code, facts, language)


def error_said(error: SamsynError, language: Language) -> str:
    """The words for an error; what the service refuses is told in the words for its reason."""
    return said(reason_of(error.code, error.facts), error.facts, language)


def reason_of(code: str, facts: Mapping[str, object]) -> str:
    """The code that says most: of what the service refuses, its own where we have words for it."""
    problem = facts.get("problem")
    known = isinstance(problem, str) and any(problem in table for table in TABLES)
    return str(problem) if known else code


def verdict_said(reason: str, facts: Mapping[str, object], language: Language) -> str:
    """Why a table or a field is not synced; facts: `table`, `field`, `detail`."""
    return _told((VERDICTS,), reason, facts, language)


def _told(
    tables: tuple[Table, ...], code: str, facts: Mapping[str, object], language: Language
) -> str:
    for table in tables:
        if code in table:
            reason = words_of_agent.REASONS.get(str(facts.get("reason")))
            known = facts if reason is None else {**facts, "reason": reason[language.value]}
            return _Telling().vformat(table[code][language.value], (), known)
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    return f"{code} ({told})" if told else code


class _Telling(Formatter):
    """Puts facts into a sentence: lists and moments as people write them, nothing where there is nothing."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        """The fact of that name."""
        return kwargs.get(str(key))

    def format_field(self, value: object, format_spec: str) -> str:
        """The fact as text."""
        if value is None or value == "":
            return _UNTOLD
        if isinstance(value, list | tuple):
            return ", ".join(str(part) for part in value)
        if isinstance(value, str) and MOMENT.fullmatch(value):
            return local(value)
        return format(value, format_spec)
