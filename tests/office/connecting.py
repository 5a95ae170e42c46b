"""An office program beside a service, with a company that is ready to be connected."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import apsw
import urllib3

from samsyn.companydb.connect import open_company_db
from samsyn.companydb.urls import SqliteUrl
from tests.office.running import PASSWORD, Office, Person, office_running
from tests.online.running import Service
from tests.waiting import until

ONLINE = "/c/berg-bygg/settings/online"

BERG = {
    "name": "Berg Bygg AB",
    "org_no": "5560360793",
    "street": "Storgatan 1",
    "postal_code": "90325",
    "city": "Umeå",
    "country": "SE",
    "phone": "+46 8 465 004 20",
    "email": "info@bergbygg.se",
}
EMPLOYEE = {
    "v:first_name": "Anna",
    "v:last_name": "Berg",
    "v:initials": "AB",
    "v:job_title": "VD",
    "v:department": "Ledning",
    "v:hired_on": "2020-01-01",
    "v:hourly_rate": "100",
    "v:email": "anna@bergbygg.se",
    "v:phone": "08-1",
    "v:street": "Storgatan 1",
    "v:postal_code": "90325",
    "v:city": "Umeå",
}
REGISTERED = {"company": "Berg Bygg AB", "contact": "Anna Berg", "phone": "08-465 004 20"}


def file_of(home: Path, alias: str) -> Path:
    """The file of a company database that the program has made."""
    return home / "companies" / f"{alias}.sqlite"


def run_sql(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What any program does to the file."""
    with closing(open_company_db(SqliteUrl(str(path)))) as db, db.transaction():
        return [tuple(row) for row in db.rows(sql, *values)]


class Member:
    """Somebody with a Samsyn ID at the service's pages."""

    def __init__(self, service: Service, email: str, company: str) -> None:
        self.email = email
        made = service.command("create-company", company, "--owner", email)
        self.company: str = made["company"]
        self._service = service
        self._cookies: dict[str, str] = {}
        self._pool = urllib3.PoolManager(retries=False)
        password = service.command("new-password", email)["password"]
        self._ask("GET", "/id/sign-in")
        self._ask("POST", "/id/sign-in", login=email, password=password)

    def approves(self, code: str) -> None:
        """Says yes to the office that shows the code, for the company."""
        self._ask("GET", f"/connect/{code}")
        answer = self._ask("POST", f"/connect/{code}", company=self.company)
        assert answer == 200, answer

    def renews(self, code: str) -> None:
        """Says yes to another key for the company's connection."""
        self._ask("GET", f"/connect/{code}")
        assert self._ask("POST", f"/connect/{code}", yes="") == 200

    def revokes(self, connection: str) -> None:
        """Ends a connection of the company online."""
        path = f"/c/{self.company}/connections/{connection}/revoke"
        assert self._ask("POST", path, yes="") == 302

    def refuses(self, code: str) -> None:
        """Says no."""
        self._ask("GET", f"/connect/{code}")
        assert self._ask("POST", f"/connect/{code}", no="") == 200

    def _ask(self, method: str, path: str, **fields: str) -> int:
        token = next((v for name, v in self._cookies.items() if "csrf" in name), "")
        response = self._pool.request(
            method,
            self._service.url + path,
            body=urlencode({**fields, "csrfmiddlewaretoken": token}) if fields else None,
            headers={
                "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()),
                "Origin": self._service.url,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            redirect=False,
        )
        for told in response.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(told).items():
                self._cookies[name] = morsel.value
        return response.status


class Ready:
    """A company at the office of which every criterion is met, and its first user."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.anna = Person(office.url)
        self.anna.post("/welcome", name="Anna Berg", username="anna", password=PASSWORD)
        self.anna.post("/companies/new", **BERG)
        self.anna.post("/registration", **REGISTERED)
        new = "/c/berg-bygg/r/employees/new"
        made = self.anna.post(new, **(self.anna.form(new) | EMPLOYEE))
        assert made.status == 302, made.text
        self.employee = made.to.rpartition("/")[2]
        link(office.home, self.employee)

    @property
    def file(self) -> Path:
        """The company database."""
        return file_of(self.office.home, "berg-bygg")

    def sql(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What any program does to it."""
        return run_sql(self.file, sql, *values)

    def asks(self) -> str:
        """The wizard up to the code."""
        assert self.anna.post(f"{ONLINE}/connect/ask").to == f"{ONLINE}/connect/id"
        return self.code()

    def code(self, at: str = f"{ONLINE}/connect/id") -> str:
        """The code that the page shows."""
        found = re.search(r'secret code">([^<]+)<', self.anna.get(at).text)
        assert found, self.anna.get(at).text
        return found[1]

    def connects(self, member: Member, when: str = "now") -> None:
        """The whole wizard."""
        member.approves(self.asks())
        assert self.anna.get(f"{ONLINE}/connect/id").shows("Approved")
        for step in ("registers", "computer"):
            sent = self.anna.form(f"{ONLINE}/connect/{step}")
            assert self.anna.post(f"{ONLINE}/connect/{step}", **sent).status == 302
        assert self.anna.post(f"{ONLINE}/connect/plan", when=when).status == 302

    def rests(self) -> None:
        """Waits until the office says that both sides are in sync."""
        until(lambda: self.anna.get(f"{ONLINE}/connect/loading").shows("Everything is online"))


def link(home: Path, employee: str) -> None:
    """Links the only user to an employee of the only company."""
    with closing(apsw.Connection(str(home / "system.sqlite"))) as system:
        system.set_busy_timeout(10_000)
        [(company,)] = system.execute("SELECT id FROM company_database").fetchall()
        [(user,)] = system.execute('SELECT id FROM "user"').fetchall()
        system.execute(
            "INSERT INTO employee_link (company_id, user_id, register, employee)"
            " VALUES (?, ?, 'employees', ?)",
            (company, user, employee),
        )


@contextmanager
def served(home: Path) -> Iterator[Service]:
    """A service whose letters go to the console."""
    service = Service(home, "")
    service.start()
    try:
        yield service
    finally:
        code, err = service.stop()
        assert (code, "Traceback" in err) == (0, False), err


@contextmanager
def beside(home: Path, **told: str) -> Iterator[tuple[Service, Office]]:
    """A service and an office program that knows its address, and what else is told to it."""
    for name in ("online", "office"):
        (home / name).mkdir()
    with served(home / "online") as service:
        state = str(home / "state")
        with (
            _environment(SAMSYN_OFFICE_ONLINE=service.url, SAMSYN_HOME=state, **told),
            office_running(home / "office") as office,
        ):
            yield service, office


@contextmanager
def _environment(**told: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
