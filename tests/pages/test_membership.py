"""Who is in a company: never without a superuser, invitations good once."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from samsyn.core.errors import SamsynError
from samsyn.online.companies import invitations
from samsyn.online.companies.membership import change_role, remove
from samsyn.online.companies.models import Company, Invitation, Member, Person, Role
from samsyn.online.errors import BadInvitation, LastSuperuser, MemberAlready
from samsyn.online.people.erasing import erase
from tests.pages.people import (
    NOW,
    PASSWORD,
    STANDARD,
    SUPERUSER,
    new_company,
    new_member,
    new_person,
    signed_in,
)


def superusers(company: Company) -> int:
    return Member.objects.filter(company=company, role=Role.SUPERUSER).count()


@pytest.mark.parametrize("way", ["step down", "leave", "delete the id"])
def test_two_superusers_who_step_down_at_once_leave_one(service_on_both: None, way: str) -> None:
    company = new_company("Ett AB", "a@example.com")
    people = [Person.objects.get(email="a@example.com")]
    people.append(new_member(company, "b@example.com", Role.SUPERUSER))
    start = threading.Barrier(2)
    refused: list[str] = []

    def go(person: Person) -> None:
        start.wait()
        try:
            match way:
                case "step down":
                    change_role(company, person.pk, STANDARD)
                case "leave":
                    remove(company, person.pk)
                case _:
                    if not erase(person):
                        refused.append(person.pk)
        except LastSuperuser:
            refused.append(person.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert superusers(company) == 1
    assert len(refused) == 1


def test_a_member_is_no_other_companys(service: None) -> None:
    one, other = new_company("Ett AB", "a@example.com"), new_company("Två AB", "b@example.com")
    stranger = Person.objects.get(email="b@example.com")
    with pytest.raises(SamsynError):
        change_role(one, stranger.pk, STANDARD)
    with pytest.raises(SamsynError):
        remove(one, stranger.pk)
    assert superusers(other) == 1


def why(token: str, at: datetime.datetime = NOW) -> str:
    with pytest.raises(BadInvitation) as told:
        invitations.find(token, at)
    return str(told.value.facts["why"])


def test_an_invitation_is_good_once_for_its_address_and_for_14_days(service: None) -> None:
    company = new_company("Ett AB", "a@example.com")
    guest, other = new_person("guest@example.com"), new_person("other@example.com")
    made, token = invitations.invite(company, "Guest@Example.com ", STANDARD, "", "a", NOW)
    assert why(token[:-1]) == why(token + "x") == why("") == why("x_y_z") == "unknown"
    assert why(token.replace(made.id, "a" * 12)) == "unknown"
    assert why(token, NOW + datetime.timedelta(days=14)) == "lapsed"
    with pytest.raises(BadInvitation, match="other"):
        invitations.accept(token, other, NOW)
    assert invitations.accept(token, guest, NOW) == company
    assert why(token) == "used"
    with pytest.raises(BadInvitation):
        invitations.accept(token, guest, NOW)
    assert Member.objects.get(company=company, person=guest).role == Role.STANDARD
    with pytest.raises(MemberAlready):
        invitations.invite(company, "guest@example.com", STANDARD, "", "a", NOW)
    assert token not in str(list(Invitation.objects.values()))


def test_sending_again_withdrawing_and_inviting_anew_end_the_earlier_link(service: None) -> None:
    company = new_company("Ett AB", "a@example.com")
    made, first = invitations.invite(company, "guest@example.com", STANDARD, "", "a", NOW)
    later = NOW + datetime.timedelta(days=20)
    made.company = company
    second = invitations.again(made, later)
    assert why(first, later) == "unknown"
    assert invitations.find(second, later).email == "guest@example.com"
    _, third = invitations.invite(company, "guest@example.com", SUPERUSER, "", "a", later)
    assert why(second, later) == "withdrawn"
    invitations.withdraw(company, invitations.find(third, later).id, later)
    assert why(third, later) == "withdrawn"


def test_an_invitation_takes_nothing_away_from_a_member(service: None) -> None:
    company = new_company("Ett AB", "a@example.com")
    _, token = invitations.invite(company, "b@example.com", STANDARD, "", "a", NOW)
    member = new_member(company, "b@example.com", Role.SUPERUSER)
    invitations.accept(token, member, NOW)
    assert superusers(company) == 2


def test_two_who_accept_at_once_make_one_member(service_on_both: None) -> None:
    company = new_company("Ett AB", "a@example.com")
    guest = new_person("guest@example.com")
    _, token = invitations.invite(company, guest.email, STANDARD, "", "a", NOW)
    start, told = threading.Barrier(2), []

    def go() -> None:
        start.wait()
        try:
            told.append(invitations.accept(token, guest, NOW).pk)
        except BadInvitation as error:
            told.append(str(error.facts["why"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == sorted([company.pk, "used"])
    assert Member.objects.filter(company=company, person=guest).count() == 1


def test_a_newcomer_with_a_weak_password_stays_outside(service: None) -> None:
    company = new_company("Ett AB", "a@example.com")
    _, token = invitations.invite(company, "new@example.com", STANDARD, "", "a", timezone.now())
    client = Client()
    answer = client.post(f"/invitation/{token}", {"name": "Nils", "password": "new@example.com"})
    assert b"too similar" in answer.content
    assert not Person.objects.filter(email="new@example.com").exists()
    answer = client.post(f"/invitation/{token}", {"name": "Nils", "password": PASSWORD})
    assert answer["Location"] == f"/c/{company.pk}"
    assert client.get(f"/c/{company.pk}").status_code == 200


def test_the_link_of_an_invitation_changes_no_password_of_somebody_with_an_id(
    service: None,
) -> None:
    company = new_company("Ett AB", "a@example.com")
    new_person("known@example.com")
    _, token = invitations.invite(company, "known@example.com", STANDARD, "", "a", timezone.now())
    Client().post(f"/invitation/{token}", {"name": "Evil", "password": "another password here"})
    signed_in("known@example.com")
    assert not Member.objects.filter(person__email="known@example.com").exists()
