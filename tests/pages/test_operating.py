"""The operator's pages: for operators with a second factor alone, with nothing of any register, every act logged."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from samsyn.online.companies.models import Company, Person, Role
from samsyn.online.operating import chores, operators
from samsyn.online.operating.models import Act, Care
from samsyn.records.connections import connections
from samsyn.records.tenant import Tenant
from tests.pages.people import PASSWORD, new_company, new_member, new_person, signed_in
from tests.records.office import Office

pytestmark = pytest.mark.usefixtures("service")


def operator(email: str = "drift@example.com") -> Client:
    """An operator at his browser, with a second factor."""
    person = new_person(email)
    operators.grant(email, "test", timezone.now())
    client = signed_in(email)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return client


def shop() -> Company:
    company = new_company("Norrsken Handel AB", "anna@example.com")
    office = Office.paired(Tenant(company.pk))
    office.hello()
    office.push(office.new(1, name="Hemlig Kund AB"))
    return company


def acts() -> list[tuple[str, str]]:
    found = Act.objects.exclude(by="test").order_by("pk")
    return list(found.values_list("what", "name"))


def test_without_a_second_factor_an_operator_is_sent_to_add_one() -> None:
    new_person("drift@example.com")
    client = signed_in("drift@example.com")
    assert client.get("/operator").status_code == 404
    operators.grant("drift@example.com", "test", timezone.now())
    answer = client.get("/operator")
    assert answer.status_code == 403
    assert "/id/second-factor" in answer.content.decode()
    operators.revoke("drift@example.com", "test", timezone.now())
    assert client.get("/operator").status_code == 404


def test_companies_are_found_by_name_id_and_members_and_show_nothing_of_their_registers() -> None:
    client, company = operator(), shop()
    new_company("Annat AB", "bo@example.com")
    for words in ("norrsken", company.pk, "ANNA@"):
        page = client.get("/operator", {"q": words}).content.decode()
        assert "Norrsken Handel AB" in page
        assert "Annat AB" not in page
    assert "Annat AB" in client.get("/operator").content.decode()
    assert client.get("/operator", {"q": "ingen sådan"}).status_code == 200
    page = client.get(f"/operator/companies/{company.pk}").content.decode()
    assert "DESK-1" in page
    assert "anna@example.com" in page
    assert "Hemlig Kund" not in page
    assert client.get("/operator/companies/aaaaaaaaaaaa").status_code == 404
    assert client.get(f"/c/{company.pk}").status_code == 404


def test_a_suspended_company_says_why_to_its_members_and_its_data_can_still_be_taken() -> None:
    client, company = operator(), shop()
    anna = signed_in("anna@example.com")
    path = f"/operator/companies/{company.pk}"
    assert client.get(f"{path}/suspend").status_code == 200
    client.post(f"{path}/suspend", {"why": "Fakturan är inte betald."})
    answer = anna.get(f"/c/{company.pk}")
    assert answer.status_code == 403
    assert "Fakturan är inte betald." in answer.content.decode()
    assert anna.get(f"/c/{company.pk}/r/customer").status_code == 403
    assert ">suspended</span>" in anna.get("/companies").content.decode().replace("</svg>", ">")
    data = anna.get(f"/c/{company.pk}/data")
    assert data.status_code == 200
    for told in (
        answer,
        data,
    ):  # neither leads to what is closed, nor asks for it while it stands open
        assert "hx-get" not in told.content.decode()
        assert f"/c/{company.pk}/r/" not in told.content.decode()
        assert f"/c/{company.pk}/data" in told.content.decode()
    assert "Fakturan" in client.get(path).content.decode()
    client.post(f"{path}/resume")
    assert anna.get(f"/c/{company.pk}").status_code == 200
    assert acts() == [("suspended", company.name), ("resumed", company.name)]


def test_name_period_and_end_are_set_within_their_limits() -> None:
    client, company = operator(), shop()
    path = f"/operator/companies/{company.pk}"
    client.post(f"{path}/rename", {"name": "Norrsken AB"})
    assert Company.objects.get(pk=company.pk).name == "Norrsken AB"
    assert client.post(f"{path}/keep", {"days": "30"}).status_code == 200
    client.post(f"{path}/keep", {"days": "365"})
    yesterday = timezone.now().date() - datetime.timedelta(days=1)
    assert client.post(f"{path}/end", {"day": yesterday.isoformat()}).status_code == 200
    client.post(f"{path}/end", {"day": "2999-12-31"})
    care = Care.objects.get(pk=company.pk)
    assert (care.keep_days, str(care.delete_at)) == (365, "2999-12-31 22:59:59+00:00")
    anna = signed_in("anna@example.com")
    assert "31 December 2999" in anna.get(f"/c/{company.pk}/members").content.decode()
    client.post(f"{path}/stay")
    assert Care.objects.get(pk=company.pk).delete_at is None


def test_a_connection_is_ended_and_storage_measured() -> None:
    client, company = operator(), shop()
    (one,) = connections(Tenant(company.pk))
    client.post(f"/operator/companies/{company.pk}/connections/{one.id}/end")
    assert connections(Tenant(company.pk))[0].revoked
    client.post(f"/operator/companies/{company.pk}/measure")
    assert Care.objects.get(pk=company.pk).records == 1


def test_people_are_found_unlocked_signed_out_and_closed_but_no_password_is_seen() -> None:
    client, company = operator(), shop()
    bo = new_member(company, "bo@example.com", Role.STANDARD)
    browser = signed_in("bo@example.com")
    assert client.get("/operator/people").status_code == 200
    page = client.get("/operator/people", {"q": "BO@"}).content.decode()
    assert "bo@example.com" in page
    assert "anna@example.com" not in page
    Authenticator.objects.create(user=bo, type=Authenticator.Type.WEBAUTHN, data={})
    person = client.get(f"/operator/people/{bo.pk}").content.decode()
    assert "<dd>passkey</dd>" in person
    assert company.name in person
    assert bo.password not in person
    assert "argon2" not in person
    cache.clear()
    wrong = {"login": bo.email, "password": "fel fel fel fel"}
    answers = [Client().post("/id/sign-in", wrong).content.decode() for _ in range(6)]
    assert "Too many" in answers[-1]
    client.post(f"/operator/people/{bo.pk}/unlock")
    again = Client().post("/id/sign-in", {"login": bo.email, "password": PASSWORD})
    assert again.status_code == 302
    client.post(f"/operator/people/{bo.pk}/sign-out")
    assert browser.get("/companies").status_code == 302
    client.post(f"/operator/people/{bo.pk}/close")
    assert not Person.objects.get(pk=bo.pk).is_active
    client.post(f"/operator/people/{bo.pk}/close")
    assert Person.objects.get(pk=bo.pk).is_active
    drift = Person.objects.get(email="drift@example.com")
    client.post(f"/operator/people/{drift.pk}/close")
    assert Person.objects.get(pk=drift.pk).is_active
    told = [what for what, name in acts() if name == bo.email]
    assert told == ["unlocked", "signed_out", "closed", "opened"]
    assert "Sign-in unlocked" in client.get("/operator/log").content.decode()


def test_health_tells_how_the_service_is() -> None:
    chores.do_due(timezone.now())
    page = operator().get("/operator/health").content.decode()
    for label in ("Measuring storage", "Index of references"):
        assert page.count(f"<dt>{label}</dt>") == 1
    assert "SQLite" in page
    assert "Late" not in page


def test_a_superuser_asks_for_the_end_by_writing_the_companys_name_and_has_it_kept() -> None:
    company = shop()
    new_member(company, "bo@example.com", Role.STANDARD)
    anna, bo = signed_in("anna@example.com"), signed_in("bo@example.com")
    path = f"/c/{company.pk}/data"
    assert bo.get(path).status_code == 403
    assert anna.post(f"{path}/end", {"name": "Något annat"}).status_code == 200
    assert not Care.objects.filter(pk=company.pk).exclude(delete_at=None)
    anna.post(f"{path}/end", {"name": "norrsken handel ab"})
    care = Care.objects.get(pk=company.pk)
    assert care.asked_by == "anna@example.com"
    assert care.delete_at is not None
    days = (care.delete_at - timezone.now()).days
    assert days in (29, 30)
    assert "will be deleted" in bo.get(f"/c/{company.pk}/conflicts").content.decode()
    assert bo.post(f"{path}/stay").status_code == 403
    anna.post(f"{path}/stay")
    assert Care.objects.get(pk=company.pk).delete_at is None
    assert bo.post(f"{path}/export/zip").status_code == 403
    assert anna.get(f"{path}/export/zip").status_code == 405
    assert anna.post(f"{path}/export/exe").status_code == 404
