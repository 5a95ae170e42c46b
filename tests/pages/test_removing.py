"""Taking records out of use, and deleting them with what depends on them shown."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.core.catalog import Field, KeyGiver, Kind, RecordType
from samsyn.online.companies.models import Role
from samsyn.webkit.registers.activeness import activeness_of
from tests.pages.firm import OWNER, Firm, rid
from tests.pages.people import new_member, signed_in


@pytest.fixture
def firm(service: None) -> Firm:
    made = Firm()
    made.put("contacts", (1, {"name": "Ett AB", "blocked": 0}), (2, {"name": "Två AB"}))
    made.put(
        "persons", *((10 + n, {"name": f"Person {n}", "contact_no": rid(1)}) for n in range(9))
    )
    return made


def test_a_record_is_taken_out_of_use_and_into_it_again(firm: Firm) -> None:
    anna, card = signed_in(OWNER), f"{firm.root('contacts')}/{rid(1)}"
    assert "Take out of use" in anna.get(card).content.decode()
    anna.post(f"{card}/switch", {"on": "no"})
    assert firm.all("contacts")[0]["blocked"] == 1
    told = anna.get(card).content.decode()
    assert "out of use" in told
    assert "Take into use" in told
    anna.post(f"{card}/switch", {"on": "yes"})
    assert firm.all("contacts")[0]["blocked"] == 0


def test_only_who_may_write_takes_out_of_use(firm: Firm) -> None:
    new_member(firm.company, "bo@example.com", Role.READ_ONLY)
    bo, card = signed_in("bo@example.com"), f"{firm.root('contacts')}/{rid(1)}"
    assert bo.post(f"{card}/switch", {"on": "no"}).status_code == 403
    assert "Take out of use" not in bo.get(card).content.decode()
    assert signed_in(OWNER).post(f"{firm.root('persons')}/{rid(10)}/switch").status_code == 403


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("active",), ("active", True)),
        (("discontinued",), ("discontinued", False)),
        (("Aktiv",), ("Aktiv", True)),
        (("is_archived",), ("is_archived", False)),
        (("active", "blocked"), None),
        (("activated_by_mail",), None),
        ((), None),
    ],
)
def test_one_yes_or_no_field_tells_whether_a_record_is_in_use(
    names: tuple[str, ...], told: tuple[str, bool] | None
) -> None:
    fields = tuple(Field(name, Kind.BOOLEAN, "BOOLEAN") for name in names)
    text = Field("inactive", Kind.TEXT, "TEXT")
    found = activeness_of(RecordType("t", 1, "t", ("id",), KeyGiver.OFFICE, (*fields, text)))
    assert (None if found is None else (found.field.name, found.on)) == told


def test_what_depends_on_a_record_is_shown_before_it_is_deleted(firm: Firm) -> None:
    anna: Client = signed_in(OWNER)
    told = anna.get(f"{firm.root('contacts')}/{rid(1)}/delete").content.decode()
    assert "Person 4" in told
    assert "Person 5" not in told, "the first ones, and where all are"
    assert "cannot be without it" in told
    assert "Take out of use instead" in told
    told = anna.get(f"{firm.root('contacts')}/{rid(2)}/delete").content.decode()
    assert "Nothing refers to it." in told
    anna.post(f"{firm.root('contacts')}/{rid(2)}/delete")
    assert [c["name"] for c in firm.all("contacts")] == ["Ett AB"]
