"""The company's program is upgraded while sync goes on: columns come and go, tables are made anew."""

from __future__ import annotations

from collections.abc import Callable

import apsw

from samsyn.companydb import attach
from simulation import sight
from simulation.company import Company
from simulation.verdict import Broken

DROPPED = (("customer", "note"), ("employee", "phone"))
RENAMED = (("customer", "city"), ("employee", "phone"), ("orders", "remark"), ("line", "words"))


class Upgrades:
    """What an upgrade of one company's program may do to its tables, and the person who attaches them again."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._random = company.random
        self._numbers = 0

    def act(self) -> None:
        """One change of the schema; none while a transaction of an agent goes on."""
        chosen: Callable[[], None] = self._random.choice(
            (self._add, self._drop, self._rename, self._make_anew, self._lose_triggers)
        )
        chosen()
        self._company.rows = sight.rows_of(self._company.program, self._company.shape)

    def attach_again(self) -> None:
        """`samsyn attach --again`; what was renamed is mostly said to be."""
        company, shape = self._company, self._company.shape
        told, untold = [], []
        for type_ in shape.types:
            for field, (before, column) in shape.renamed[type_].items():
                if self._random.random() < 0.8:
                    told.append(f"{type_}.{before}={column}")
                else:
                    untold.append((type_, field))
        attach.attach(attach.plan(company.url, renames=told))
        company.trace(f"{company.name}: attached again{', ' if told else ''}{', '.join(told)}")
        for type_, field in untold:
            company.oracle.field_dropped(type_, field)
            company.oracle.fields_came(type_, [shape.take_for_new(type_, field)])
        for type_ in shape.types:
            new = shape.attached(type_)
            company.rows = sight.rows_of(company.program, shape)
            company.oracle.fields_came(type_, new)
        company.rows = sight.rows_of(company.program, shape)
        company.oracle.read_new_fields(company.rows)
        company.look_for_triggers()

    # --- what upgrades do ---

    def _run(self, *statements: str) -> None:
        company = self._company
        for statement in statements:
            company.program.execute(statement).fetchall()
        company.shape.ran += statements
        company.trace(f"{company.name} upgrade: {'; '.join(statements)}")

    def _new(self, name: str) -> str:
        self._numbers += 1
        return f"{name}{self._numbers}"

    def _add(self) -> None:
        type_ = self._random.choice(self._company.shape.types)
        column = self._new("extra")
        self._run(f"ALTER TABLE {type_} ADD COLUMN {column} TEXT")
        self._company.shape.add(type_, column, column)

    def _drop(self) -> None:
        shape = self._company.shape
        places = [(t, f) for t, f in DROPPED if f in shape.texts(t)]
        if places:
            type_, field = self._random.choice(places)
            if not self._is_dropped(type_, field):
                return
            shape.drop(type_, field)
            self._company.oracle.field_dropped(type_, field)

    def _is_dropped(self, type_: str, field: str) -> bool:
        """Whether it could be: one that was renamed stays until an agent has looked at the table."""
        company = self._company
        unseen = field in company.shape.renamed[type_] and not sight.is_looked_at(company.program)
        try:
            self._run(f"ALTER TABLE {type_} DROP COLUMN {company.shape.column(type_, field)}")
        except apsw.SQLError as error:
            if not unseen:
                raise Broken("G10", f"a column of {type_} cannot be dropped: {error}") from error
            company.trace(f"{company.name} upgrade: {type_}.{field} cannot be dropped yet")
            return False
        return True

    def _rename(self) -> None:
        shape = self._company.shape
        places = [(t, f) for t, f in RENAMED if f in shape.texts(t) and f not in shape.renamed[t]]
        if places:
            type_, field = self._random.choice(places)
            before, column = shape.column(type_, field), self._new(field)
            self._run(f"ALTER TABLE {type_} RENAME COLUMN {before} TO {column}")
            shape.rename(type_, field, column)

    def _make_anew(self) -> None:
        """As SQLite's own page on ALTER TABLE says to do it: with foreign keys off."""
        company = self._company
        type_ = self._random.choice(company.shape.types)
        create, *triggers = self._made_by(type_)
        (keys,) = next(iter(company.program.execute("PRAGMA foreign_keys")))
        company.program.execute("PRAGMA foreign_keys = 0")
        self._run(
            "BEGIN IMMEDIATE",
            f"CREATE TABLE kept AS SELECT * FROM {type_}",
            f"DROP TABLE {type_}",
            create,
            f"INSERT INTO {type_} SELECT * FROM kept",
            "DROP TABLE kept",
            *triggers,
            "COMMIT",
        )
        company.program.execute(f"PRAGMA foreign_keys = {keys}")
        company.shape.blind.add(type_)

    def _made_by(self, type_: str) -> list[str]:
        """The statements that make a table and the program's own triggers of it."""
        found = self._company.program.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
            " AND name NOT GLOB 'samsyn*' ORDER BY type = 'trigger', rowid",
            (type_,),
        )
        return [sql for (sql,) in found]

    def _lose_triggers(self) -> None:
        """A program that makes its triggers anew at each start takes all that it does not know away."""
        company = self._company
        type_ = self._random.choice(company.shape.types)
        found = company.program.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            " AND name GLOB 'samsyn*'",
            (type_,),
        ).fetchall()
        for (name,) in found:
            company.program.execute(f"DROP TRIGGER {name}")
        company.shape.blind.add(type_)
        company.trace(f"{company.name} upgrade: the triggers of {type_} are gone")
