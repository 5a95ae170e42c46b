"""People are told what became of their own work: once, in the list and by letter, and nobody else is."""

from __future__ import annotations

import datetime
from contextlib import suppress

import pytest
from django.utils import timezone

from samsyn.core.cells import Cell
from samsyn.core.changes import Operation
from samsyn.core.merge import office_put
from samsyn.online.companies.accounts import keep_former_address
from samsyn.online.companies.membership import remove
from samsyn.online.companies.models import Company, Member, OwnRole, Person, Role
from samsyn.online.mail.models import OutgoingMail
from samsyn.online.notices import courier, inbox, settings
from samsyn.online.notices.inbox import Notice
from samsyn.online.notices.settings import Way, due, zone_of
from samsyn.records.befalling import Fate
from samsyn.records.reapply import reapply
from samsyn.records.tenant import Tenant, writing
from samsyn.records.unit import Source, company_unit
from tests.pages.people import new_company, new_member, signed_in
from tests.records.office import AT, Office, rid

OWNER, OTHER = "owner@example.com", "other@example.com"
MORNING = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.UTC)


@pytest.fixture
def company(service_on_both: None) -> Company:
    made = new_company("Ett AB", OWNER)
    new_member(made, OTHER, Role.STANDARD)
    return made


@pytest.fixture
def office(company: Company) -> Office:
    made = Office.paired(Tenant(company.pk))
    made.hello()
    made.load(last=True)
    made.push(*(made.new(n, name=f"Kund {n}") for n in range(1, 6)))
    return made


def write(company: Company, number: int, by: str = OWNER, **fields: Cell) -> None:
    with company_unit(Tenant(company.pk), Source.WEB, by, AT) as unit:
        unit.edit(rid(number), fields)


def delete(company: Company, number: int, by: str = OWNER) -> None:
    with company_unit(Tenant(company.pk), Source.WEB, by, AT) as unit:
        unit.delete(rid(number))


def told(company: Company, email: str = OWNER) -> list[Notice]:
    return inbox.listed(Tenant(company.pk), Person.objects.get(email=email).pk, 100)


def fates(company: Company, email: str = OWNER) -> list[Fate]:
    return [one.fate for one in told(company, email)]


def wish(company: Company, way: Way, email: str = OWNER, language: str = "en") -> None:
    with writing():
        settings.choose(Tenant(company.pk), Person.objects.get(email=email).pk, way, language)


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("pk"))


def test_who_was_overridden_is_told_and_nobody_else(company: Company, office: Office) -> None:
    write(company, 1, phone="1", name="Ny")
    write(company, 2, OTHER, phone="2")
    office.push(office.put(1, phone="9", name="Nyare"), office.put(2, phone="9"))
    assert fates(company) == fates(company, OTHER) == [Fate.OVERRIDDEN]
    assert [one.record for one in told(company, OTHER)] == [rid(2)]


def test_the_same_news_is_told_once_however_often_it_comes(
    company: Company, office: Office
) -> None:
    write(company, 1, limit="-1")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "limit"))
    office.push(office.refused(1, Operation.UPDATE, "limit"))
    body = office.batch(office.put(2, phone="9"))
    office.send(body)
    assert fates(company) == [Fate.REFUSED]


def test_a_refusal_after_it_was_settled_is_news_again(company: Company, office: Office) -> None:
    write(company, 1, limit="-1")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "limit"))
    office.push(office.taken(1))
    later = "2026-11-23T11:00:00.000Z"
    with company_unit(Tenant(company.pk), Source.WEB, OWNER, later) as unit:
        unit.edit(rid(1), {"limit": "-2"})
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "limit"))
    assert len(told(company)) in (1, 2)  # the test's office has one clock for all its batches
    assert fates(company)[0] is Fate.REFUSED


def test_a_deleted_record_that_came_back_is_told_with_its_reason(
    company: Company, office: Office
) -> None:
    delete(company, 1)
    office.pull()
    office.push(office.refused(1, Operation.DELETE))
    delete(company, 2)
    office.push(office.put(2, phone="9"))
    assert fates(company) == [Fate.CAME_BACK, Fate.CAME_BACK]
    page = signed_in(OWNER).get(f"/c/{company.pk}/notices").content.decode()
    assert "A record that you had deleted came back." in page
    assert "The office cannot delete it, so it came back." in page
    assert "<q>no</q>" in page
    assert "Deleted online and changed at the office: the record lives." in page
    assert "Delete it all the same" in page


def test_an_edit_of_a_record_that_the_office_deleted_is_told(
    company: Company, office: Office
) -> None:
    write(company, 1, phone="1", name="Ny")
    office.push(office.delete(1))
    assert fates(company) == [Fate.DELETED]
    page = signed_in(OWNER).get(f"/c/{company.pk}/notices").content.decode()
    assert page.count("Bring the record back with what was written") == 1


def test_who_decides_it_himself_is_not_told(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    (conflict,) = told(company)
    reapply(Tenant(company.pk), f"{conflict.about}.0", OWNER, AT)
    assert len(told(company)) == 1


def test_news_of_an_undone_transaction_are_told_to_nobody(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    tenant = Tenant(company.pk)
    with suppress(ZeroDivisionError), company_unit(tenant, Source.OFFICE, None, AT) as unit:
        put = office.put(1, phone="9")
        unit.take(rid(1), office_put(unit.record(rid(1)), put, unit.next_seq, unit.floor))
        unit.flush()
        assert len(told(company)) == 1
        raise ZeroDivisionError
    assert told(company) == []


def test_the_mark_in_the_header_counts_what_is_unread(company: Company, office: Office) -> None:
    for number in (1, 2, 3):
        write(company, number, phone="1")
    office.push(*(office.put(number, phone="9") for number in (1, 2, 3)))
    client = signed_in(OWNER)
    address = f"/c/{company.pk}/notices"
    assert "Notices, 3 unread" in client.get(f"/c/{company.pk}").content.decode()
    first = told(company)[0]
    client.post(f"{address}/read", {"notice": first.id})
    assert "Notices, 2 unread" in client.get(f"{address}/unread").content.decode()
    assert client.get(f"{address}?show=unread").content.decode().count('id="notice-') == 2
    client.post(f"{address}/read")
    assert "Notices, " not in client.get(f"{address}/unread").content.decode()
    assert "Nothing unread" in client.get(f"{address}?show=unread").content.decode()


def test_writing_it_once_more_reads_the_news(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    (one,) = told(company)
    signed_in(OWNER).post(f"/c/{company.pk}/conflicts/{one.about}.0/again")
    assert told(company)[0].read


def test_nobody_reads_or_marks_anothers_news(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    (one,) = told(company)
    stranger = signed_in(OTHER)
    stranger.post(f"/c/{company.pk}/notices/read", {"notice": one.id})
    stranger.post(f"/c/{company.pk}/notices/read")
    assert "Kund 1" not in stranger.get(f"/c/{company.pk}/notices").content.decode()
    assert not told(company)[0].read


def test_news_of_a_register_that_is_hidden_by_now_tell_nothing_of_it(
    company: Company, office: Office
) -> None:
    write(company, 1, phone="hemligt")
    office.push(office.put(1, phone="9"))
    role = OwnRole.objects.create(company=company, name="R", levels={}, created=timezone.now())
    new_member(company, "boss@example.com", Role.SUPERUSER)
    rows = Member.objects.filter(company=company, person__email=OWNER)
    rows.update(role=Role.OWN, own_role=role.id)
    page = signed_in(OWNER).get(f"/c/{company.pk}/notices").content.decode()
    assert "a record in a register that you do not see" in page
    assert "hemligt" not in page
    assert "Kund 1" not in page
    wish(company, Way.AT_ONCE)
    write(company, 2, phone="hemligt")
    office.push(office.put(2, phone="9"))
    courier.write_due(timezone.now())
    assert "hemligt" not in letters()[-1].text


def test_a_letter_tells_both_values_in_the_language_that_was_chosen(
    company: Company, office: Office
) -> None:
    wish(company, Way.AT_ONCE, language="sv")
    write(company, 1, phone="08-1")
    office.push(office.put(1, phone="08-9"))
    assert courier.write_due(timezone.now()) == 1
    (letter,) = letters()
    assert letter.to == OWNER
    assert "Ett AB" in letter.subject
    assert "2026-11-23 11:00" in letter.text  # as Swedish writes it, in Stockholm's time
    for words in (
        "08-1",
        "08-9",
        OWNER,
        "DESK-1",
        f"https://samsyn.example/c/{company.pk}/notices",
    ):
        assert words in letter.text
    assert courier.write_due(timezone.now() + datetime.timedelta(days=2)) == 0


def test_a_flood_becomes_one_letter_and_the_next_comes_later(
    company: Company, office: Office
) -> None:
    wish(company, Way.AT_ONCE)
    now = timezone.now()
    for number in (1, 2, 3, 4, 5):
        write(company, number, phone="1")
        office.push(office.put(number, phone="9"))
    assert courier.write_due(now) == 1
    assert "5 notices" in letters()[0].subject
    write(company, 1, name="x")
    with company_unit(Tenant(company.pk), Source.WEB, OTHER, settings.text(now)) as unit:
        unit.edit(rid(1), {"name": "y"})
    write(company, 2, name="x")
    office.push(office.put(2, name="z"))
    tenant, person = Tenant(company.pk), Person.objects.get(email=OWNER).pk
    due_at = tenant.row(
        "SELECT next_letter FROM notice_setting WHERE company_id = %(company)s"
        " AND person_id = %(person)s",
        person=person,
    )
    assert due_at is not None
    assert due_at[0] == settings.text(now + settings.PAUSE)
    assert courier.write_due(now + datetime.timedelta(minutes=9)) == 0
    assert courier.write_due(now + datetime.timedelta(minutes=10)) == 1
    assert "1 notice" in letters()[1].subject


def test_who_wants_no_letter_gets_none_and_an_old_letter_is_not_made_up_for(
    company: Company, office: Office
) -> None:
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    assert courier.write_due(timezone.now()) == 0
    wish(company, Way.AT_ONCE)
    assert courier.write_due(timezone.now()) == 0
    wish(company, Way.LIST)
    write(company, 2, phone="1")
    office.push(office.put(2, phone="9"))
    assert courier.write_due(timezone.now()) == 0
    assert letters() == []


def test_what_was_read_meanwhile_needs_no_letter(company: Company, office: Office) -> None:
    wish(company, Way.DAILY)
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    signed_in(OWNER).post(f"/c/{company.pk}/notices/read")
    assert courier.write_due(timezone.now() + datetime.timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("way", "now", "last", "at"),
    [
        (Way.LIST, MORNING, None, None),
        (Way.AT_ONCE, MORNING, None, "2026-11-23T06:00:00.000Z"),
        (Way.AT_ONCE, MORNING, "2026-11-23T05:55:00.000Z", "2026-11-23T06:05:00.000Z"),
        (Way.AT_ONCE, MORNING, "2026-11-22T05:55:00.000Z", "2026-11-23T06:00:00.000Z"),
        # Seven in the morning of Stockholm is six of UTC in winter.
        (Way.DAILY, MORNING, None, "2026-11-24T06:00:00.000Z"),
        (Way.DAILY, MORNING - datetime.timedelta(seconds=1), None, "2026-11-23T06:00:00.000Z"),
    ],
)
def test_a_letter_is_due_by_the_way_that_was_chosen(
    way: Way, now: datetime.datetime, last: str | None, at: str | None
) -> None:
    assert due(way, now, last, zone_of("Europe/Stockholm")) == at


def test_an_unknown_time_zone_is_the_services_own() -> None:
    assert zone_of("Nowhere/At/All").key == zone_of("").key


def test_a_sync_with_very_many_losses_fills_the_list_with_few(
    company: Company, office: Office
) -> None:
    tenant = Tenant(company.pk)
    numbers = range(100, 100 + 230)
    office.push(*(office.new(n, name=f"K{n}") for n in numbers))
    with company_unit(tenant, Source.IMPORT, OWNER, AT) as unit:
        for number in numbers:
            unit.edit(rid(number), {"phone": "1"})
    office.push(*(office.put(number, phone="9") for number in numbers))
    listed = inbox.listed(tenant, Person.objects.get(email=OWNER).pk, 1_000)
    assert len(listed) == 200
    assert sum(one.beyond for one in listed) == 30
    page = signed_in(OWNER).get(f"/c/{company.pk}/notices").content.decode()
    assert "Notices, 99+ unread" in page
    assert "And 30 more from the same sync" in page


def test_nothing_is_kept_for_who_has_left(company: Company, office: Office) -> None:
    wish(company, Way.DAILY, OTHER)
    write(company, 1, OTHER, phone="1")
    office.push(office.put(1, phone="9"))
    remove(company, Person.objects.get(email=OTHER).pk)
    tenant = Tenant(company.pk)
    assert tenant.rows("SELECT 1 FROM notice WHERE company_id = %(company)s") == []
    assert tenant.rows("SELECT 1 FROM notice_setting WHERE company_id = %(company)s") == []


def test_old_news_go(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    inbox.drop_old(Tenant(company.pk), AT)
    assert len(told(company)) == 1
    inbox.drop_old(Tenant(company.pk), "2027-06-01T00:00:00.000Z")
    assert told(company) == []


def test_the_list_costs_as_many_statements_for_many_as_for_few(
    company: Company, office: Office
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(OWNER)
    costs = []
    for numbers in ((1,), (2, 3, 4, 5)):
        for number in numbers:
            write(company, number, phone="1")
            office.push(office.put(number, phone="9"))
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/c/{company.pk}/notices")
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_card_tells_what_befell_the_readers_own_work(company: Company, office: Office) -> None:
    from samsyn.online.companies.rights import rights_of
    from samsyn.online.registers.book import book_for

    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    for email, number in ((OWNER, 1), (OTHER, 0)):
        member = Member.objects.select_related("person").get(company=company, person__email=email)
        book = book_for(company.pk, member.person, rights_of(member))
        assert len(book.notes("customer", rid(1))) == number


def test_who_has_another_address_by_now_is_still_told(company: Company, office: Office) -> None:
    write(company, 1, phone="1")
    person = Person.objects.get(email=OWNER)
    Person.objects.filter(pk=person.pk).update(email="new@example.com")
    keep_former_address(person, OWNER)
    office.push(office.put(1, phone="9"))
    assert fates(company, "new@example.com") == [Fate.OVERRIDDEN]


def test_an_address_that_is_somebody_elses_by_now_tells_him_alone(
    company: Company, office: Office
) -> None:
    keep_former_address(Person.objects.get(email=OTHER), OWNER)
    write(company, 1, phone="1")
    office.push(office.put(1, phone="9"))
    assert fates(company) == [Fate.OVERRIDDEN]
    assert fates(company, OTHER) == []


def _parts(company: Company, number: int, email: str = OWNER) -> tuple[str, str]:
    """A record's card and its history."""
    card, reader = f"/c/{company.pk}/r/customer/{rid(number)}", signed_in(email)
    return tuple(reader.get(path).content.decode() for path in (card, f"{card}/history"))  # type: ignore[return-value]  # two


def test_the_card_of_what_was_refused_does_not_say_that_it_waits(
    company: Company, office: Office
) -> None:
    write(company, 1, limit="-1")
    office.pull()
    office.push(office.refused(1, Operation.UPDATE, "limit"))
    for email in (OWNER, OTHER):
        card, _history = _parts(company, 1, email)
        assert "refused by the office" in card
        assert "waits for the office" not in card
        assert "has not taken all changes yet" not in card
        assert ("It lies in quarantine" in card) == (email == OTHER), "who wrote it is told more"


def test_the_card_of_what_came_back_says_so_in_words(company: Company, office: Office) -> None:
    delete(company, 1)
    deleted = signed_in(OTHER).get(f"/c/{company.pk}").content.decode()
    assert "<span>customer 1</span>" in deleted, "what is gone is still called by its name"
    office.pull()
    office.push(office.refused(1, Operation.DELETE))
    card, history = _parts(company, 1)
    assert "A record that you had deleted came back." in card
    assert "Saved here" not in card
    assert "Come back" in history
    assert "it came back" in history
    assert "The office cannot delete it, so it came back." in history
    assert "Delete it all the same" in history
    assert "revive" not in history


def test_a_record_stands_once_among_the_latest_changes(company: Company, office: Office) -> None:
    for phone in ("1", "2", "3"):
        write(company, 4, phone=phone)
    answer = signed_in(OWNER).get(f"/c/{company.pk}/panels/changes", headers={"HX-Request": "true"})
    assert answer.content.decode().count(f"/{rid(4)}") == 1
