"""What a token may do: its scopes, never more than its person's role at that moment."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.online.api.errors import MissingScope, RoleTooLow
from samsyn.online.companies.expiry import moment
from samsyn.online.companies.models import Company, OwnRole, Role
from samsyn.online.companies.scopes import EVERYTHING, READING, Scopes, checked
from samsyn.online.companies.tokens import MOST, Wanted, access_of, create_token, revoke
from samsyn.online.errors import BadExpiry, TooManyTokens, UnknownScope
from samsyn.online.grants import Access
from samsyn.records.errors import UnknownType
from samsyn.webkit.registers.book import May
from tests.pages.people import NOW, new_company, new_member


@pytest.fixture
def company(service: None) -> Company:
    """A company with a superuser."""
    return new_company("Ett AB", "owner@example.com")


def opened(company: Company, email: str, *scopes: str) -> Access:
    """What a new token with these scopes opens."""
    token = create_token(company.pk, email, Wanted(scopes or EVERYTHING), NOW).token
    access = access_of(token, NOW)
    assert access is not None
    return access


@pytest.mark.parametrize(
    ("scopes", "contacts", "orders"),
    [
        (["read"], May.READ, May.READ),
        (["write"], May.WRITE, May.WRITE),
        (["delete"], May.FULL, May.FULL),
        (["write:contacts"], May.WRITE, May.NONE),
        (["read", "delete:contacts"], May.FULL, May.READ),
        (["undo", "conflicts:mend"], May.NONE, May.NONE),
    ],
)
def test_scopes_give_a_level_in_each_register(
    scopes: list[str], contacts: May, orders: May
) -> None:
    given = Scopes(frozenset(scopes))
    assert (given.level("contacts"), given.level("orders")) == (contacts, orders)


def test_mending_includes_reading_and_nothing_else() -> None:
    given = Scopes(frozenset(["conflicts:mend"]))
    assert given.allows("conflicts:read")
    assert given.allows("conflicts:mend")
    assert not given.allows("quarantine:read")
    assert not given.allows("undo")
    assert not Scopes(frozenset(READING)).writes


@pytest.mark.parametrize("names", [[], ["reed"], ["write:"], ["undo:contacts"], ["read:a\0b"]])
def test_a_scope_that_is_none_is_refused(names: list[str]) -> None:
    with pytest.raises(UnknownScope):
        checked(names)


def test_a_token_never_goes_further_than_the_own_role_of_its_person(company: Company) -> None:
    role = OwnRole.objects.create(
        company=company, name="Säljare", levels={"contacts": "write", "orders": "read"}, created=NOW
    )
    new_member(company, "own@example.com", Role.OWN, role.id)
    access = opened(company, "own@example.com")
    levels = [access.level(name) for name in ("contacts", "orders", "wages")]
    assert levels == [May.WRITE, May.READ, May.NONE]
    with pytest.raises(RoleTooLow):
        access.need("contacts", May.FULL)
    with pytest.raises(UnknownType):
        access.need("wages", May.READ)
    assert not access.read_only


def test_a_role_that_is_lowered_lowers_its_tokens_at_once(company: Company) -> None:
    token = create_token(company.pk, "x@example.com", Wanted(EVERYTHING), NOW).token
    members = company.member_set.filter(person__email="x@example.com")
    for role, level in ((Role.READ_ONLY, May.READ), (Role.OWN, May.NONE)):
        members.update(role=role, own_role="gone" if role is Role.OWN else "")
        access = access_of(token, NOW)
        assert access is not None
        assert access.level("contacts") is level
        assert access.read_only
    members.delete()
    assert access_of(token, NOW) is None


def test_a_scope_that_is_missing_is_named(company: Company) -> None:
    access = opened(company, "owner@example.com", "read", "write:contacts")
    access.need("contacts", May.WRITE)
    with pytest.raises(MissingScope) as told:
        access.need("orders", May.WRITE)
    assert told.value.facts["scope"] == "write:orders"
    with pytest.raises(MissingScope):
        access.need_scope("webhooks")


def test_a_token_ends_on_its_day_and_when_it_is_revoked(company: Company) -> None:
    wanted = Wanted(READING, "Lagret", NOW + dt.timedelta(days=1))
    token = create_token(company.pk, "owner@example.com", wanted, NOW).token
    access = access_of(token, NOW)
    assert access is not None
    assert access_of(token, NOW + dt.timedelta(days=1)) is None
    assert revoke(company, access.token, "owner@example.com", NOW)
    assert not revoke(company, access.token, "owner@example.com", NOW)
    assert access_of(token, NOW) is None


@pytest.mark.parametrize("told", ["yesterday", "2026-13-01", "", "99999d"])
def test_a_day_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(BadExpiry):
        moment(told, dt.datetime(9000, 1, 1, tzinfo=dt.UTC))


def test_a_token_does_not_begin_after_its_end(company: Company) -> None:
    for last in (moment("2026-11-23", NOW), moment("9000d", NOW)):
        with pytest.raises(BadExpiry):
            create_token(company.pk, "owner@example.com", Wanted(READING, "", last), NOW)
    ninety = moment("90d", NOW)
    made = create_token(company.pk, "owner@example.com", Wanted(READING, "", ninety), NOW)
    assert made.expires == ninety


def test_nobody_collects_tokens_without_end(company: Company) -> None:
    for _ in range(MOST):
        create_token(company.pk, "owner@example.com", Wanted(READING), NOW)
    with pytest.raises(TooManyTokens):
        create_token(company.pk, "owner@example.com", Wanted(READING), NOW)
