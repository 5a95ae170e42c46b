"""The company's own program: SQL of every kind in transactions, some of which are rolled back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw

from simulation import sight
from simulation.company import Company
from simulation.schema import COLUMNS, KEYS
from simulation.sight import Change, Key
from simulation.verdict import Broken

Moved = dict[tuple[str, Key], Key]
Statement = tuple[str, tuple[Any, ...], Moved]
"""SQL, values, and which rows only get another key by it."""


class Program:
    """Writes to one company's database and tells the oracle what it has committed."""

    def __init__(self, company: Company, fresh: Callable[[str], str]) -> None:
        self._company = company
        self._random = company.random
        self._fresh = fresh
        """A value that nobody has written before; the word says who writes."""

    def act(self) -> None:
        """One transaction of one to four statements."""
        self._transaction(unseen=False)

    def act_unseen(self) -> None:
        """The same with triggers off, as a bulk load has them: nobody hears of it."""
        self._triggers(on=False)
        try:
            self._transaction(unseen=True)
        finally:
            self._triggers(on=True)

    def _triggers(self, *, on: bool) -> None:
        self._company.program.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, int(on))

    def _transaction(self, *, unseen: bool) -> None:
        company = self._company
        done: list[tuple[list[Change], Moved, bool]] = []
        words: list[str] = []
        before = company.rows
        company.program.execute("BEGIN IMMEDIATE")
        try:
            for _ in range(self._random.choice((1, 1, 1, 2, 4))):
                sql, values, moved = self._statement(before)
                words.append(f"{sql} {values}")
                if not self._ran(sql, values):
                    words[-1] += " is refused"
                    continue
                after = sight.rows_of(company.program, company.shape)
                done.append(
                    (list(sight.changes(before, after, company.shape)), moved, "REPLACE" in sql)
                )
                before = after
            kept = self._random.random() > 0.12 and self._ran("COMMIT", ())
        finally:
            if company.program.in_transaction:
                company.program.execute("ROLLBACK")
        company.trace(
            f"{company.name} program{' unseen' if unseen else ''}{'' if kept else ' (rolled back)'}:"
            f" {'; '.join(words)}"
        )
        if kept:
            company.program_committed(done, unseen=unseen)

    def _ran(self, sql: str, values: tuple[Any, ...]) -> bool:
        """Whether it did; what the company's own rules refuse is the program's own trouble."""
        try:
            self._company.program.execute(sql, values).fetchall()
        except apsw.ConstraintError as error:
            if "samsyn" in str(error):
                raise Broken("G10", f"{sql} failed by us: {error}") from error
            return False
        except apsw.Error as error:
            raise Broken("G10", f"{sql} failed: {error}") from error
        return True

    # --- statements ---

    def _statement(self, rows: sight.Rows) -> Statement:
        kinds: tuple[tuple[int, Callable[[sight.Rows], Statement]], ...] = (
            (10, self._update),
            (3, self._insert),
            (2, self._delete),
            (1, self._move),
            (1, self._replace),
            (1, self._many),
            (1, self._status_or_price),
            (1, self._point),
        )
        weights = [weight for weight, _ in kinds]
        (chosen,) = self._random.choices([kind for _, kind in kinds], weights)
        return chosen(rows)

    def _row(self, rows: sight.Rows, types: tuple[str, ...] | None = None) -> tuple[str, Key]:
        """A row that is there, or one that is not."""
        types = types or self._company.types_worked_on()
        places = [(name, key) for name in types for key in rows[name]]
        return self._random.choice(places) if places else (types[0], (0,) * len(KEYS[types[0]]))

    def _update(self, rows: sight.Rows) -> Statement:
        name, key = self._row(rows)
        columns = self._company.shape.written(name)
        chosen = self._random.sample(columns, self._random.randint(1, len(columns)))
        sets = ", ".join(f"{column} = ?" for column in chosen)
        values = [self._fresh("office") for _ in chosen]
        return f"UPDATE {name} SET {sets} WHERE {_where(name)}", (*values, *key), {}

    def _insert(self, rows: sight.Rows) -> Statement:
        random = self._random
        name = random.choice(tuple(COLUMNS))
        text = self._fresh("office")
        if name == "customer":
            return "INSERT INTO customer (name) VALUES (?)", (text,), {}
        if name == "product":
            code = random.choice(("C3", "D4", "E5", text))
            price = random.choice((1.0, 2.345, None, 99.999))
            return (
                "INSERT INTO product (code, name, price) VALUES (?, ?, ?)",
                (code, text, price),
                {},
            )
        if name == "employee":
            boss = self._some(rows, "employee")
            return "INSERT INTO employee (name, boss) VALUES (?, ?)", (text, boss), {}
        if name == "orders":
            number = random.choice(("S1", "S3", "S4", text))
            customer = self._some(rows, "customer")
            sql = (
                f"INSERT INTO orders (number, {self._column('orders')}, status, customer)"
                " VALUES (?, ?, 'open', ?)"
            )
            return sql, (number, text, customer), {}
        order, product = self._some(rows, "orders") or 1, self._some(rows, "product")
        sql = f"INSERT INTO line (orders, no, product, {self._column('line')}) VALUES (?, ?, ?, ?)"
        return sql, (order, random.randint(1, 4), product, text), {}

    def _delete(self, rows: sight.Rows) -> Statement:
        name, key = self._row(rows)
        return f"DELETE FROM {name} WHERE {_where(name)}", key, {}

    def _move(self, rows: sight.Rows) -> Statement:
        """A row gets another key, one that is free."""
        name, key = self._row(rows, ("customer", "product", "line"))
        new: Any = self._fresh("key") if name == "product" else self._random.randint(10, 40)
        last = KEYS[name][-1]
        place = (*key[:-1], new)
        moved = {} if place in rows[name] or key not in rows[name] else {(name, key): place}
        return f"UPDATE {name} SET {last} = ? WHERE {_where(name)}", (new, *key), moved

    def _replace(self, rows: sight.Rows) -> Statement:
        random = self._random
        if random.random() < 0.5:
            key = random.choice([*(k for (k,) in rows["product"]), "F6"])
            values = (key, self._fresh("office"), random.choice((3.0, 4.5)))
            return "REPLACE INTO product (code, name, price) VALUES (?, ?, ?)", values, {}
        place = random.choice([*(k for (k,) in rows["orders"]), 30])
        number = random.choice(("S1", "S2", "S3", self._fresh("office")))
        sql = (
            f"INSERT OR REPLACE INTO orders (id, number, {self._column('orders')}, status)"
            " VALUES (?, ?, ?, 'open')"
        )
        return sql, (place, number, self._fresh("office")), {}

    def _many(self, rows: sight.Rows) -> Statement:
        name = self._random.choice(tuple(COLUMNS))
        column = self._random.choice(self._company.shape.written(name))
        return f"UPDATE {name} SET {column} = ?", (self._fresh("office"),), {}

    def _status_or_price(self, rows: sight.Rows) -> Statement:
        name, key = self._row(rows, ("orders", "product"))
        if name == "orders":
            status = self._random.choice(("open", "shut"))
            return "UPDATE orders SET status = ? WHERE id = ?", (status, *key), {}
        price = self._random.choice((1.005, 7.777, 8.0))
        return "UPDATE product SET price = ? WHERE code = ?", (price, *key), {}

    def _point(self, rows: sight.Rows) -> Statement:
        """A reference leads elsewhere."""
        name, key = self._row(rows, ("employee", "orders", "line"))
        field, target = {
            "employee": ("boss", "employee"),
            "orders": ("customer", "customer"),
            "line": ("product", "product"),
        }[name]
        value = self._some(rows, target)
        return f"UPDATE {name} SET {field} = ? WHERE {_where(name)}", (value, *key), {}

    def _column(self, name: str) -> str:
        """A table's one text column, as it is called now."""
        shape = self._company.shape
        return shape.column(name, shape.texts(name)[0])

    def _some(self, rows: sight.Rows, name: str) -> Any:  # Any: a key's value
        keys = [key[0] for key in rows[name]]
        return self._random.choice([*keys, None])


def _where(name: str) -> str:
    return " AND ".join(f"{column} = ?" for column in KEYS[name])
