"""The rights that the office set are shown beside those of the members, with what differs."""

from __future__ import annotations

import msgspec
import pytest
from django.utils import timezone

from samsyn.online.companies import invitations
from samsyn.online.companies.models import Company, OwnRole, Role
from samsyn.online.companies.people_list import Listed, people
from samsyn.protocol import wire
from samsyn.protocol.people import MAX_USERS, OfficeUser, OfficeUsers
from samsyn.protocol.wire import BadBody, BodyTooLarge
from samsyn.records.errors import Fenced
from samsyn.records.office_people import office_people, store
from samsyn.records.tenant import Tenant
from tests.pages.people import STANDARD, new_company, new_member, signed_in
from tests.records.office import AT, Office

OWNER = "owner@example.com"


@pytest.fixture
def company(service_on_both: None) -> Company:
    return new_company("Ett AB", OWNER)


@pytest.fixture
def office(company: Company) -> Office:
    made = Office.paired(Tenant(company.pk))
    made.hello()
    return made


def tell(office: Office, *users: OfficeUser) -> None:
    """As it comes over the wire."""
    message = wire.decode(wire.encode(OfficeUsers(office.fence, users)), OfficeUsers)
    store(office.caller, message, AT)


def line(company: Company, email: str) -> Listed:
    listed, _ = people(Tenant(company.pk), company)
    (found,) = [one for one in listed if one.email == email]
    return found


def test_without_a_word_from_the_office_there_is_nothing_beside(company: Company) -> None:
    assert line(company, OWNER).office is None
    page = signed_in(OWNER).get(f"/c/{company.pk}/members").content.decode()
    assert "At the office" not in page


def test_the_same_rights_are_the_same_and_others_differ_by_register(
    company: Company, office: Office
) -> None:
    role = OwnRole.objects.create(
        company=company, name="Säljare", levels={"customer": "write", "order": "read"},
        created=timezone.now(),
    )  # fmt: skip
    new_member(company, "own@example.com", Role.OWN, role.id)
    new_member(company, "reader@example.com", Role.READ_ONLY)
    tell(
        office,
        OfficeUser("Ägaren", "Owner@Example.com ", superuser=True),
        OfficeUser("Säljaren", "own@example.com", levels={"customer": "full"}, otherwise="read"),
        OfficeUser("Läsaren", "reader@example.com", otherwise="read"),
    )
    same = line(company, OWNER).office
    assert same is not None
    assert same.same
    assert line(company, "reader@example.com").office is not None
    differs = line(company, "own@example.com").office
    assert differs is not None
    assert [(d.register, d.office, d.here, d.more_here) for d in differs.differs] == [
        ("customer", "Everything, also delete", "Make and change", False)
    ]
    page = signed_in(OWNER).get(f"/c/{company.pk}/members").content.decode()
    assert "customer: “Everything, also delete” at the office, “Make and change” here" in page
    assert page.count("Same rights") == 2
    page = signed_in(OWNER).get(f"/c/{company.pk}/members?status=differs").content.decode()
    assert "own@example.com" in page
    assert "reader@example.com" not in page


def test_a_superuser_on_one_side_alone_is_told(company: Company, office: Office) -> None:
    new_member(company, "boss@example.com", Role.STANDARD)
    tell(
        office,
        OfficeUser("Ägaren", OWNER, otherwise="full"),
        OfficeUser("Chefen", "boss@example.com", superuser=True),
    )
    for email, words in (
        (OWNER, "Superuser here, not at the office"),
        ("boss@example.com", "Superuser at the office, not here"),
    ):
        beside = line(company, email).office
        assert beside is not None
        assert beside.superuser_differs
        assert beside.differs == ()
        assert words in signed_in(OWNER).get(f"/c/{company.pk}/members").content.decode()


def test_users_of_the_office_who_are_no_members_are_listed_as_not_invited(
    company: Company, office: Office
) -> None:
    tell(
        office,
        OfficeUser("Bo Ek", "bo@example.com"),
        OfficeUser("Utan adress"),
        OfficeUser("Inbjuden", "in@example.com", otherwise="full"),
    )
    invitations.invite(company, "in@example.com", STANDARD, "", "anna", timezone.now())
    told = [(one.status, one.name, one.email) for one in people(Tenant(company.pk), company)[0]]
    assert told == [
        ("active", OWNER, OWNER),
        ("invited", "Inbjuden", "in@example.com"),
        ("none", "Bo Ek", "bo@example.com"),
    ]


def test_what_the_office_tells_takes_the_place_of_what_it_told_before(
    company: Company, office: Office
) -> None:
    tell(office, OfficeUser("Bo", "bo@example.com"))
    tell(office)
    told = office_people(office.tenant)
    assert told is not None
    assert (told.users, told.computer) == ((), "DESK-1")


def test_one_company_is_told_nothing_of_anothers_users_g9(company: Company, office: Office) -> None:
    tell(office, OfficeUser("Bo", "bo@example.com"))
    other = new_company("Två AB", "two@example.com")
    assert office_people(Tenant(other.pk)) is None
    assert (
        "bo@example.com"
        not in signed_in("two@example.com").get(f"/c/{other.pk}/members").content.decode()
    )


def test_an_office_that_was_succeeded_tells_nothing(company: Company, office: Office) -> None:
    office.fence = 5
    office.hello()
    with pytest.raises(Fenced):
        store(office.caller, OfficeUsers(4, ()), AT)


HOSTILE: list[object] = [
    {"fence": 1, "users": [{"name": "x" * 201}]},
    {"fence": 1, "users": [{"name": "x", "email": "x" * 255}]},
    {"fence": 1, "users": [{"name": "x", "levels": {"orders": "owner"}}]},
    {"fence": 1, "users": [{"name": "x", "levels": {"o" * 201: "read"}}]},
    {"fence": 1, "users": [{"name": "x", "levels": {str(n): "read" for n in range(1_001)}}]},
    {"fence": 1, "users": [{"name": "x"}] * (MAX_USERS + 1)},
    {"fence": 1, "users": [{"name": 7}]},
    {"fence": 1, "users": {}},
    {"users": []},
]


@pytest.mark.parametrize("body", HOSTILE)
def test_what_is_no_such_message_is_refused(body: object) -> None:
    with pytest.raises(BadBody):
        wire.decode(msgspec.json.encode(body), OfficeUsers)


def test_very_much_is_refused_as_a_whole(company: Company, office: Office) -> None:
    levels = {f"{n:0200d}": "read" for n in range(1_000)}
    users = [{"name": "x", "levels": levels}] * 10
    message = wire.decode(msgspec.json.encode({"fence": 1, "users": users}), OfficeUsers)
    with pytest.raises(BodyTooLarge):
        store(office.caller, message, AT)


def test_names_from_outside_are_shown_as_text(company: Company, office: Office) -> None:
    tell(
        office,
        OfficeUser("<script>alert(1)</script>\0\x1b", "evil@example.com"),
        OfficeUser("\0", "\0nul@example.com"),
    )
    page = signed_in(OWNER).get(f"/c/{company.pk}/members").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\0" not in page
    assert "nul@example.com" in page
