"""A sync that ends reaches the superusers, and a new key takes it up again."""

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
