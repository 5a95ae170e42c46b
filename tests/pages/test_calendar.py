"""The calendar's pages: what is shown of a week, a month, a day, and where a new record begins."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.online.companies.models import Role
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import new_member, signed_in


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put("contacts", (1, {"name": "Ett AB"}))
    made.put(
        "activities",
        (11, {"subject": "Monday", "starts_at": "2026-11-23 09:00", "contact_no": rid(1)}),
        (12, {"subject": "Sunday night", "starts_at": "2026-11-29T22:30:00Z"}),
        (13, {"subject": "Next week", "starts_at": "2026-11-30 08:00"}),
        (14, {"subject": "Long fair", "starts_at": "2026-11-01 08:00", "ends_at": "2026-11-26 17:00", "all_day": 1}),
        (15, {"subject": "Undated", "starts_at": "some day"}),
    )  # fmt: skip
    made.put("orders", (21, {"contact_no": rid(1), "order_date": "2026-11-24"}))
    return made


def shown(page: str) -> set[str]:
    return set(re.findall(r'class="entry[^>]*>.*?<span>([^<]+)</span></a>', page, re.DOTALL))


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("view=week&on=2026-11-25", {"Monday", "Sunday night", "Long fair"}),
        ("view=day&on=2026-11-23", {"Monday", "Long fair"}),
        ("view=month&on=2026-11-01", {"Monday", "Sunday night", "Next week", "Long fair"}),
        ("view=week&on=2026-11-25&q=sunday", {"Sunday night"}),
        (f"view=week&on=2026-11-25&where=contact_no:eq:{rid(1)}", {"Monday"}),
        ("view=week&on=1970-01-01", set()),
        ("view=nothing&on=never", None),
        ("view=week&on=9999-12-31", None),
    ],
)
def test_a_calendar_shows_what_is_in_its_days(
    firm: Firm, told: str, wanted: set[str] | None
) -> None:
    answer = signed_in(OWNER).get(f"{firm.root('activities')}/calendar?{told}")
    assert answer.status_code == 200
    if wanted is not None:
        assert shown(answer.content.decode()) == wanted


def test_a_register_of_days_has_a_calendar_and_one_without_has_none(firm: Firm) -> None:
    anna = signed_in(OWNER)
    page = anna.get(f"{firm.root('orders')}/calendar?on=2026-11-25").content.decode()
    assert shown(page) == {"21"}
    assert "in-days" in page
    assert "/orders/calendar" in anna.get(firm.root("orders")).content.decode()
    assert anna.get(f"{firm.root('products')}/calendar").status_code == 302
    assert "/products/calendar" not in anna.get(firm.root("products")).content.decode()


def test_a_new_record_begins_where_it_was_chosen(firm: Firm) -> None:
    anna = signed_in(OWNER)
    page = anna.get(f"{firm.root('activities')}/calendar?on=2026-11-25").content.decode()
    slot = next(
        url
        for url in re.findall(r'class="slot[^"]*" href="([^"]+)"', page)
        if "starts_at=2026-11-23T13" in url
    )
    form = anna.get(slot.replace("&amp;", "&")).content.decode()
    assert re.search(r'name="v:starts_at" value="2026-11-\d\dT13:00"', form)
    assert re.search(r'name="v:ends_at" value="2026-11-\d\dT14:00"', form)


def test_who_may_only_read_is_offered_no_slots(firm: Firm) -> None:
    new_member(firm.company, "bo@example.com", Role.READ_ONLY)
    page = signed_in("bo@example.com").get(f"{firm.root('activities')}/calendar?on=2026-11-25")
    assert shown(page.content.decode()) == {"Monday", "Sunday night", "Long fair"}
    assert "/new" not in page.content.decode()


def test_a_moment_is_saved_as_its_register_writes_them(firm: Firm) -> None:
    anna, form = signed_in(OWNER), f"{firm.root('activities')}/{rid(12)}/edit"
    page = anna.get(form).content.decode()
    assert 'name="v:starts_at" value="2026-11-29T23:30"' in page, "by the reader's clock"
    anna.post(form, {"was:starts_at": "2026-11-29T23:30", "v:starts_at": "2026-11-29T20:00"})
    anna.post(
        f"{firm.root('activities')}/{rid(11)}/edit",
        {"was:starts_at": "2026-11-23T09:00", "v:starts_at": "2026-11-23T10:00"},
    )
    told = {a["subject"]: a["starts_at"] for a in firm.all("activities")}
    assert told["Sunday night"] == "2026-11-29 19:00:00Z"
    assert told["Monday"] == "2026-11-23 10:00:00"


def test_a_calendar_costs_as_many_queries_for_many_records_as_for_few(firm: Firm) -> None:
    anna = signed_in(OWNER)
    anna.get(f"{firm.root('activities')}/calendar?on=2026-11-25")
    costs = []
    for numbers in (range(100, 102), range(102, 300)):
        firm.put(
            "activities",
            *(
                (
                    n,
                    {
                        "subject": f"A{n}",
                        "starts_at": f"2026-11-2{n % 7 + 3} 1{n % 10}:00",
                        "contact_no": rid(1),
                    },
                )
                for n in numbers
            ),
        )
        with CaptureQueriesContext(connection) as told:
            anna.get(f"{firm.root('activities')}/calendar?on=2026-11-25")
        costs.append(len(told))
    assert costs[0] == costs[1]
