"""The criteria as values: what keeps from connecting, and what is only told."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.office.connection.criteria import (
    Details,
    Facts,
    Fit,
    Libraries,
    Place,
    Reached,
    State,
    Who,
    all_met,
    criteria,
)
from samsyn.office.connection.probing import numbered, version

GOOD = Facts(
    who=Who("Anna", True, True, "Anna Berg", "anna@example.com", True),
    details=Details(True, True, True, True, True),
    registered=True,
    sample=False,
    allowed=None,
    others=(),
    fit=Fit(12),
    service=Reached("https://online.example", ahead_s=0.4),
    sqlite=Libraries((3, 54, 0), (3, 53, 1), wal=True),
)


def changed(**parts: object) -> Facts:
    """The good facts with others in some places: `who__employee=None`."""
    facts = GOOD
    for name, value in parts.items():
        outer, _, inner = name.partition("__")
        told = msgspec.structs.replace(getattr(facts, outer), **{inner: value}) if inner else value
        facts = msgspec.structs.replace(facts, **{outer: told})
    return facts


def test_with_everything_in_order_nothing_keeps_from_connecting() -> None:
    found = criteria(GOOD)
    assert all_met(found)
    assert {one.state for one in found} == {State.MET}
    assert len({one.code for one in found}) == len(found) == 18


@pytest.mark.parametrize(
    ("facts", "unmet", "place"),
    [
        (changed(who__superuser=False), {"SUPERUSER"}, Place.USERS),
        (changed(who__registered=False), {"REGISTERED_USER"}, Place.USERS),
        (
            changed(who__employee=None),
            {"LINKED_TO_EMPLOYEE", "EMPLOYEE_EMAIL"},
            Place.OWN_LINK,
        ),
        (changed(who__email_valid=False), {"EMPLOYEE_EMAIL"}, Place.EMPLOYEE),
        (changed(details__name=False), {"COMPANY_NAME"}, Place.COMPANY),
        (changed(details__address=False), {"COMPANY_ADDRESS"}, Place.COMPANY),
        (changed(details__phone=False), {"COMPANY_PHONE"}, Place.COMPANY),
        (changed(details__email=False), {"COMPANY_EMAIL"}, Place.COMPANY),
        (changed(details__org_no=False), {"COMPANY_ORG_NO"}, Place.COMPANY),
        (changed(registered=False), {"REGISTRATION", "NOT_EVALUATION"}, Place.REGISTRATION),
        (changed(sample=True), {"NOT_SAMPLE"}, Place.DATABASES),
        (changed(allowed=1, others=("Två AB",)), {"ROOM_FOR_ONE_MORE"}, Place.DATABASES),
        (changed(fit__types=0), {"DATABASE_FIT"}, Place.ATTACH),
        (changed(fit__trouble="DATABASE_BUSY"), {"DATABASE_FIT"}, Place.ATTACH),
        (changed(service__why="SERVICE_UNREACHABLE"), {"SERVICE_REACHED"}, Place.SERVICE),
        (changed(sqlite__own=(3, 51, 2)), {"OWN_SQLITE"}, Place.NOWHERE),
    ],
)
def test_each_criterion_keeps_from_connecting_alone(
    facts: Facts, unmet: set[str], place: Place
) -> None:
    found = [one for one in criteria(facts) if one.state is State.UNMET]
    assert {one.code for one in found} == unmet
    assert {one.place for one in found} == {place}
    assert not all_met(criteria(facts))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (changed(service__ahead_s=121.0), "CLOCKS"),
        (changed(service__ahead_s=-3600.0), "CLOCKS"),
        (changed(sqlite__last=(3, 40, 1)), "OTHER_SQLITE"),
    ],
)
def test_clocks_and_another_programs_sqlite_are_told_and_decide_nothing_g8(
    facts: Facts, told: str
) -> None:
    assert {one.code for one in criteria(facts) if one.state is State.TOLD} == {told}
    assert all_met(criteria(facts))


@pytest.mark.parametrize(
    ("text", "safe"),
    [("3.6.23", True), ("3.7.0", False), ("3.51.2", False), ("3.51.3", True), ("3.54.0", True)],
)
def test_the_versions_that_lose_commits_are_those_of_the_wal_reset_race(
    text: str, safe: bool
) -> None:
    assert all_met(criteria(changed(sqlite__own=version(text)))) is safe


def test_outside_wal_an_old_sqlite_is_safe_and_a_server_has_none() -> None:
    quiet = criteria(changed(sqlite=Libraries((3, 54, 0), (3, 40, 1), wal=False)))
    assert {one.state for one in quiet} == {State.MET}
    codes = {one.code for one in criteria(changed(sqlite=Libraries(None, None, wal=False)))}
    assert not codes & {"OWN_SQLITE", "OTHER_SQLITE"}


def test_room_is_counted_where_there_is_a_limit() -> None:
    assert all_met(criteria(changed(allowed=2, others=("Två AB",))))
    assert all_met(criteria(changed(allowed=None, others=("Två AB", "Tre AB"))))


def test_sqlites_number_is_its_version() -> None:
    assert numbered(3051002) == version("3.51.2") == (3, 51, 2)
