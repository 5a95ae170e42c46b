"""A record's card: files within limits, what lost written once more, where fields are edited, and its parts."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from samsyn.core.catalog import Direction
from samsyn.online.companies.models import Role
from samsyn.records import progress
from samsyn.records.models import Change, Conflict
from samsyn.records.tenant import writing
from samsyn.webkit.registers.entering import MAX_FILE_BYTES
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import NOW, new_member, signed_in
from tests.pages.trade import CONTACTS, TYPES

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put("contacts", (1, {"name": "Ett AB", "city": "Malmö", "credit_limit": 1250.5}))
    return made


@pytest.fixture
def anna(firm: Firm) -> Client:
    return signed_in(OWNER)


def test_a_picture_is_put_in_shown_and_taken_away(firm: Firm, anna: Client) -> None:
    card = f"{firm.root('contacts')}/{rid(1)}"
    picture = SimpleUploadedFile("logo.png", PNG, "image/png")
    assert anna.post(f"{card}/edit", {"v:logo": picture}).status_code == 302
    assert 'class="picture"' in anna.get(card).content.decode()
    file = anna.get(f"{card}/file/logo")
    assert file.content == PNG
    assert file.headers["Content-Type"] == "image/png"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    anna.post(f"{card}/edit", {"away:logo": "yes"})
    assert firm.all("contacts")[0]["logo"] is None


def test_a_file_that_is_no_picture_is_saved_and_never_shown(firm: Firm, anna: Client) -> None:
    card = f"{firm.root('contacts')}/{rid(1)}"
    page = SimpleUploadedFile("x.png", b"<html><script>1</script>", "image/png")
    anna.post(f"{card}/edit", {"v:logo": page})
    file = anna.get(f"{card}/file/logo")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_too_large_is_refused_beside_its_field(firm: Firm, anna: Client) -> None:
    large = SimpleUploadedFile("x.png", PNG + b"\0" * MAX_FILE_BYTES)
    answer = anna.post(f"{firm.root('contacts')}/{rid(1)}/edit", {"v:logo": large})
    assert answer.status_code == 422
    assert "Choose a smaller file." in answer.content.decode()
    assert firm.all("contacts")[0]["logo"] is None


def test_a_card_and_a_form_have_the_same_parts(firm: Firm, anna: Client) -> None:
    card = f"{firm.root('contacts')}/{rid(1)}"
    for path in (card, f"{card}/edit"):
        told = anna.get(path).content.decode()
        parts = [
            told.find(f">{part}<") for part in ("General", "Phone and e-mail", "Address", "Notes")
        ]
        assert -1 not in parts, path
        assert parts == sorted(parts), path


def test_what_the_office_gives_says_so_and_is_no_field_of_the_form(
    firm: Firm, anna: Client
) -> None:
    form = anna.get(f"{firm.root('contacts')}/{rid(1)}/edit").content.decode()
    assert "edited at the office" in form
    assert "v:contact_no" not in form
    new = anna.get(f"{firm.root('contacts')}/new").content.decode()
    assert "v:contact_no" not in new


def test_a_register_that_the_office_alone_writes_says_so(service: None) -> None:
    office_only = msgspec.structs.replace(CONTACTS, direction=Direction.UP)
    firm = Firm((office_only, *TYPES[1:]))
    firm.put("contacts", (1, {"name": "Ett AB"}))
    anna = signed_in(OWNER)
    for path in ("", f"/{rid(1)}"):
        told = anna.get(firm.root("contacts") + path).content.decode()
        assert "Edited at the office: what is here is only read." in told
        assert "/edit" not in told
        assert "/new" not in told
    assert anna.get(f"{firm.root('contacts')}/{rid(1)}/edit").status_code == 403
    assert anna.get(f"{firm.root('contacts')}/import").status_code == 403


def test_columns_are_chosen_and_stay_for_the_person_alone(firm: Firm, anna: Client) -> None:
    chosen = anna.post(
        f"{firm.root('contacts')}/columns?q=ett", {"column": ["city", "nothing", "phone"]}
    )
    assert chosen.headers["Location"].endswith("/contacts?q=ett")
    told = signed_in(OWNER).get(firm.root("contacts")).content.decode()
    assert told.count('scope="col"') == 2
    new_member(firm.company, "bo@example.com", Role.STANDARD)
    assert (
        signed_in("bo@example.com").get(firm.root("contacts")).content.decode().count('scope="col"')
        > 2
    )
    anna.post(f"{firm.root('contacts')}/columns", {"column": ["city"], "usual": "yes"})
    assert anna.get(firm.root("contacts")).content.decode().count('scope="col"') > 2


def test_a_copy_is_a_new_record_without_number_and_files(firm: Firm, anna: Client) -> None:
    form = anna.get(f"{firm.root('contacts')}/new?copy={rid(1)}").content.decode()
    assert 'value="Malmö"' in form
    assert "Take the file away" not in form
    answer = anna.post(
        f"{firm.root('contacts')}/new?copy={rid(1)}",
        {"v:name": "Två AB", "was:name": "", "v:city": "Malmö", "was:city": ""},
    )
    assert answer.status_code == 302
    assert [(c["name"], c["contact_no"]) for c in firm.all("contacts")] == [
        ("Ett AB", 1),
        ("Två AB", None),
    ]
    assert "number pending" in anna.get(answer.headers["Location"]).content.decode()


def test_what_lost_stands_in_the_history_and_is_written_once_more_from_there(
    firm: Firm, anna: Client
) -> None:
    at = "2026-11-24T12:00:00.000000+00:00"
    told = {"type": "contacts", "record_id": rid(1), "company_id": firm.company.pk, "at": at}
    Change.objects.create(
        seq=7,
        action="update",
        source="office",
        fields='{"city":["Lund","Malmö"]}',
        batch=12,
        connection="c",
        **told,
    )
    Conflict.objects.create(
        office_seq=7, no=0, field="city", base='"Ystad"', office='"Malmö"', online='"Lund"', online_seq=5,
        online_by=OWNER, kept="office", outcome="office_value", **told,
    )  # fmt: skip
    card = f"{firm.root('contacts')}/{rid(1)}"
    page = anna.get(f"{card}/history").content.decode()
    assert "sync 12" in page
    assert "“Malmö” and that stands. Online it was “Lund”" in page
    (again,) = re.findall(r'action="([^"]+/again)"', page)
    anna.post(again)
    assert firm.all("contacts")[0]["city"] == "Lund"
    assert "/again" not in anna.get(f"{card}/history").content.decode()
    new_member(firm.company, "bo@example.com", Role.READ_ONLY)
    assert "Lund" in signed_in("bo@example.com").get(f"{card}/history").content.decode()


def test_an_open_card_looks_anew_until_the_office_has_taken_the_change(
    firm: Firm, anna: Client
) -> None:
    card = f"{firm.root('contacts')}/{rid(1)}"
    assert 'hx-trigger="every' not in anna.get(card).content.decode().split("<main")[1]
    assert anna.post(f"{card}/edit", {"was:city": "Malmö", "v:city": "Lund"}).status_code == 302
    again = anna.get(card, headers={"HX-Request": "true"})
    told = again.content.decode()
    assert f'hx-get="{card}" hx-trigger="every 2s"' in told
    assert "<main" not in told, "a part of the page"
    assert "HX-Trigger" not in again.headers
    with writing():
        progress.note_taken(firm.tenant, 0, 1000, NOW.isoformat())
    taken = anna.get(card, headers={"HX-Request": "true"})
    assert "taken by the office" in taken.content.decode()
    assert "every" not in taken.content.decode()
    assert taken.headers["HX-Trigger"] == "came-through"
