"""A form that was begun is not lost: it comes back to the person who wrote it, and to nobody else."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samsyn.online.companies.membership import remove
from samsyn.online.companies.models import Role
from samsyn.webkit import choices, drafts
from samsyn.webkit.drafts import MAX_DRAFTS, FormId
from samsyn.webkit.models import Choice, Draft
from samsyn.webkit.registers.book import Whose
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import new_member, signed_in

NAME = {"was:name": "Ett AB", "v:name": "Ett Aktiebolag"}


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put("contacts", (1, {"name": "Ett AB", "phone": "08-1"}), (2, {"name": "Två AB"}))
    return made


@pytest.fixture
def anna(firm: Firm) -> Client:
    return signed_in(OWNER)


def test_a_form_is_kept_while_it_is_written_and_comes_back_marked(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    kept = anna.post(form, {**NAME, "keep": "auto"}, headers={"HX-Request": "true"})
    assert 'id="draft-state"' in kept.content.decode()
    assert "Draft kept" in kept.content.decode()
    assert firm.all("contacts")[0]["name"] == "Ett AB"
    for page in (anna.get(form), signed_in(OWNER).get(form)):
        told = page.content.decode()
        assert "Your draft from" in told
        assert 'value="Ett Aktiebolag"' in told
    assert "1 draft<" in anna.get(firm.root("contacts")).content.decode()
    assert "draft<" not in anna.get(firm.root("persons")).content.decode()
    assert "You have a draft" in anna.get(f"{firm.root('contacts')}/{rid(1)}").content.decode()
    assert "Ett AB" in anna.get(f"{firm.root()}/drafts").content.decode()


def test_a_draft_ends_when_it_is_saved_or_thrown_away(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    anna.post(form, {**NAME, "keep": "draft"})
    anna.post(form, NAME)
    assert firm.all("contacts")[0]["name"] == "Ett Aktiebolag"
    assert not Draft.objects.exists()
    anna.post(form, {"was:phone": "08-1", "v:phone": "08-2", "keep": "draft"})
    anna.post(form, {"keep": "no"})
    assert not Draft.objects.exists()
    assert firm.all("contacts")[0]["phone"] == "08-1"


def test_a_refused_save_is_kept_without_javascript(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/new"
    refused = anna.post(form, {"v:credit_limit": "mycket", "v:name": "Tre AB"})
    assert refused.status_code == 422
    told = anna.get(form).content.decode()
    assert 'value="mycket"' in told
    assert 'value="Tre AB"' in told


def test_a_draft_that_says_nothing_new_is_forgotten(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    anna.post(form, {**NAME, "keep": "auto"})
    firm.put("contacts", (3, {"name": "Tre"}))
    anna.post(form, {"was:name": "Ett AB", "v:name": "Ett AB", "keep": "auto"})
    assert "Your draft" not in anna.get(form).content.decode()
    assert not Draft.objects.exists()


def test_forms_of_new_records_are_told_apart_by_what_is_given(firm: Firm, anna: Client) -> None:
    plain, of_one = (
        f"{firm.root('persons')}/new",
        f"{firm.root('persons')}/new?v:contact_no={rid(1)}",
    )
    anna.post(of_one, {"v:name": "Bo", "v:contact_no": rid(1), "keep": "draft"})
    assert "Bo" not in anna.get(plain).content.decode()
    assert 'value="Bo"' in anna.get(of_one).content.decode()
    listed = anna.get(f"{firm.root()}/drafts").content.decode()
    assert f"new?v%3Acontact_no={rid(1)}" in listed


def test_what_somebody_changed_meanwhile_is_seen_when_a_draft_is_saved(
    firm: Firm, anna: Client
) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    anna.post(form, {**NAME, "keep": "draft"})
    signed_in(OWNER).post(form, {"was:name": "Ett AB", "v:name": "Ettan AB"})
    anna.post(form, {**NAME, "keep": "draft"})
    assert 'value="Ett AB"' in anna.get(form).content.decode(), "the value that it was written over"
    refused = anna.post(form, NAME)
    assert refused.status_code == 422
    assert "Ettan AB" in refused.content.decode()


def test_a_draft_is_its_writers_alone_and_goes_with_him(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    bo = new_member(firm.company, "bo@example.com", Role.STANDARD)
    his = signed_in("bo@example.com")
    his.post(form, {**NAME, "keep": "draft"})
    assert "Aktiebolag" not in anna.get(form).content.decode()
    assert "Ett AB" not in anna.get(f"{firm.root()}/drafts").content.decode()
    whose = Whose(firm.company.pk, bo.pk)
    choices.choose(whose, "columns contacts", ["name"])
    drafts.keep(Whose("b" * 12, bo.pk), FormId("edit", "x"), {}, timezone.now())
    remove(firm.company, bo.pk)
    assert [d.company_id for d in Draft.objects.all()] == ["b" * 12]
    assert not Choice.objects.exists()


def test_drafts_are_bounded_and_end_after_a_month(service: None) -> None:
    whose, now = Whose("a" * 12, "anna"), timezone.now()
    for n in range(MAX_DRAFTS + 5):
        at = now + datetime.timedelta(minutes=n)
        assert drafts.keep(whose, FormId("edit", "contacts", rid(n)), {"v:name": "x"}, at)
    assert Draft.objects.count() == MAX_DRAFTS
    assert drafts.kept(whose, FormId("edit", "contacts", rid(0)), now) is None
    assert not drafts.keep(whose, FormId("new", "contacts"), {"v:name": "x" * 300_000}, now)
    later = now + datetime.timedelta(days=31)
    assert drafts.listed(whose, later) == []
    drafts.keep(Whose("a" * 12, "bo"), FormId("new", "contacts"), {}, later)
    assert Draft.objects.count() == 1, "the company's old ones are gone"


def test_only_one_table_waits_for_its_import(service: None) -> None:
    whose, now = Whose("a" * 12, "anna"), timezone.now()
    for register in ("contacts", "products"):
        drafts.keep(whose, FormId("import", register), {"rows": ["x" * 300_000]}, now)
    assert [d.register for d in Draft.objects.all()] == ["products"]
    assert drafts.listed(whose, now) == []


def test_a_form_costs_the_same_queries_with_a_draft_as_without(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    anna.get(form)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as told:
            anna.get(form)
        costs.append(len(told))
        anna.post(form, {**NAME, "keep": "auto"})
    assert costs[0] == costs[1]


def test_a_keeping_that_comes_after_the_save_keeps_nothing(firm: Firm, anna: Client) -> None:
    form = f"{firm.root('contacts')}/{rid(1)}/edit"
    assert anna.post(form, NAME).status_code == 302
    anna.post(form, {**NAME, "keep": "auto"}, headers={"HX-Request": "true"})
    assert not Draft.objects.exists()
