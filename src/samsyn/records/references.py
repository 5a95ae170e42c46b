"""Which records refer to which: an index beside the records, so that nobody waits until all of them are looked through.

A row says that some field of a record holds the id of another. It may say too
much (a text that looks like an id, a record that is gone): whoever asks looks
at the record's own fields too. It never says too little of a type that is
filled: who writes records writes it, but for the first load, which is to be
quick; what that brought is filled in afterwards (`fill`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import connection

from samsyn.core.record import Record
from samsyn.records.catalogs import types
from samsyn.records.rows import to_json
from samsyn.records.tenant import Tenant, is_postgresql, writing
from samsyn.records.tenant import among as among_texts

STEP = 2_000
"""Records of one transaction of `fill`: other writers wait for no more."""
_ID = re.compile(r"[0-9a-f]{32}")
_ID_IN_JSON = re.compile(r'"([0-9a-f]{32})"')
Pair = tuple[str, str]
"""The record that is referred to, and the one that does."""
_waiting: set[str] = set()
"""Companies of which a type was loaded in this process lately."""


def among(name: str) -> str:
    """The condition that a record may refer to the one of the parameter `name`."""
    return (
        "id IN (SELECT record_id FROM records_reference"
        f" WHERE company_id = %(company)s AND target = %({name})s)"
    )


def among_all(name: str) -> str:
    """The condition that a record may refer to one of the parameter `name`, made by `texts_as_list`."""
    return (
        "id IN (SELECT record_id FROM records_reference"
        f" WHERE company_id = %(company)s AND {among_texts('target', name)})"
    )


def is_id(text: str) -> bool:
    """Whether a text is one that can be asked for here."""
    return _ID.fullmatch(text) is not None


def filled(tenant: Tenant, type_: str) -> bool:
    """Whether all records of a type are in the index."""
    found = tenant.row(
        "SELECT referenced FROM records_type WHERE company_id = %(company)s AND name = %(type)s",
        type=type_,
    )
    return found is not None and bool(found[0])


def keep(tenant: Tenant, records: Iterable[tuple[Record | None, Record]]) -> None:
    """Put the index in step with records that are written; each with how it stood before."""
    new: list[Pair] = []
    gone: list[Pair] = []
    for before, now in records:
        had, has = _differing(before, now)
        new += [(target, now.id) for target in has - had]
        gone += [(target, now.id) for target in had - has]
    _add(tenant, new)
    _remove(tenant, gone)


def add_loaded(tenant: Tenant, rows: Iterable[tuple[str, str, str]]) -> None:
    """The same of new records: id, key, and the fields as JSON."""
    _add(tenant, [(t, row[0]) for row in rows for t in set(_ID_IN_JSON.findall(row[2]))])


def forget(tenant: Tenant, records: Iterable[Record]) -> None:
    """What records that are gone for ever referred to."""
    _remove(tenant, [(target, r.id) for r in records for target in _targets(r.fields.values())])


def is_loaded(tenant: Tenant) -> None:
    """A type has been loaded: it is filled in soon."""
    _waiting.add(tenant.company)


def fill_waiting() -> None:
    """Fill in what this process has loaded since it was last asked."""
    while _waiting:
        fill(Tenant(_waiting.pop()))


def fill(tenant: Tenant, *, step: int = STEP) -> int:
    """Put the records of all loaded types into the index that are not in it yet; of how many types.

    Whoever writes meanwhile writes his own rows. Killed anywhere, it begins again with the type in hand.
    """
    done = 0
    for name, state in types(tenant).items():
        if state.loaded and not filled(tenant, name):
            _fill(tenant, name, step)
            done += 1
    if done and is_postgresql():
        # Many rows are new: until it knows, PostgreSQL plans as if the tables were small.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_record, records_reference")
    return done


def _fill(tenant: Tenant, type_: str, step: int) -> None:
    after = ""
    while rows := tenant.rows(
        "SELECT id, key, CAST(fields AS TEXT) FROM records_record WHERE company_id = %(company)s"
        " AND type = %(type)s AND id > %(after)s ORDER BY id LIMIT %(step)s",
        type=type_,
        after=after,
        step=step,
    ):
        with writing():
            add_loaded(tenant, rows)
        after = rows[-1][0]
    tenant.execute(
        "UPDATE records_type SET referenced = %(yes)s"
        " WHERE company_id = %(company)s AND name = %(type)s",
        type=type_,
        yes=True,
    )


def _differing(before: Record | None, now: Record) -> tuple[set[str], set[str]]:
    """What a record referred to in the fields that changed, and what it refers to now: in these, or anywhere."""
    if before is None:
        return set(), _targets(now.fields.values())
    old = before.fields
    changed = [f for f, cell in now.fields.items() if old.get(f) is not cell]
    had = _targets(old.get(f) for f in (*changed, *(old.keys() - now.fields.keys())))
    # What another field refers to still is no loss.
    return had, _targets(now.fields.values() if had else (now.fields[f] for f in changed))


def _targets(cells: Iterable[object]) -> set[str]:
    return {c for c in cells if isinstance(c, str) and len(c) == 32 and _ID.fullmatch(c)}


def _add(tenant: Tenant, pairs: Sequence[Pair]) -> None:
    if pairs:
        tenant.execute(
            "INSERT INTO records_reference (company_id, target, record_id)"
            f" SELECT %(company)s, {_listed()} WHERE true ON CONFLICT DO NOTHING",
            pairs=to_json(pairs),
        )


def _remove(tenant: Tenant, pairs: Sequence[Pair]) -> None:
    if pairs:
        tenant.execute(
            "DELETE FROM records_reference WHERE company_id = %(company)s"
            f" AND (target, record_id) IN (SELECT {_listed()})",
            pairs=to_json(pairs),
        )


def _listed() -> str:
    if is_postgresql():
        return "p ->> 0, p ->> 1 FROM json_array_elements(%(pairs)s::json) AS p"
    return "value ->> 0, value ->> 1 FROM json_each(%(pairs)s)"
