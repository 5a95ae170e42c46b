"""The tab Synchronisation over HTTP: what waits for a person is shown, and what a person chooses is done."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from html import unescape

import pytest
from pysqlite3 import dbapi2

from tests.office.connecting import ONLINE, Member, Ready, beside
from tests.office.people import add_user, signed_in
from tests.office.running import Person
from tests.online.running import Program, Service
from tests.waiting import until

SECRET = "HEMLIG-42"
RUN = (
    "INSERT INTO samsyn_run (at, status, up, down, message, computer)"
    " VALUES ($1, 'ok', 1, 0, '', $2)"
)


class Connected:
    """A company that is connected, its first user, and another program online."""

    def __init__(self, service: Service, ready: Ready, member: Member) -> None:
        self.service, self.ready, self.member, self.anna = service, ready, member, ready.anna
        told = service.command("create-token", "--company", member.company, "--email", member.email)
        self.online = Program(service.url, member.company, told["token"])

    def sync_page(self) -> str:
        """The tab as it is read."""
        return unescape(self.anna.get(f"{ONLINE}/sync").text)

    def button(self, words: str, page: str) -> tuple[str, dict[str, str]]:
        """The address and fields of the form whose button says these words."""
        for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
            if words in form:
                action = re.search(r'action="([^"]+)"', form)
                fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
                return (action[1] if action else ""), fields
        raise AssertionError(f"no button {words}")

    def online_city(self) -> str:
        """The only employee's town online."""
        [record] = self.online.get("records/employees")["records"]
        return str(record["fields"]["city"])


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    """One for all tests of this file; each uses a register of its own."""
    with beside(tmp_path_factory.mktemp("sync")) as (service, office):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        ready.sql("UPDATE employees SET job_title = $1", SECRET)
        ready.connects(member)
        ready.rests()
        yield Connected(service, ready, member)


def test_what_the_office_refuses_is_shown_with_its_fixes_and_mended(connected: Connected) -> None:
    made = connected.online.create(
        "contact_statuses", status_code="X9", name="Utvald", sort_order=99
    )
    [(taken,)] = connected.ready.sql(
        "SELECT name FROM contact_statuses ORDER BY sort_order LIMIT 1"
    )
    path = f"records/contact_statuses/{made['id']}"
    until(lambda: connected.ready.sql("SELECT 1 FROM contact_statuses WHERE status_code = 'X9'"))
    assert connected.online.send("PATCH", path, {"fields": {"name": taken}}).status == 200
    page = until(lambda: (p := connected.sync_page()) and "Write this instead" in p and p)
    assert isinstance(page, str)
    assert "Another record has this value already" in page
    assert connected.anna.get("/c/berg-bygg").shows("In sync but for 1 in quarantine")
    where, fields = connected.button("Write this instead", page)
    answer = connected.anna.post(where, **fields, **{"value:name": "Möjlig kund"})
    assert answer.status == 302
    until(lambda: connected.ready.sql("SELECT 1 FROM contact_statuses WHERE name = 'Möjlig kund'"))
    until(lambda: "Quarantine</h2>" not in connected.sync_page())


def test_a_register_that_was_emptied_waits_and_is_put_back(connected: Connected) -> None:
    count = "SELECT count(*) FROM product_groups"
    for n in range(60):
        connected.ready.sql(
            "INSERT INTO product_groups SELECT 'G' || $1, 'Grupp ' || $1, $1 WHERE 1", n
        )
    before = connected.ready.sql(count)

    def online() -> list[tuple[object, ...]]:
        return [(len(connected.online.get("records/product_groups", limit=200)["records"]),)]

    until(lambda: online() == before)
    connected.ready.sql("DELETE FROM product_groups")
    page = until(lambda: (p := connected.sync_page()) and "was emptied at once" in p and p)
    assert isinstance(page, str)
    assert "Product groups was emptied at once" in page
    assert connected.anna.get("/c/berg-bygg").shows("1 register waits for a person")
    plan = connected.anna.get(f"{ONLINE}/sync/held/product_groups")
    assert plan.shows("the values from online are put back here")
    assert connected.anna.post(f"{ONLINE}/sync/held/product_groups", what="undo").status == 302
    until(lambda: connected.ready.sql(count) == before)


def test_what_lost_is_written_once_more_from_the_records_own_history(
    connected: Connected,
) -> None:
    anna, group = connected.anna, "product_groups"
    [(code,)] = connected.ready.sql("SELECT group_code FROM product_groups LIMIT 1")
    listed = connected.online.get(f"records/{group}", limit=200)["records"]
    [record] = [one["id"] for one in listed if one["fields"]["group_code"] == code]
    anna.post(f"{ONLINE}/sync/pause", paused="yes")
    assert not anna.get(f"{ONLINE}/sync").shows("syncs now")
    path = f"records/{group}/{record}"
    assert connected.online.send("PATCH", path, {"fields": {"description": "B"}}).status == 200
    connected.ready.sql("UPDATE product_groups SET description = 'A' WHERE group_code = $1", code)
    anna.post(f"{ONLINE}/sync/pause", paused="no")
    card = f"/c/berg-bygg/r/{group}/{group}.{code}"
    again = "Write what lost once more"
    page = until(lambda: again in (p := unescape(anna.get(f"{card}/history").text)) and p)
    where, fields = connected.button(again, str(page))
    assert fields["next"] == card
    reader = _user(connected, "rita", "reader")
    seen = reader.get(f"{card}/history")
    assert seen.shows("The office wrote")
    assert not seen.shows(again)
    assert reader.post(where).status == 403
    writer = _user(
        connected, "olle", "own", **{"area:online": "write", f"register:{group}": "read"}
    )
    assert not writer.get(f"{card}/history").shows(again)
    assert writer.post(where).status == 404
    assert anna.post(where, **fields).to == card
    value = "SELECT description FROM product_groups WHERE group_code = $1"
    until(lambda: connected.ready.sql(value, code) == [("B",)])
    start = anna.get("/c/berg-bygg")
    assert start.shows("Latest changes")
    assert start.shows("Changed online")


def _user(connected: Connected, name: str, access: str, **rights: str) -> Person:
    """A user of that access, signed in."""
    key, password = add_user(connected.anna, name, access)
    if rights:
        sent = connected.anna.form(f"/users/{key}/rights") | rights
        assert connected.anna.post(f"/users/{key}/rights", **sent).to == "/users"
    return signed_in(connected.ready.office, name, password)


def test_nothing_is_sent_to_an_open_page_that_shows_it_all_already(connected: Connected) -> None:
    def unchanged() -> bool:
        mark = re.search(r"\?mark=(\w+)", connected.sync_page())
        assert mark
        answer = connected.anna.part(f"{ONLINE}/sync?mark={mark[1]}")
        return (answer.status, answer.text) == (204, "")

    until(unchanged)
    assert connected.anna.part(f"{ONLINE}/sync?mark=other").text.startswith("<div")


def test_a_frozen_field_is_told_where_the_comparison_is(connected: Connected) -> None:
    certificate = '{"type":"employees","at":"2026-11-30T10:00:00.000Z","records":3,"frozen":1}'
    [(no,)] = connected.ready.sql("SELECT no FROM samsyn_type WHERE name = 'employees'")

    def told() -> bool:
        """Again where the agent has compared the register by itself meanwhile."""
        connected.ready.sql(
            "INSERT OR REPLACE INTO samsyn_meta (name, value) VALUES ($1, $2)",
            f"verified:{no}",
            certificate,
        )
        page = connected.sync_page()
        return "1 record has a field that is frozen" in page[page.index('id="verifier"') :]

    until(told)


def test_the_support_package_holds_no_value_and_no_secret(connected: Connected) -> None:
    answer = connected.anna.data(f"{ONLINE}/trace/package")
    with zipfile.ZipFile(io.BytesIO(answer)) as package:
        texts = {name: package.read(name).decode() for name in package.namelist()}
    assert set(texts) == {"trace.log", "state.json", "syncs.json", "catalog.json"}
    [(connection,)] = connected.ready.sql("SELECT value FROM samsyn_meta WHERE name = 'connection'")
    secret = re.search(r'"secret":"([^"]+)"', str(connection))
    assert secret
    for name, text in texts.items():
        assert SECRET not in text, name
        assert secret[1] not in text, name
        assert "anna@example.com" not in text, name


def test_lists_are_searched_and_exported(connected: Connected) -> None:
    table = connected.anna.get(f"{ONLINE}/sync/log?as=csv&days=365")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.text.startswith("\ufeffTime,Status,Up,Down,Computer,Message")
    assert connected.anna.get(f"{ONLINE}/sync/log?q=nothing-has-this").shows("Nothing here")
    for odd in ("days=0", "days=-1", "days=99999999", "days=x", "q=" + "x" * 5000):
        assert connected.anna.get(f"{ONLINE}/sync/log?{odd}").status == 200


def test_seven_days_and_twenty_rows_are_shown_until_more_is_asked_for(
    connected: Connected,
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    for n in range(25):
        at = (now - datetime.timedelta(minutes=n + 1)).isoformat().replace("+00:00", "Z")
        connected.ready.sql(RUN, at, f"NEW-{n}")
    at = (now - datetime.timedelta(days=9)).isoformat().replace("+00:00", "Z")
    connected.ready.sql(RUN, at, "OLD-1")
    tab = connected.sync_page()
    latest = tab[tab.index('id="syncs"') : tab.index('id="verifier"')]
    assert latest.count('<th scope="row"') == 20
    for page in ("log", "history"):
        week = connected.anna.get(f"{ONLINE}/sync/{page}")
        assert week.shows("NEW-24"), page
        assert not week.shows("OLD-1"), page
        assert connected.anna.get(f"{ONLINE}/sync/{page}?days=30").shows("OLD-1"), page
        searched = connected.anna.get(f"{ONLINE}/sync/{page}?days=30&q=old-1")
        assert searched.shows("OLD-1"), page
        assert not searched.shows("NEW-24"), page
        assert "NEW-24" in connected.anna.get(f"{ONLINE}/sync/{page}?as=csv").text, page
    connected.ready.sql("DELETE FROM samsyn_run WHERE computer LIKE 'NEW-%' OR computer = 'OLD-1'")


def test_a_new_key_takes_the_place_of_the_old_one(connected: Connected) -> None:
    def key() -> object:
        return connected.ready.sql("SELECT value FROM samsyn_meta WHERE name = 'connection'")

    before = key()
    assert connected.anna.post(f"{ONLINE}/update/ask").to == f"{ONLINE}/update/id"
    connected.member.renews(connected.ready.code(f"{ONLINE}/update/id"))
    assert connected.anna.get(f"{ONLINE}/update/id").to == f"{ONLINE}/update"
    assert key() != before
    connected.ready.sql("UPDATE employees SET city = 'Piteå'")
    until(lambda: connected.online_city() == "Piteå")


def test_what_an_address_names_and_is_not_there_is_not_found(connected: Connected) -> None:
    anna = connected.anna
    assert anna.get(f"{ONLINE}/sync/held/nothing").status == 404
    assert anna.post(f"{ONLINE}/sync/quarantine/zzzz/fix", fix="explode").status == 404
    assert anna.post(f"{ONLINE}/sync/quarantine/zzzz/fix", fix="retry").status == 302
    assert anna.post(f"{ONLINE}/sync/conflicts/1.9/again").status == 302
    assert anna.post(f"{ONLINE}/sync/computer", computer="nobody").status == 302


def test_the_service_hears_who_uses_the_office_and_what_they_may_do(connected: Connected) -> None:
    def told() -> str:
        with closing(dbapi2.connect(str(connected.service.home / "online.sqlite"))) as store:
            rows = store.execute("SELECT * FROM records_office_people").fetchall()
        return str(rows)

    until(lambda: "Anna Berg" in told())
    told_of = {"name": "Berta Ek", "username": "berta", "email": "berta@example.com"}
    made = connected.anna.post("/users/new", **told_of, access="reader", is_active="on")
    assert made.shows("berta")
    until(lambda: "berta@example.com" in told())
