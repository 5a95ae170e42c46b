"""The tables of a company that begins with Samsyn: those of a trading firm, with what they need to be used at once."""

from __future__ import annotations

import apsw

from samsyn.demo.goods import GROUPS
from samsyn.demo.schema import TABLES, Engine, create_rules, create_tables
from samsyn.demo.talk import STATUSES

NUMBERED = "INTEGER PRIMARY KEY"


def create_schema(connection: apsw.Connection) -> None:
    """Make the tables, their rules, and the values that other registers choose among.

    A number that was given once is never given again, also when its record is gone.
    """
    for statement in create_tables(Engine.SQLITE):
        connection.execute(statement.replace(NUMBERED, f"{NUMBERED} AUTOINCREMENT", 1))
    for statement in create_rules(Engine.SQLITE):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
        [(table.name, table.first_number - 1) for table in TABLES if table.number],
    )
    connection.executemany(
        "INSERT INTO contact_statuses (status_code, name, sort_order) VALUES (?, ?, ?)",
        [(code, name, place * 10) for place, (code, name) in enumerate(STATUSES, start=1)],
    )
    connection.executemany(
        "INSERT INTO product_groups (group_code, name, description) VALUES (?, ?, ?)", GROUPS
    )
