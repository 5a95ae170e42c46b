"""A sync that ends, stalls or waits for a person reaches the superusers by letter and in the header."""

from __future__ import annotations

import re
from pathlib import Path

from tests.office.connecting import ONLINE, Member, Ready, beside
from tests.office.letters import mail_server
from tests.waiting import until


def test_a_connection_that_was_revoked_online_is_told_by_letter_and_renewed(tmp_path: Path) -> None:
    with (
        mail_server() as (url, letters),
        beside(tmp_path, SAMSYN_OFFICE_SMTP=url) as (service, office),
    ):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        anna = ready.anna
        assert anna.post("/me", **(anna.form("/me") | {"email": "anna@bergbygg.se"})).status == 302
        ready.connects(member)
        ready.rests()
        kept = "SELECT value FROM samsyn_meta WHERE name = 'connection'"
        found = re.search(r'"id":"(\w+)"', str(ready.sql(kept)[0][0]))
        assert found
        member.revokes(found[1])
        ready.sql("UPDATE employees SET city = 'Piteå'")

        until(lambda: letters.to("anna@bergbygg.se"))
        [(subject, text)] = letters.to("anna@bergbygg.se")
        assert subject == "The sync of Berg Bygg AB needs you"
        assert "The connection was ended online" in text
        until(lambda: anna.get("/c/berg-bygg").shows("The sync has stopped"))
        told = anna.get(f"{ONLINE}/sync")
        assert told.shows("The connection was ended online")
        assert f'href="{ONLINE}/update"' in told.text

        assert anna.post(f"{ONLINE}/update/ask").to == f"{ONLINE}/update/id"
        member.renews(ready.code(f"{ONLINE}/update/id"))
        assert anna.get(f"{ONLINE}/update/id").to == f"{ONLINE}/update"
        until(lambda: anna.get(f"{ONLINE}/sync").shows("In sync"))
        assert len(letters.to("anna@bergbygg.se")) == 1


def test_a_register_that_waits_and_a_service_that_is_away_are_told_once_each(
    tmp_path: Path,
) -> None:
    with (
        mail_server() as (url, letters),
        beside(tmp_path, SAMSYN_OFFICE_SMTP=url) as (service, office),
    ):
        ready, member = Ready(office), Member(service, "anna@example.com", "Berg online")
        anna, to = ready.anna, "anna@bergbygg.se"
        assert anna.post("/me", **(anna.form("/me") | {"email": to})).status == 302
        for n in range(60):
            ready.sql("INSERT INTO product_groups VALUES ('G' || $1, 'Grupp ' || $1, NULL)", n)
        ready.sql("INSERT INTO samsyn_meta (name, value) VALUES ('stall_s', '1')")
        ready.connects(member)
        ready.rests()
        ready.sql("DELETE FROM product_groups")
        until(lambda: letters.to(to))
        assert "Product groups was emptied at once" in letters.to(to)[0][1]
        service.stop()
        ready.sql("UPDATE employees SET city = 'Piteå'")
        until(lambda: "does not answer" in str(letters.to(to)[1:]))
        told = anna.get(f"{ONLINE}/sync")
        assert told.shows("Samsyn Online does not answer")
        assert len(letters.to(to)) == 2, letters.to(to)
        service.start()
