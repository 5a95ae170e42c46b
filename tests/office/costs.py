"""How often each page of the office program asks its databases, with little and with much in them.

`python -m tests.office.costs HOME`, in a process of its own: a test process has the service's settings already.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import apsw
import msgspec

REGISTERS = ("contacts", "contact_persons", "employees", "orders", "order_lines", "activities")
FILLED = (
    "INSERT INTO employees (employee_id, initials, first_name, last_name, job_title, department, email, hired_on,"
    " hourly_rate, manager_id) VALUES ($n, 'E' || $n, 'Eva', 'Ek ' || $n, 'Säljare', 'Lager', $n || '@x.example',"
    " '2020-01-01', 1, CASE WHEN $n > 1 THEN $n - 1 END)",
    "INSERT INTO contacts (contact_no, name, city, our_reference) VALUES (10000 + $n, 'Kund ' || $n, 'Umeå', $n)",
    "INSERT INTO contact_persons (person_id, contact_no, first_name, last_name) VALUES ($n, 10001, 'Pia', 'Al ' || $n)",
    "INSERT INTO products (product_no, name, group_code, price) SELECT 'P' || $n, 'Skruv ' || $n, group_code, 1"
    " FROM product_groups LIMIT 1",
    "INSERT INTO orders (order_no, contact_no, order_date, entered_at) VALUES (1000 + $n, 10001, date(), datetime())",
    "INSERT INTO order_lines (line_id, order_no, line_no, product_no, text, quantity, unit_price)"
    " VALUES ($n, 1001, $n, 'P' || $n, 'Rad', 1, 1)",
    "INSERT INTO activities (activity_id, subject, starts_at, employee_id, contact_no)"
    " VALUES ($n, 'Möte ' || $n, datetime(), 1, 10001)",
)
SETTINGS = "settings/online"
PAGES = (
    "/users", "/templates", "/signed-in", "/companies", "/me", "/registration", "/users/rights-file", "/help?q=konflikt",
    "/c/berg", "/c/berg/settings/company", "/c/berg/settings/me", "/c/berg/settings/backup",
    f"/c/berg/{SETTINGS}", f"/c/berg/{SETTINGS}/sync", f"/c/berg/{SETTINGS}/sync/conflicts",
    f"/c/berg/{SETTINGS}/sync/history", f"/c/berg/{SETTINGS}/sync/log", f"/c/berg/{SETTINGS}/update",
    f"/c/berg/{SETTINGS}/user", f"/c/berg/{SETTINGS}/disconnect", f"/c/berg/{SETTINGS}/trace",
    f"/c/berg/{SETTINGS}/connect/loading", "/c/berg/r", "/c/berg/r/search?q=e", "/c/berg/r/drafts",
    "/c/berg/panels/activities", "/c/berg/panels/sync", "/c/berg/panels/conflicts",
    "/c/berg/r/activities/calendar", "/c/berg/r/activities/calendar?view=month",
    "/c/berg/r/contacts/pick?q=k", "/c/berg/r/orders/orders.1001/lines",
)  # fmt: skip
OF_A_REGISTER = ("", "?sort=-{first}", "/new", "/import", "/export", "/export?as=xlsx", "/{one}", "/{one}/edit",
                 "/{one}/related", "/{one}/history", "/{one}/delete")  # fmt: skip
FIRST = {
    "contacts": "10001", "orders": "1001", "contact_persons": "1", "employees": "1", "order_lines": "1", "activities": "1",
}  # fmt: skip


def _pages() -> Iterator[str]:
    yield from PAGES
    for name in REGISTERS:
        for page in OF_A_REGISTER:
            told = page.format(one=f"{name}.{FIRST[name]}", first="name")
            yield f"/c/berg/r/{name}{told}"


class Counter:
    """Counts the statements of every connection to a company database; one that is run for many keys is one."""

    def __init__(self) -> None:
        self.count = 0
        self._last: apsw.Cursor | None = None
        apsw.connection_hooks.append(self._watch)

    def _watch(self, connection: apsw.Connection) -> None:
        connection.exec_trace = self._trace

    def _trace(self, cursor: apsw.Cursor, sql: str, bound: object) -> bool:
        self.count += cursor is not self._last and not sql.lstrip().startswith("PRAGMA")
        self._last = cursor
        return True


class Firm:
    """A company that is connected, to a service that does not answer, and grows."""

    def __init__(self) -> None:
        from samsyn.office.companies.making import make_company

        self.made = make_company("berg", {"name": "Berg"})

    def grow(self, numbers: range) -> None:
        """More of everything that pages list."""
        from samsyn.companydb import books

        with self._open() as db, db.transaction():
            for n in numbers:
                for sql in FILLED:
                    db.run(sql.replace("$n", str(n)))
        with self._open() as db:
            ids = self._ids(db)
            with db.transaction():
                books.set_fact(
                    db,
                    "connection",
                    books.Connection("c", "a.c.s", "http://127.0.0.1:9", "a", "Berg"),
                )
                for n in numbers:
                    self._trouble(db, ids[n % len(ids)], n)
        self._people(numbers)

    @contextmanager
    def _open(self) -> Iterator[Any]:  # Any: a company database
        from samsyn.companydb.connect import open_company_db

        with closing(open_company_db(self.made.url)) as db:
            yield db

    def _ids(self, db: Any) -> list[str]:  # Any: a company database
        contacts = next(t for t in db.types.values() if t.name == "contacts")
        keys = [(no,) for (no,) in db.rows("SELECT contact_no FROM contacts")]
        known = db.ids_of(contacts, keys)
        with db.transaction():
            db.identify(contacts, [(key, uuid4().hex) for key in keys if key not in known])
        return list(db.ids_of(contacts, keys).values())

    def _trouble(self, db: Any, record: str, n: int) -> None:  # Any: a company database
        from samsyn.agent.clock import now_text
        from samsyn.companydb import books
        from samsyn.core.changes import Lost

        now = now_text()
        lost = Lost("contacts", record, None, "city", None, "A", "B", n, "eva", now, "office_value")
        books.add_conflicts(db, [books.Conflict(now, lost)])
        books.add_run(db, books.Run(now, "ok", 1, 1, "", f"DESK-{n}"))
        books.put_quarantine(
            db,
            books.Quarantined(
                "online",
                "contacts",
                record,
                now,
                "CHECK_FAILED",
                "no",
                None,
                "city",
                fields=("city",),
            ),
        )
        db.run(
            "INSERT INTO samsyn_computer (id, name, beat, last_seen) VALUES ($1, $2, 0, $3)",
            f"id-{n}",
            f"DESK-{n}",
            now,
        )

    def _people(self, numbers: range) -> None:
        from django.utils import timezone

        from samsyn.office.people.models import SignedIn, Template, User

        for n in numbers:
            someone = User.objects.create(username=f"u{n}", key=f"u{n}", name=f"Eva {n}")
            Template.objects.create(name=f"Mall {n}")
            SignedIn.objects.create(
                session_key=f"s{n}", user=someone, address="127.0.0.1", browser="x",
                since=timezone.now(), last_seen=timezone.now(),
            )  # fmt: skip


def _costs(client: Any, counter: Counter) -> dict[str, int]:  # Any: Django's client
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    told = {}
    for page in _pages():
        before = counter.count
        with CaptureQueriesContext(connection) as system:
            part = {"HX-Request": "true"} if "/panels/" in page else {}
            answer = client.get(page, headers=part)
            if answer.streaming:
                list(answer.streaming_content)
        assert answer.status_code == 200, (page, answer.status_code)
        told[page] = len(system) + counter.count - before
    return told


def _main(home: Path) -> None:
    from samsyn.office.startup import open_office

    open_office(home)
    from django.test import Client

    client, counter, firm = Client(), Counter(), Firm()
    told = {"name": "Anna", "username": "anna", "password": "lingon-torp-52-kvist"}
    assert client.post("/welcome", told).status_code == 302
    firm.grow(range(1, 4))
    _costs(client, counter)  # so that what is read once is read
    few = _costs(client, counter)
    firm.grow(range(4, 60))
    many = _costs(client, counter)
    if any(many[page] > few[page] for page in few):
        again = _costs(
            client, counter
        )  # once a minute a page notes beside that its reader is there
        many = {page: min(many[page], again[page]) for page in many}
    sys.stdout.buffer.write(msgspec.json.encode({page: (few[page], many[page]) for page in few}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
