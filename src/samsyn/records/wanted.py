"""Which conflicts, or entries of the quarantine, somebody wants to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from samsyn.core.listing import words as words_of
from samsyn.records.rows import to_json
from samsyn.records.sql import Parameters, fold, position_of, text_of
from samsyn.records.tenant import among, texts_as_list

MAX_SEARCH = 200


class Wanted(msgspec.Struct, frozen=True):
    """Those of some types, since a moment, of one writer, with all words in them or in the record's title.

    `titles` has the title field of each type that has one.
    """

    types: tuple[str, ...]
    titles: Mapping[str, str] = {}
    since: str | None = None
    by: str | None = None
    search: str = ""


def conditions(
    wanted: Wanted, table: str, words: str, moment: str, writer: str | None
) -> tuple[str, dict[str, Any]]:  # Any: parameters
    """The conditions as SQL that begins with AND, and its parameters.

    `words` is the expression that is searched, `moment` and `writer` the columns of time and person.
    """
    told = Parameters()
    sql = f" AND {among('type', told.add(texts_as_list(wanted.types)))}"
    if wanted.since is not None:
        sql += f" AND {moment} >= %({told.add(wanted.since)})s"
    if wanted.by is not None and writer is not None:
        sql += f" AND {writer} = %({told.add(wanted.by)})s"
    for word in words_of(wanted.search.lower()[:MAX_SEARCH].replace("\0", "")):
        sql += f" AND ({_found_in(words, to_json(word)[1:-1], told)}{_titled(wanted, table, word, told)})"
    return sql, told.values


def _found_in(expression: str, term: str, told: Parameters) -> str:
    return f"{position_of(fold(expression), told.add(term))} > 0"


def _titled(wanted: Wanted, table: str, term: str, told: Parameters) -> str:
    """Or the record has the text in its title."""
    ways = [
        f"(r.type = %({told.add(name)})s AND {_found_in(text_of(told.add_field(title)), term, told)})"
        for name, title in wanted.titles.items()
        if name in wanted.types
    ]
    if not ways:
        return ""
    return (
        f" OR EXISTS (SELECT 1 FROM records_record AS r WHERE r.company_id = {table}.company_id"
        f" AND r.id = {table}.record_id AND ({' OR '.join(ways)}))"
    )
