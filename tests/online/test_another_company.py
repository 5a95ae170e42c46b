"""G9 at every address: whatever is asked for, nothing of one company reaches another's superuser.

One company is full of a word and of ids that no other has. The superuser of another one asks
every page and every endpoint, by its own address and by the first one's, with the ids of the first in
each place of the address and of what is sent. In no answer may the word or such an id be found (but
those that were sent), and no row of the first company may be other than before.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

import pytest
from pysqlite3 import dbapi2

from samsyn.core.changes import Put
from tests.online.conftest import Company
from tests.online.office import CATALOG, rid
from tests.online.routes import REST, filled, routes
from tests.online.running import Json, Program, Service, records
from tests.online.visitor import Visitor

WORD = "zaffranrev"
OURS, THEIRS = f"anna@{WORD}.example", "berit@other.example"
PAGES = [r for r in routes() if r.startswith("c/<company>")]
ENDPOINTS = [r for r in routes() if r.startswith(REST)]
NO_SECRET = re.compile(r"[0-9]{0,5}|[a-z_.-]{0,11}|[A-Z_]+")
"""What any company may hold: small numbers, short words, codes."""
NOTED = ("used_at", "last_used", "seen_at", "heard_at", "referenced")
"""Columns that tell when something was used, which our own looking moves."""
CHORES = ("company_care", "records_reference")
"""What the service notes by itself, at any moment."""
PER_PLACE = 12


class Secret:
    """The company that is full of the word, and the store's file, in which it can be read."""

    def __init__(self, service: Service) -> None:
        self.file = service.home / "online.sqlite"
        self.company = Company(service, f"{WORD} AB", OURS)
        self.program = self.company.program
        self.company.load_all()
        self._fill(service)
        self.word = WORD.encode()

    def _fill(self, service: Service) -> None:
        own = self.program.create("contacts", name=f"{WORD} 1", phone=WORD, photo="AAAA")
        self.program.create("contacts", name=f"{WORD} 2", parent=own["id"])
        self.program.send("PATCH", records("contacts", rid(2)), {"fields": {"phone": WORD}})
        unseen = Put("contacts", rid(2), (2,), {"phone": f"{WORD} office"}, seen=0)
        nowhere = Put("contacts", rid(3), (3,), {"nothing": f"{WORD} refused"}, seen=0)
        self.company.office.push(unseen, nowhere)
        service.command(
            "create-token", "--company", self.company.id, "--email", f"b@{WORD}.example"
        )
        visitor, at = Visitor(service, OURS), f"c/{self.company.id}"
        levels = {f"type:{one.name}": "read" for one in CATALOG.types}
        role = {"name": f"{WORD} role", "otherwise": "read", **levels}
        assert visitor.send("POST", f"{at}/roles/new", role).status == 302
        invited = {"email": f"c@{WORD}.example", "role": "standard", "message": WORD}
        assert visitor.send("POST", f"{at}/members/invite", invited).status == 302
        assert WORD.encode() in visitor.send("GET", f"{at}/members").body.lower()

    def rows(self, company: str) -> dict[str, list[tuple[object, ...]]]:
        """Every row of a company in every table that has companies, as it stands."""
        store = dbapi2.connect(str(self.file))
        try:
            found = {}
            for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                columns = [row[1] for row in store.execute(f'PRAGMA table_info("{table}")')]
                key = (
                    "company_id" if "company_id" in columns else "id" if table == "company" else ""
                )
                if not key or table in CHORES:
                    continue
                told = ", ".join(f'"{c}"' for c in columns if c not in NOTED)
                asked = f'SELECT {told} FROM "{table}" WHERE "{key}" = ? ORDER BY 1, 2, 3'
                found[table] = list(store.execute(asked, [company]))
            return found
        finally:
            store.close()

    @functools.cache  # noqa: B019 - it lives as long as these tests
    def own(self, other: str) -> frozenset[str]:
        """Ids and words that this company's rows hold and the other's do not."""
        mine, theirs = (_texts(self.rows(c)) for c in (self.company.id, other))
        return frozenset(text for text in mine - theirs if not NO_SECRET.fullmatch(text))


def _texts(rows: dict[str, list[tuple[object, ...]]]) -> set[str]:
    """The short texts and numbers of some rows: what may stand in an address."""
    cells = (cell for listed in rows.values() for row in listed for cell in row)
    return {str(cell) for cell in cells if isinstance(cell, str | int) and len(str(cell)) <= 64}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of these tests' own."""
    started = Service(tmp_path_factory.mktemp("home"), "")
    started.start()
    yield started
    code, said = started.stop()  # which has the letters, as there is no mail server
    assert code == 0
    assert "Traceback" not in said


@pytest.fixture(scope="module")
def secret(service: Service) -> Secret:
    """The company of which nothing may be seen."""
    return Secret(service)


@pytest.fixture(scope="module")
def other(service: Service) -> Company:
    """The company of who asks."""
    made = Company(service, "Andra AB", THEIRS)
    made.load_all()
    return made


def asked(route: str, secret: Secret, other: Company) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses of a route, with the ids of the secret company in its places."""
    places = [n for n in re.findall(r"<(?:\w+:)?(\w+)>", route) if n != "company"]
    numbers = [one for one in places if f"<int:{one}>" in route]
    ids = sorted(secret.own(other.id))
    for company in (other.id, secret.company.id):
        choices = [list(_choices(place, place in numbers, ids, secret)) for place in places]
        for chosen in itertools.islice(itertools.product(*choices), 2 * PER_PLACE):
            names = dict(zip(places, chosen, strict=True))
            yield filled(route, company=company, **names), names


def _choices(place: str, number: bool, ids: list[str], secret: Secret) -> Iterable[str]:
    if place in ("type", "register"):
        return ["contacts"]
    if place in ("field", "fix", "panel"):
        return {"field": ["photo"], "fix": ["take-office", "retry"], "panel": ["changes"]}[place]
    if number:
        return ["1", "2"]
    fit = [one for one in ids if re.fullmatch(r"[0-9a-z]+([.-][0-9a-z]+)?", one)]
    kinds: dict[int, list[str]] = {}
    for one in fit:
        kinds.setdefault(len(one), []).append(one)
    return [one for alike in kinds.values() for one in alike[:3]][:PER_PLACE]


def holds(body: bytes, secret: Secret, other: Company, sent: str) -> list[str]:
    """What of the secret company stands in an answer, but what was sent."""
    text = body.decode("utf-8", "replace").casefold()
    return [one for one in secret.own(other.id) if one.casefold() in text and one not in sent]


def test_the_secret_is_there_to_be_found_g9(secret: Secret, other: Company) -> None:
    """What finds nothing must be able to find something."""
    own = secret.own(other.id)
    tables = {name for name, rows in secret.rows(secret.company.id).items() if rows}
    assert {"records_record", "records_change", "records_conflict", "records_quarantine"} <= tables
    assert {"member", "invitation", "own_role", "api_token", "records_connection"} <= tables
    assert len(own) > 30
    listed = Program(secret.program.url, secret.company.id, secret.program.token)
    for path in (records("contacts"), "changes", "conflicts", "quarantine"):
        assert holds(listed.send("GET", path).body, secret, other, ""), path


@pytest.mark.parametrize("route", PAGES)
def test_no_page_shows_or_changes_another_company_g9(
    route: str, secret: Secret, other: Company, visitor: Visitor
) -> None:
    before = secret.rows(secret.company.id)
    visitor.shows_to_be_the_same()
    for path, names in asked(route, secret, other):
        fields = {**names, "record": rid(2), "name": "x", "confirm": "on", "role": "standard"}
        for method in ("GET", "POST"):
            answer = visitor.send(method, path, fields if method == "POST" else None)
            assert answer.status < 500, (method, path, answer.status)
            assert not holds(answer.body, secret, other, path + str(fields)), (method, path)
            if path.startswith(f"c/{secret.company.id}"):
                assert answer.status in (404, 405), (method, path, answer.status)
    assert secret.rows(secret.company.id) == before


@pytest.fixture(scope="module")
def visitor(service: Service, other: Company) -> Visitor:
    """The other company's superuser, signed in."""
    return Visitor(service, THEIRS)


@pytest.mark.parametrize("route", ENDPOINTS)
def test_no_endpoint_tells_or_changes_another_company_g9(
    route: str, secret: Secret, other: Company
) -> None:
    before, rest = secret.rows(secret.company.id), REST.replace("<company>", "")
    ours = [one["id"] for one in secret.program.get(records("contacts"))["records"]][-2:]
    bodies: list[Json] = [
        {},
        {"fields": {"parent": ours[0]}},
        {"operations": [{"op": "delete", "type": "contacts", "id": one} for one in ours]},
        {"by": OURS},
    ]
    for path, _ in asked(route, secret, other):
        stranger = Program(other.service.url, path.split("/")[3], other.program.token)
        below = path[len(rest) + len(stranger.company) :].lstrip("/")
        for method, body in [("GET", None), ("DELETE", None)] + [
            (method, body) for method in ("POST", "PATCH", "PUT") for body in bodies
        ]:
            answer = stranger.send(method, below, body, {"Idempotency-Key": "k" * 8})
            assert answer.status < 500, (method, path, answer.body)
            assert not holds(answer.body, secret, other, path + str(body)), (method, path)
            if stranger.company == secret.company.id:
                assert answer.status >= 400, (method, path, answer.status)
    assert secret.rows(secret.company.id) == before


def test_a_cursor_of_another_company_opens_nothing_g9(secret: Secret, other: Company) -> None:
    """Cursors, marks and keys are words of a company's own; elsewhere they say nothing."""
    page = secret.program.send("GET", records("contacts"), query={"limit": 2})
    cursor, mark = page.json["next"], page.headers.get("ETag", '"x"')
    told = other.program.send("GET", records("contacts"), query={"limit": 2, "after": cursor})
    assert not holds(told.body, secret, other, cursor)
    again = other.program.send("GET", records("contacts"), None, {"If-None-Match": mark})
    assert not holds(again.body, secret, other, mark)


def test_a_key_of_a_request_belongs_to_one_company_g9(secret: Secret, other: Company) -> None:
    key = {"Idempotency-Key": "the-same-key-of-both"}
    body = {"fields": {"name": f"{WORD} once"}}
    first = secret.program.send("POST", records("contacts"), body, key)
    second = other.program.send("POST", records("contacts"), {"fields": {"name": "twice"}}, key)
    assert (first.status, second.status) == (201, 201)
    assert not holds(second.body, secret, other, "")


def test_no_company_and_a_strangers_company_look_alike_g9(secret: Secret, visitor: Visitor) -> None:
    for route in PAGES:
        if route.count("<") > 1:
            continue
        there, none = (
            visitor.send("GET", filled(route, company=company))
            for company in (secret.company.id, "a" * 12)
        )
        assert there.status == none.status == 404, route
